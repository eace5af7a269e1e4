import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { Broadcast, BroadcastDetail } from "../api/channel-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle, errorBlock, loadingBlock } from "../forms/blocks.js";
import { broadcastDetailTexts, channelTexts } from "../texts/channels.js";
import { countText, durationText, momentText, positionText } from "../texts/spans.js";
import { technicalFacts } from "./technical-facts.js";
import { titleHistory } from "./title-history.js";

/** All that is known of one broadcast: asked for when somebody opens it. */
@customElement("rillcast-broadcast-details")
export class BroadcastDetails extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    blockStyle,
    css`
      :host {
        display: block;
      }
      summary {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 2.75rem;
        border-radius: var(--radius-s);
        color: var(--accent);
        font: 600 var(--text-s) / 1 var(--font);
        cursor: pointer;
        list-style: none;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      summary::after {
        content: "";
        width: 0.4rem;
        height: 0.4rem;
        margin-top: -0.2rem;
        border: solid currentColor;
        border-width: 0 2px 2px 0;
        rotate: 45deg;
        transition: rotate var(--swift);
      }
      [open] summary::after {
        margin-top: 0.15rem;
        rotate: 225deg;
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 10rem), 1fr));
        gap: var(--space-3) var(--space-5);
        margin: 0;
        padding: var(--space-1) 0 var(--space-2);
        font-size: var(--text-s);
      }
      .wide {
        grid-column: 1 / -1;
      }
      dt {
        color: var(--text-muted);
        font-size: var(--text-xs);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      ol {
        display: grid;
        gap: var(--space-1);
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: 4rem minmax(0, 1fr);
        gap: var(--space-3);
      }
      .position {
        color: var(--text-muted);
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  @property({ attribute: false }) broadcast: Broadcast | null = null;

  /** Whether to show how good its stream was, which the channel's own people may see. */
  @property({ type: Boolean }) hasHealth = false;

  @state() private detail: BroadcastDetail | null = null;
  @state() private error: unknown = null;
  #asking = new AbortController();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking.abort();
  }

  override render(): TemplateResult | typeof nothing {
    const { broadcast, detail, error } = this;
    if (broadcast === null) return nothing;
    return html`<details @toggle=${this.#onToggle}>
      <summary>
        ${channelTexts.broadcastDetails}<span class="hidden-text"
          >: ${broadcast.title}, ${momentText(Date.parse(broadcast.startedAt))}</span
        >
      </summary>
      ${detail !== null
        ? html`${renderDetail(detail)}
          ${this.hasHealth
            ? html`<rillcast-broadcast-health .broadcast=${broadcast.id}></rillcast-broadcast-health>`
            : nothing}`
        : error === null
          ? loadingBlock(2)
          : errorBlock(error, () => void this.#read(broadcast))}
    </details>`;
  }

  readonly #onToggle = (event: Event): void => {
    const { open } = event.currentTarget as HTMLDetailsElement;
    if (open && this.hasHealth) void import("../health/broadcast-health.js");
    if (open && this.detail === null && this.broadcast !== null) void this.#read(this.broadcast);
  };

  async #read({ id }: Broadcast): Promise<void> {
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.error = null;
    try {
      const { body } = await api.get("/broadcasts/{broadcast}", { path: { broadcast: id }, signal });
      if (!signal.aborted) this.detail = body;
    } catch (error) {
      if (!signal.aborted) this.error = error;
    }
  }
}

function renderDetail(detail: BroadcastDetail): TemplateResult {
  const texts = broadcastDetailTexts;
  const { startedAt, endedAt, durationMs, peakViewers, meanViewers } = detail;
  const titles = titleHistory(detail.titles, startedAt);
  const tracks = technicalFacts(detail.technical);
  return html`<dl>
    ${fact(texts.began, momentText(Date.parse(startedAt)))}
    ${endedAt === null ? nothing : fact(texts.ended, momentText(Date.parse(endedAt)))}
    ${fact(texts.length, durationText(durationMs))}
    ${meanViewers === null
      ? nothing
      : html`${fact(texts.peak, countText(peakViewers, "viewer"))}
        ${fact(texts.mean, meanViewers.toLocaleString("en", { maximumFractionDigits: 1 }))}`}
    ${tracks.length === 0
      ? nothing
      : html`<div class="wide">
          <dt>${texts.media}</dt>
          ${tracks.map((track) => html`<dd>${track}</dd>`)}
        </div>`}
    ${titles.length < 2
      ? nothing
      : html`<div class="wide">
          <dt>${texts.titles}</dt>
          <dd>
            <ol>
              ${titles.map(
                ({ title, atMs }) =>
                  html`<li><span class="position">${positionText(atMs)}</span>${title}</li>`,
              )}
            </ol>
          </dd>
        </div>`}
  </dl>`;
}

function fact(name: string, words: string): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd>${words}</dd>
  </div>`;
}
