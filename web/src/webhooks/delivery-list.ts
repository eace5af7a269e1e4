import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle } from "../forms/blocks.js";
import { formStyle } from "../forms/form-style.js";
import "../forms/notice.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { Submission } from "../forms/submission.js";
import { summary } from "../forms/summary.js";
import { agoText, untilText } from "../texts/spans.js";
import { DELIVERY_ERRORS, DELIVERY_STATES, webhookTexts } from "../texts/webhooks.js";
import type { Delivery, DeliveryDetail, WebhookApi } from "./webhook-api.js";

/** A delivery is mostly decided by then. */
const REFRESH_MS = 1_500;
const REFRESHES = 4;

/** What was sent to one webhook and what became of it, the newest first. */
@customElement("rillcast-delivery-list")
export class DeliveryList extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
        min-width: 0;
        padding: var(--space-3) var(--space-4);
        border: 1px solid var(--line);
        border-radius: var(--radius-m);
        background: var(--ground);
      }
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
      }
      h4 {
        margin: 0;
        font-size: var(--text-s);
      }
      ul {
        display: grid;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-3);
        min-width: 0;
        padding: var(--space-2) 0;
        border-top: 1px solid var(--line);
        font-size: var(--text-s);
      }
      .words {
        flex: 1 1 14rem;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .words p {
        margin: 0;
        color: var(--text-muted);
        font-size: var(--text-xs);
      }
      .state {
        padding: 0.1em 0.6em;
        border-radius: 999px;
        background: var(--raised);
        font: 600 var(--text-xs) / 1.6 var(--font);
      }
      .delivered {
        background: var(--accent-soft);
        color: var(--accent);
      }
      .failed {
        border: 1px solid var(--danger);
        color: var(--danger);
      }
      button {
        min-height: 2.25rem;
      }
      .detail {
        flex: 1 1 100%;
        min-width: 0;
      }
      pre {
        max-height: 14rem;
        margin: var(--space-1) 0 var(--space-2);
        padding: var(--space-2) var(--space-3);
        overflow: auto;
        border-radius: var(--radius-s);
        background: var(--surface);
        font: 400 var(--text-xs) / 1.5 var(--font-mono);
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      .nothing {
        margin: 0;
        color: var(--text-muted);
        font-size: var(--text-s);
      }
    `,
  ];

  @property({ attribute: false }) place: WebhookApi | null = null;
  @property() webhook = "";
  @state() private detail: DeliveryDetail | null = null;
  @state() private notice = "";

  readonly #acting = new Submission(this);
  readonly #list = new PagedList<Delivery>(this, async (cursor, signal) => {
    const page = await this.place?.deliveries(this.webhook, cursor, signal);
    return page ?? { items: [], next: null };
  });
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("webhook") && this.webhook !== "") this.refresh();
  }

  /** Reads the list again, and a few times more while something in it is under way. */
  refresh(times = REFRESHES): void {
    clearTimeout(this.#timer);
    void this.#list.load().then(() => {
      const isUnderWay = this.#list.items.some(({ state: is, attempts }) => is === "waiting" && attempts === 0);
      if (!isUnderWay || times === 0 || !this.isConnected) return;
      this.#timer = setTimeout(() => {
        this.refresh(times - 1);
      }, REFRESH_MS);
    });
  }

  override render(): TemplateResult {
    return html`<div class="head">
        <h4>${webhookTexts.deliveries}</h4>
        <button
          type="button"
          @click=${() => {
            this.refresh();
          }}
        >
          ${webhookTexts.refresh}
        </button>
      </div>
      <rillcast-notice .text=${this.notice}></rillcast-notice>
      ${summary(this.#acting)}
      ${pagedList(
        this.#list,
        (deliveries) => html`<ul>
          ${repeat(
            deliveries,
            ({ id }) => id,
            (delivery) => this.#renderDelivery(delivery),
          )}
        </ul>`,
        () => html`<p class="nothing">${webhookTexts.noDeliveries}</p>`,
      )}`;
  }

  #renderDelivery(delivery: Delivery): TemplateResult {
    const { id, event, state: is } = delivery;
    return html`<li>
      <span class="state ${is}">${DELIVERY_STATES[is]}</span>
      <div class="words">
        <code>${event}</code>
        <p>${facts(delivery)}</p>
      </div>
      <button type="button" aria-expanded=${this.detail?.id === id} @click=${() => this.#show(id)}>
        ${webhookTexts.show}
      </button>
      <button type="button" @click=${() => this.#replay(id)}>${webhookTexts.replay}</button>
      ${this.detail?.id === id ? renderDetail(this.detail) : nothing}
    </li>`;
  }

  async #show(id: string): Promise<void> {
    if (this.detail?.id === id) {
      this.detail = null;
      return;
    }
    await this.#acting.run(async (signal) => {
      this.detail = (await this.place?.delivery(this.webhook, id, signal)) ?? null;
    });
  }

  async #replay(id: string): Promise<void> {
    this.notice = "";
    const isDone = await this.#acting.run(async (signal) => {
      await this.place?.replay(this.webhook, id, signal);
    });
    if (!isDone) return;
    this.notice = webhookTexts.replayed;
    this.refresh();
  }
}

function facts(delivery: Delivery): string {
  const { attemptedAt, createdAt, attempts, status, error, durationMs, nextAttemptAt } = delivery;
  const nowMs = Date.now();
  const words = [agoText(Date.parse(attemptedAt ?? createdAt), nowMs), webhookTexts.attempts(attempts)];
  if (status !== null) words.push(String(status));
  if (error !== null) words.push(DELIVERY_ERRORS[error] ?? error);
  if (durationMs !== null) words.push(webhookTexts.took(durationMs));
  if (nextAttemptAt !== null && attempts > 0) {
    words.push(webhookTexts.next(untilText(Date.parse(nextAttemptAt), nowMs)));
  }
  return words.join(" · ");
}

function renderDetail({ body, answer }: DeliveryDetail): TemplateResult {
  return html`<div class="detail">
    <h4>${webhookTexts.sent}</h4>
    <pre tabindex="0">${body}</pre>
    <h4>${webhookTexts.answer}</h4>
    ${answer === null
      ? html`<p class="nothing">${webhookTexts.noAnswer}</p>`
      : html`<pre tabindex="0">${answer}</pre>`}
  </div>`;
}
