import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, html } from "lit";
import { customElement, state } from "lit/decorators.js";

import { api } from "../api/server.js";
import { buttonStyle } from "../button-style.js";
import { formStyle } from "../forms/form-style.js";
import { Submission } from "../forms/submission.js";
import { submitButton } from "../forms/submit-button.js";
import { summary } from "../forms/summary.js";
import { narrowPageStyle } from "../people/narrow-page-style.js";
import { session } from "../session/current.js";
import { LinkFragment } from "../session/link-fragment.js";
import { confirmEmailTexts, peopleTexts } from "../texts/people.js";

/** Confirms a new address by a mailed link; by a button, so that no program that looks at links does. */
@customElement("rillcast-confirm-email-page")
export class ConfirmEmailPage extends LitElement {
  static override styles: CSSResultGroup = [buttonStyle, formStyle, narrowPageStyle];

  @state() private token: string | null = null;
  @state() private isDone = false;

  readonly #submission = new Submission(this);
  readonly #fragment = new LinkFragment(this, () => {
    this.token = this.#fragment.value("token");
    this.isDone = false;
  });

  override render(): TemplateResult {
    if (this.isDone) {
      return html`<h1 tabindex="-1">${confirmEmailTexts.doneHeading}</h1>
        <p class="lead" role="status">${confirmEmailTexts.done}</p>
        <a class="button primary" href="/settings/account">${peopleTexts.toSettings}</a>`;
    }
    if (this.token === null) {
      return html`<h1>${confirmEmailTexts.missingHeading}</h1>
        <p class="lead">${confirmEmailTexts.missing}</p>`;
    }
    return html`<h1>${confirmEmailTexts.heading}</h1>
      <p class="lead">${confirmEmailTexts.lead}</p>
      <form @submit=${this.#onSubmit}>
        ${summary(this.#submission)} ${submitButton(this.#submission, confirmEmailTexts.submit)}
      </form>`;
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { token } = this;
    if (token === null) return;
    const isDone = await this.#submission.run(async (signal) => {
      await api.post("/email-changes/complete", { body: { token }, signal });
    });
    if (!isDone) return;
    this.#fragment.clear();
    this.isDone = true;
    await session.refresh();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("h1")?.focus();
  };
}
