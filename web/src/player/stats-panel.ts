import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";

import { closeIcon } from "../icons.js";
import { controlStyle } from "./control-style.js";
import { PlayerCommandEvent, SHORTCUTS } from "./player-command.js";

/** One line of the panel; an empty value shows as a dash. */
export type Statistic = readonly [name: string, value: string | null];

/** What a viewer reads out when something looks wrong. */
@customElement("rillcast-stats-panel")
export class StatsPanel extends LitElement {
  static override styles: CSSResultGroup = [
    controlStyle,
    css`
      section {
        position: relative;
        width: min(21rem, 100%);
        max-height: 100%;
        padding: var(--space-3) var(--space-4);
        overflow-y: auto;
        border-radius: var(--radius-m);
        background: rgb(13 20 24 / 92%);
        box-shadow: 0 0 0 1px rgb(255 255 255 / 14%);
        color: #eef4f5;
        font-size: var(--text-xs);
      }
      h2 {
        margin: 0 0 var(--space-2);
        font-size: var(--text-s);
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0.2rem var(--space-4);
        margin: 0;
      }
      dt {
        color: #b7c6cb;
      }
      dd {
        margin: 0;
        font-family: var(--font-mono);
        font-variant-numeric: tabular-nums;
        overflow-wrap: anywhere;
        text-align: right;
      }
      button {
        position: absolute;
        top: 0.125rem;
        right: 0.125rem;
      }
      button svg {
        width: 1.125rem;
        height: 1.125rem;
      }
      details {
        margin-top: var(--space-2);
        padding-top: var(--space-2);
        border-top: 1px solid rgb(255 255 255 / 14%);
      }
      summary {
        padding: var(--space-1) 0;
        cursor: pointer;
      }
    `,
  ];

  @property({ attribute: false }) statistics: readonly Statistic[] = [];

  override render(): TemplateResult {
    return html`<section aria-label="Statistics">
      <h2>Statistics</h2>
      <dl>
        ${this.statistics.map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${value ?? "–"}</dd>`,
        )}
      </dl>
      <details>
        <summary>Keyboard</summary>
        <dl>
          ${SHORTCUTS.map(
            ([keys, meaning]) =>
              html`<dt>${meaning}</dt>
                <dd>${keys}</dd>`,
          )}
        </dl>
      </details>
      <button
        type="button"
        aria-label="Close statistics"
        title="Close (I)"
        @click=${() => {
          this.dispatchEvent(new PlayerCommandEvent({ type: "toggle-stats" }));
        }}
      >
        ${closeIcon}
      </button>
    </section>`;
  }
}
