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
import { LinkFragment } from "../session/link-fragment.js";
import { unsubscribeTexts } from "../texts/notifications.js";

/** What mail programs send of their own (RFC 8058). */
const ONE_CLICK = "List-Unsubscribe=One-Click";
const FORM_TYPE = "application/x-www-form-urlencoded";

/** Ends mails for who has the link of one; by a button, so that no program that looks at links does. */
@customElement("rillcast-unsubscribe-page")
export class UnsubscribePage extends LitElement {
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
      return html`<h1 tabindex="-1">${unsubscribeTexts.doneHeading}</h1>
        <p class="lead" role="status">${unsubscribeTexts.done}</p>
        <a class="button primary" href="/settings/notifications">${unsubscribeTexts.toSettings}</a>`;
    }
    if (this.token === null) {
      return html`<h1>${unsubscribeTexts.missingHeading}</h1>
        <p class="lead">${unsubscribeTexts.missing}</p>`;
    }
    return html`<h1>${unsubscribeTexts.heading}</h1>
      <p class="lead">${unsubscribeTexts.lead}</p>
      <form @submit=${this.#onSubmit}>
        ${summary(this.#submission)} ${submitButton(this.#submission, unsubscribeTexts.submit)}
      </form>`;
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { token } = this;
    if (token === null) return;
    const isDone = await this.#submission.run(async (signal) => {
      const file = new Blob([ONE_CLICK], { type: FORM_TYPE });
      await api.post("/unsubscribe/{token}", { path: { token }, file, signal });
    });
    if (!isDone) return;
    this.#fragment.clear();
    this.isDone = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("h1")?.focus();
  };
}
