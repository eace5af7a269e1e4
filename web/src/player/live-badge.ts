import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import { latencyText } from "../wording.js";
import { controlStyle } from "./control-style.js";
import { PlayerCommandEvent } from "./player-command.js";

/** Shows whether the picture is live and how far behind it is; clicks lead to the edge and to the numbers. */
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
        font: 700 var(--text-s) / 1 var(--font);
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
        color: #e3ebed;
        font-weight: 500;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      @media (max-width: 40rem) {
        :host {
          gap: 0;
        }
        .word {
          padding: 0 0.375rem;
        }
        .long {
          display: none;
        }
      }
    `,
  ];

  /** False while an overlay says why there is nothing live to see. */
  @property({ type: Boolean }) isOnAir = false;
  @property({ type: Boolean }) isAtEdge = false;
  @property({ attribute: false }) latencyMs: number | null = null;

  override render(): TemplateResult | typeof nothing {
    if (!this.isOnAir) return nothing;
    return html`${this.isAtEdge
        ? html`<span class="word live"><span class="dot"></span>LIVE</span>`
        : html`<button type="button" title="Go to live (L)" @click=${this.#goToLive}>
            <span class="dot"></span><span class="action">Go to live</span>
          </button>`}
      ${this.latencyMs === null
        ? nothing
        : html`<button type="button" class="latency" title="Statistics (I)" @click=${this.#showStats}>
            <span>${latencyText(this.latencyMs)}<span class="long"> behind live</span></span>
          </button>`}`;
  }

  readonly #goToLive = (): void => {
    this.dispatchEvent(new PlayerCommandEvent({ type: "go-to-live" }));
  };

  readonly #showStats = (): void => {
    this.dispatchEvent(new PlayerCommandEvent({ type: "toggle-stats" }));
  };
}
