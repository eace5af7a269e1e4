import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";

import type { components } from "../api/schema.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle } from "../forms/blocks.js";
import { formStyle } from "../forms/form-style.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { Submission } from "../forms/submission.js";
import { summary } from "../forms/summary.js";
import type { PushState } from "../push/push-consent.js";
import { pushState, turnOffPush, turnOnPush } from "../push/push-consent.js";
import { pushTexts } from "../texts/notifications.js";
import { day } from "../texts/times.js";
import { sectionStyle } from "./section-style.js";

type Browser = components["schemas"]["PushSubscriptionView"];

/** Whether this browser is told of things when no page is open, and which others are. */
@customElement("rillcast-push-section")
export class PushSection extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    sectionStyle,
  ];

  @state() private push: PushState | null = null;
  @state() private fault: string | null = null;
  readonly #acting = new Submission(this);
  readonly #list = new PagedList<Browser>(this, async (_cursor, signal) => {
    return (await api.get("/me/push-subscriptions", { signal })).body;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    void pushState().then((state) => (this.push = state));
    void this.#list.load();
  }

  override render(): TemplateResult {
    return html`<section aria-labelledby="heading">
      <h2 id="heading">${pushTexts.heading}</h2>
      <p class="lead">${pushTexts.lead}</p>
      ${summary(this.#acting)}
      ${this.push === null
        ? nothing
        : html`<p role="status">${this.fault ?? pushTexts[this.push === "unsupported" ? "unsupported" : this.push]}</p>`}
      ${this.push === "off" || this.push === "on"
        ? html`<div class="actions">
            <button
              type="button"
              class=${this.push === "off" ? "primary" : nothing}
              aria-disabled=${this.#acting.isBusy}
              @click=${this.#onTurn}
            >
              ${this.push === "off" ? pushTexts.turnOn : pushTexts.turnOff}
            </button>
          </div>`
        : nothing}
      ${this.#list.items.length === 0
        ? nothing
        : html`<h3>${pushTexts.browsers}</h3>
            ${pagedList(
              this.#list,
              (browsers) => html`<ul class="rows">
                ${browsers.map((browser) => this.#renderBrowser(browser))}
              </ul>`,
              () => html``,
            )}`}
    </section>`;
  }

  #renderBrowser({ id, browser, createdAt }: Browser): TemplateResult {
    return html`<li>
      <div class="what">
        <b>${browser}</b>
        <p>${pushTexts.since} ${day(createdAt)}</p>
      </div>
      <button
        type="button"
        aria-label="${pushTexts.remove}: ${browser}"
        @click=${() => void this.#remove(id)}
      >
        ${pushTexts.remove}
      </button>
    </li>`;
  }

  readonly #onTurn = async (): Promise<void> => {
    this.fault = null;
    await this.#acting.run(async () => {
      try {
        this.push = await (this.push === "on" ? turnOffPush() : turnOnPush());
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        this.fault = pushTexts.noService;
      }
    });
    await this.#list.load();
  };

  async #remove(id: string): Promise<void> {
    const isDone = await this.#acting.run(async (signal) => {
      await api.delete("/me/push-subscriptions/{subscription}", {
        path: { subscription: id },
        signal,
      });
    });
    if (isDone) await this.#list.load();
  }
}
