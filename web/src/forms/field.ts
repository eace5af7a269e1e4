import type { TemplateResult } from "lit";
import { html, nothing } from "lit";

import { formTexts } from "../texts/forms.js";

interface Labelled {
  /** Also the element's id, so it occurs once in a component. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** What is wrong with it; null while nothing is. */
  readonly error?: string | null;
  readonly isOptional?: boolean;
}

export interface FieldOptions extends Labelled {
  readonly type?: "text" | "email" | "password" | "url" | "number" | "search";
  readonly value?: string;
  readonly autocomplete?: string;
  readonly inputMode?: "numeric" | "email" | "url" | "text";
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly min?: number;
  readonly max?: number;
  readonly hasFocus?: boolean;
  readonly isReadOnly?: boolean;
}

/** A line of text with its label. For forms whose component has `formStyle`. */
export function field(options: FieldOptions): TemplateResult {
  const { name, error, type = "text" } = options;
  return labelled(
    // Nobody takes a search for something that has to be filled in.
    { ...options, isOptional: options.isOptional === true && type !== "search" },
    html`<input
      id=${name}
      name=${name}
      type=${type}
      value=${options.value ?? ""}
      .value=${options.value ?? ""}
      autocomplete=${options.autocomplete ?? "off"}
      autocapitalize=${type === "text" ? "sentences" : "none"}
      spellcheck=${type === "text" ? "true" : "false"}
      inputmode=${options.inputMode ?? nothing}
      maxlength=${options.maxLength ?? nothing}
      minlength=${options.minLength ?? nothing}
      min=${options.min ?? nothing}
      max=${options.max ?? nothing}
      ?autofocus=${options.hasFocus === true}
      ?readonly=${options.isReadOnly === true}
      ?required=${options.isOptional !== true}
      aria-invalid=${error ? "true" : nothing}
      aria-describedby=${describedBy(options)}
    />`,
  );
}

export interface TextAreaOptions extends Labelled {
  readonly value?: string;
  readonly rows?: number;
  readonly maxLength?: number;
}

/** Several lines of text with their label. */
export function textArea(options: TextAreaOptions): TemplateResult {
  const { name, error } = options;
  return labelled(
    options,
    html`<textarea
      id=${name}
      name=${name}
      rows=${options.rows ?? 4}
      maxlength=${options.maxLength ?? nothing}
      ?required=${options.isOptional !== true}
      aria-invalid=${error ? "true" : nothing}
      aria-describedby=${describedBy(options)}
      .value=${options.value ?? ""}
    ></textarea>`,
  );
}

export interface ChoiceOptions extends Labelled {
  readonly value: string;
  /** What can be chosen: [value, words]. */
  readonly choices: readonly (readonly [string, string])[];
}

/** One of several, with its label. */
export function choice(options: ChoiceOptions): TemplateResult {
  const { name, error } = options;
  return labelled(
    { ...options, isOptional: false },
    html`<select
      id=${name}
      name=${name}
      aria-invalid=${error ? "true" : nothing}
      aria-describedby=${describedBy(options)}
    >
      ${options.choices.map(
        ([value, words]) =>
          html`<option value=${value} ?selected=${value === options.value}>${words}</option>`,
      )}
    </select>`,
  );
}

export interface CheckOptions {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value?: string;
  readonly isChecked?: boolean;
}

/** Yes or no. Several with one name and different values are a set: read it with `getAll`. */
export function check(options: CheckOptions): TemplateResult {
  const id = options.value === undefined ? options.name : `${options.name}-${options.value}`;
  return html`<div class="check">
    <input
      id=${id}
      type="checkbox"
      name=${options.name}
      value=${options.value ?? "on"}
      .checked=${options.isChecked === true}
      aria-describedby=${options.hint === undefined ? nothing : `${id}-hint`}
    />
    <label for=${id}>${options.label}</label>
    ${options.hint === undefined
      ? nothing
      : html`<p class="hint" id="${id}-hint">${options.hint}</p>`}
  </div>`;
}

function labelled(options: Labelled, control: TemplateResult): TemplateResult {
  const { name, label, hint, error } = options;
  return html`<div class="field">
    <label for=${name}
      >${label}${options.isOptional === true
        ? html` <span class="optional">(${formTexts.optional})</span>`
        : nothing}</label
    >
    ${control}
    ${error ? html`<p class="field-error" id="${name}-error">${error}</p>` : nothing}
    ${hint === undefined ? nothing : html`<p class="hint" id="${name}-hint">${hint}</p>`}
  </div>`;
}

function describedBy({ name, hint, error }: Labelled): string | typeof nothing {
  const ids = [error ? `${name}-error` : null, hint === undefined ? null : `${name}-hint`];
  const there = ids.filter((id) => id !== null);
  return there.length === 0 ? nothing : there.join(" ");
}
