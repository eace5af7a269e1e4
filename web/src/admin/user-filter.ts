import type { FormValues } from "../forms/form-values.js";

/** Which accounts; what is left out does not matter. */
export interface UserFilter {
  readonly email?: string;
  readonly role?: "user" | "admin";
  readonly suspended?: boolean;
}

/** Reads what the form above the list asks for. */
export function readUserFilter(values: Pick<FormValues, "text">): UserFilter {
  const email = values.text("email").trim();
  const role = values.text("role");
  const state = values.text("state");
  return {
    ...(email === "" ? {} : { email }),
    ...(role === "user" || role === "admin" ? { role } : {}),
    ...(state === "" ? {} : { suspended: state === "suspended" }),
  };
}
