import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import { latencyText } from "../wording.js";
import { controlStyle } from "./control-style.js";
import { PlayerCommandEvent } from "./player-command.js";

/** Shows whether the picture is live and how far behind it is; a click leads back to the edge. */
@customElement("rillcast-live-badge")
export class LiveBadge extends LitElement {
  static override styles: CSSResultGroup = [
    controlStyle,
    css`
      :host {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
        min-width: 0;
      }
      .word {
        display: inline-flex;
        align-items: center;
        gap: 0.45em;
        padding: 0 0.625rem;
        letter-spacing: 0.04em;
        white-space: nowrap;
      }
      .dot {
        width: 0.5625rem;
        height: 0.5625rem;
        border-radius: 50%;
        background: #a9b8bd;
      }
      .live .dot {
        background: #ff5058;
      }
      .action {
        padding: 0.375rem 0.5rem;
        border-radius: var(--radius-s);
        background: #d8232f;
        letter-spacing: 0;
      }
      .latency {
        overflow: hidden;
        color: #dbe5e8;
        font-size: var(--text-s);
        font-variant-numeric: tabular-nums;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      @media (max-width: 26rem) {
        .long {
          display: none;
        }
      }
    `,
  ];

  @property({ type: Boolean }) isAtEdge = true;
  @property({ attribute: false }) latencyMs: number | null = null;

  override render(): TemplateResult {
    return html`${this.isAtEdge
        ? html`<span class="word live"><span class="dot"></span>LIVE</span>`
        : html`<button type="button" title="Go to live (L)" @click=${this.#goToLive}>
            <span class="dot"></span><span class="action">Go to live</span>
          </button>`}
      ${this.latencyMs === null
        ? nothing
        : html`<span class="latency"
            >${latencyText(this.latencyMs)}<span class="long"> behind live</span></span
          >`}`;
  }

  readonly #goToLive = (): void => {
    this.dispatchEvent(new PlayerCommandEvent({ type: "go-to-live" }));
  };
}
