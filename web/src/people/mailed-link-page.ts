import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, html } from "lit";
import { state } from "lit/decorators.js";

import { buttonStyle } from "../button-style.js";
import { formStyle } from "../forms/form-style.js";
import { Submission } from "../forms/submission.js";
import { submitButton } from "../forms/submit-button.js";
import { summary } from "../forms/summary.js";
import { LinkFragment } from "../session/link-fragment.js";
import { narrowPageStyle } from "./narrow-page-style.js";

export interface MailedLinkTexts {
  readonly heading: string;
  readonly lead: string;
  readonly submit: string;
  readonly doneHeading: string;
  readonly done: string;
  readonly missingHeading: string;
  readonly missing: string;
  readonly toSettings: string;
}

/**
 * What a mailed link with a token leads to: one thing, done by a button.
 *
 * Programs that look at the links of mails press none.
 */
export abstract class MailedLinkPage extends LitElement {
  static override styles: CSSResultGroup = [buttonStyle, formStyle, narrowPageStyle];

  protected abstract readonly texts: MailedLinkTexts;
  protected abstract readonly settingsPath: string;
  @state() private token: string | null = null;
  @state() private isDone = false;

  readonly #submission = new Submission(this);
  readonly #fragment = new LinkFragment(this, () => {
    this.token = this.#fragment.value("token");
    this.isDone = false;
  });

  /** Does what the link is for. Throws what the API throws. */
  protected abstract act(token: string, signal: AbortSignal): Promise<void>;

  override render(): TemplateResult {
    const { texts } = this;
    if (this.isDone) {
      return html`<h1 tabindex="-1">${texts.doneHeading}</h1>
        <p class="lead" role="status">${texts.done}</p>
        <a class="button primary" href=${this.settingsPath}>${texts.toSettings}</a>`;
    }
    if (this.token === null) {
      return html`<h1>${texts.missingHeading}</h1>
        <p class="lead">${texts.missing}</p>`;
    }
    return html`<h1>${texts.heading}</h1>
      <p class="lead">${texts.lead}</p>
      <form @submit=${this.#onSubmit}>
        ${summary(this.#submission)} ${submitButton(this.#submission, texts.submit)}
      </form>`;
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { token } = this;
    if (token === null) return;
    if (!(await this.#submission.run((signal) => this.act(token, signal)))) return;
    this.#fragment.clear();
    this.isDone = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("h1")?.focus();
  };
}
