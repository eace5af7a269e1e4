import type { TemplateResult } from "lit";
import { html } from "lit";

import { formTexts } from "../texts/forms.js";
import type { Submission } from "./submission.js";

/** The button that sends a form; says so while that goes on. It keeps its place and the focus. */
export function submitButton(
  submission: Submission,
  label: string,
  kind: "primary" | "danger" = "primary",
): TemplateResult {
  return html`<button class=${kind} type="submit" aria-disabled=${submission.isBusy}>
    ${submission.isBusy ? formTexts.busy : label}
  </button>`;
}
