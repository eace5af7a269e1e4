import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { buttonStyle } from "../button-style.js";
import { chartTexts } from "../texts/charts.js";
import type { ChartModel } from "./chart-model.js";
import { markerTexts } from "./chart-model.js";
import { timeText } from "./chart-times.js";
import { tableStyle } from "./table-style.js";

/** Rows at once: a day of seconds is 864 pages, and each is there at once. */
const PAGE_ROWS = 100;

/** A chart's values as a table, a hundred rows at a time. */
@customElement("rillcast-chart-table")
export class ChartTable extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    tableStyle,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
        min-width: 0;
      }
      .frame {
        max-height: 24rem;
        overflow: auto;
        border: 1px solid var(--line);
        border-radius: var(--radius-m);
      }
      th:first-child,
      .words {
        text-align: start;
      }
      .words {
        min-width: 12rem;
        white-space: normal;
        overflow-wrap: anywhere;
      }
      thead th {
        position: sticky;
        top: 0;
        background: var(--raised);
      }
      tbody th {
        font-weight: 400;
      }
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-4);
        align-items: center;
      }
      p {
        margin: 0;
        color: var(--text-muted);
        font-size: var(--text-s);
      }
    `,
  ];

  @property() name = "";
  @property({ attribute: false }) model: ChartModel | null = null;
  @state() private page = 0;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("model")) this.page = Math.min(this.page, this.#lastPage);
  }

  override render(): TemplateResult | typeof nothing {
    const { model } = this;
    if (model === null) return nothing;
    const { series, timeKind, times, markers = [] } = model;
    const timeHeading = { moment: chartTexts.time, day: chartTexts.day, span: chartTexts.place };
    const happened = markers.length === 0 ? null : markerTexts(model);
    const first = this.page * PAGE_ROWS;
    const rows = times.slice(first, first + PAGE_ROWS);
    return html`<div class="frame" role="region" aria-label=${this.name} tabindex="0">
        <table>
          <caption>
            ${this.name}
          </caption>
          <thead>
            <tr>
              <th scope="col">${timeHeading[timeKind]}</th>
              ${series.map(({ label }) => html`<th scope="col">${label}</th>`)}
              ${happened === null
                ? nothing
                : html`<th scope="col" class="words">${model.markersLabel ?? ""}</th>`}
            </tr>
          </thead>
          <tbody>
            ${rows.map((time, row) => {
              const index = first + row;
              return html`<tr>
                <th scope="row">${timeText(time, timeKind)}</th>
                ${series.map(({ values, text }) => {
                  const value = values[index] ?? null;
                  return html`<td>${value === null ? chartTexts.nothing : text(value)}</td>`;
                })}
                ${happened === null ? nothing : html`<td class="words">${happened[index]}</td>`}
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
      ${this.#lastPage === 0 ? nothing : this.#renderPages(first, first + rows.length, times.length)}`;
  }

  get #lastPage(): number {
    return Math.max(0, Math.ceil((this.model?.times.length ?? 0) / PAGE_ROWS) - 1);
  }

  #renderPages(first: number, end: number, all: number): TemplateResult {
    return html`<nav aria-label=${this.name}>
      <button type="button" ?disabled=${this.page === 0} @click=${() => { this.#turn(-1); }}>
        ${chartTexts.earlierRows}
      </button>
      <p role="status">${chartTexts.rows(first + 1, end, all)}</p>
      <button
        type="button"
        ?disabled=${this.page >= this.#lastPage}
        @click=${() => { this.#turn(1); }}
      >
        ${chartTexts.laterRows}
      </button>
    </nav>`;
  }

  #turn(by: 1 | -1): void {
    this.page = Math.min(Math.max(this.page + by, 0), this.#lastPage);
    const frame = this.renderRoot.querySelector(".frame");
    if (frame !== null) frame.scrollTop = 0;
  }
}
