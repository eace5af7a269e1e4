import type { FormValues } from "../forms/form-values.js";

/** Which accounts; what is left out does not matter. */
export interface UserFilter {
  /** Part of the name or of the address. */
  readonly q?: string;
  readonly role?: "user" | "admin";
  readonly suspended?: boolean;
}

/** Reads what the form above the list asks for. */
export function readUserFilter(values: Pick<FormValues, "text">): UserFilter {
  const q = values.text("q").trim();
  const role = values.text("role");
  const state = values.text("state");
  return {
    ...(q === "" ? {} : { q }),
    ...(role === "user" || role === "admin" ? { role } : {}),
    ...(state === "" ? {} : { suspended: state === "suspended" }),
  };
}
