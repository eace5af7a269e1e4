import type { TemplateResult } from "lit";
import { html } from "lit";

import type { Failure } from "../forms/failure.js";
import { fieldError } from "../forms/failure.js";
import { field } from "../forms/field.js";
import { newPasswordHint, peopleTexts } from "../texts/people.js";

/** Where somebody chooses a password; `name` is what the API calls it. */
export function newPasswordField(
  failure: Failure | null,
  charactersMin: number,
  name = "password",
): TemplateResult {
  return field({
    name,
    label: name === "password" ? peopleTexts.password : peopleTexts.newPassword,
    hint: newPasswordHint(charactersMin),
    type: "password",
    autocomplete: "new-password",
    minLength: charactersMin,
    error: fieldError(failure, name),
  });
}

export function displayNameField(failure: Failure | null, value = ""): TemplateResult {
  return field({
    name: "displayName",
    label: peopleTexts.displayName,
    hint: peopleTexts.displayNameHint,
    autocomplete: "nickname",
    maxLength: 50,
    value,
    error: fieldError(failure, "displayName"),
  });
}

/** `known` is an address that is proven already: password managers keep it beside the password. */
export function addressField(failure: Failure | null, known: string | null = null): TemplateResult {
  return html`${field({
    name: "email",
    label: peopleTexts.address,
    type: "email",
    autocomplete: "username",
    inputMode: "email",
    maxLength: 254,
    value: known ?? "",
    isReadOnly: known !== null,
    error: fieldError(failure, "email"),
  })}`;
}
