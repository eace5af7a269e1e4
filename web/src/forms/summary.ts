import type { TemplateResult } from "lit";
import { html, nothing } from "lit";

import type { Submission } from "./submission.js";

/** Why the form was not accepted; takes the focus when that happens. Nothing while all is well. */
export function summary(submission: Submission): TemplateResult | typeof nothing {
  const { failure } = submission;
  if (failure === null) return nothing;
  return html`<div class="summary" role="alert" tabindex="-1" data-summary=${failure.text}>
    ${failure.text}
  </div>`;
}
