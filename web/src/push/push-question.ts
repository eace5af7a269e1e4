import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";

import { buttonStyle } from "../button-style.js";
import { failureOf } from "../forms/failure.js";
import { pushTexts } from "../texts/notifications.js";
import { mayAsk, turnOnPush } from "./push-consent.js";

/** Asked once a page, after somebody has followed a channel: a "no" is heard. */
let wasAnswered = false;

/** Asks who has just followed a channel whether this browser may tell them when it is live. */
@customElement("rillcast-push-question")
export class PushQuestion extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    css`
      .box {
        display: grid;
        gap: var(--space-3);
        margin-top: var(--space-2);
        padding: var(--space-3) var(--space-4);
        border: 1px solid var(--accent);
        border-radius: var(--radius-m);
        background: var(--accent-soft);
        font-size: var(--text-s);
      }
      p {
        margin: 0;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }
    `,
  ];

  @state() private isAsking = false;
  @state() private isBusy = false;
  @state() private failure: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    if (!wasAnswered) void mayAsk().then((may) => (this.isAsking = may));
  }

  override render(): TemplateResult {
    return html`<div role="status">${this.isAsking ? this.#renderQuestion() : nothing}</div>`;
  }

  #renderQuestion(): TemplateResult {
    return html`<div class="box">
      <p>${this.failure ?? pushTexts.ask}</p>
      <div class="actions">
        <button type="button" class="primary" aria-disabled=${this.isBusy} @click=${this.#onYes}>
          ${pushTexts.yes}
        </button>
        <button type="button" @click=${this.#onNo}>${pushTexts.notNow}</button>
      </div>
    </div>`;
  }

  readonly #onNo = (): void => {
    wasAnswered = true;
    this.isAsking = false;
  };

  readonly #onYes = async (): Promise<void> => {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      await turnOnPush();
      this.#onNo();
    } catch (error) {
      this.failure = error instanceof DOMException ? pushTexts.noService : failureOf(error).text;
    } finally {
      this.isBusy = false;
    }
  };
}
