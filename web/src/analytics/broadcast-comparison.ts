import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import type { BroadcastFigures } from "../api/analytics-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { panelStyle } from "../dashboard/panel-style.js";
import { blockStyle, emptyBlock } from "../forms/blocks.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { broadcastPath } from "../route.js";
import { comparisonTexts, meanText, watchText, wholeText } from "../texts/analytics.js";
import { shownTitle } from "../texts/channels.js";
import { durationText, momentText } from "../texts/spans.js";
import type { ComparisonKey } from "./comparison-order.js";
import { NEWEST_FIRST, orderAfter, ordered } from "./comparison-order.js";
import { figureTableStyle } from "./figure-table-style.js";

interface Column {
  readonly key: ComparisonKey;
  readonly name: string;
  readonly text: (broadcast: BroadcastFigures) => string;
}

const COLUMNS: readonly Column[] = [
  {
    key: "durationMs",
    name: comparisonTexts.length,
    text: ({ durationMs, endedAt }) =>
      endedAt === null ? comparisonTexts.onAir : durationText(durationMs),
  },
  { key: "unique", name: comparisonTexts.unique, text: ({ unique }) => wholeText(unique) },
  { key: "peak", name: comparisonTexts.peak, text: ({ peak }) => wholeText(peak) },
  { key: "mean", name: comparisonTexts.mean, text: ({ mean }) => meanText(mean) },
  { key: "watchMs", name: comparisonTexts.watch, text: ({ watchMs }) => watchText(watchMs) },
  {
    key: "watchMsPerViewer",
    name: comparisonTexts.perViewer,
    text: ({ watchMsPerViewer }) => watchText(watchMsPerViewer),
  },
  { key: "messages", name: comparisonTexts.messages, text: ({ messages }) => wholeText(messages) },
  {
    key: "followersGained",
    name: comparisonTexts.followers,
    text: ({ followersGained }) => wholeText(followersGained),
  },
];

/** A channel's broadcasts side by side, each leading to its own page. */
@customElement("rillcast-broadcast-comparison")
export class BroadcastComparison extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    blockStyle,
    panelStyle,
    figureTableStyle,
    css`
      thead button {
        gap: 0;
        min-height: 2.25rem;
        padding: 0 var(--space-1);
        border-color: transparent;
        color: inherit;
        line-height: 1.25;
        text-align: inherit;
        white-space: normal;
      }
      thead [aria-sort] button {
        color: var(--text);
      }
      thead th {
        padding: var(--space-1) var(--space-2);
        border-top: 0;
        vertical-align: middle;
      }
      th:first-child {
        min-width: 10rem;
      }
      td {
        padding-inline: var(--space-2);
      }
      small {
        color: var(--text-muted);
      }
      tbody a {
        color: var(--accent);
        overflow-wrap: anywhere;
      }
      .arrow {
        width: 0.8em;
        text-align: center;
      }
      /* Names stand over the ends of their numbers, with the arrow before them. */
      thead th:not(:first-child) button {
        flex-direction: row-reverse;
        margin-inline-end: calc(-1 * var(--space-1));
      }
    `,
  ];

  @property() channel = "";
  @state() private order = NEWEST_FIRST;

  readonly #list = new PagedList<BroadcastFigures>(this, async (cursor, signal) => {
    const { body } = await api.get("/channels/{channel}/analytics/broadcasts", {
      path: { channel: this.channel },
      query: cursor === undefined ? {} : { cursor },
      signal,
    });
    return body;
  });

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("channel") && this.channel !== "") void this.#list.load();
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-labelledby="heading">
      <h2 id="heading">${comparisonTexts.heading}</h2>
      ${pagedList(
        this.#list,
        (items) => this.#renderTable(items),
        () => emptyBlock(comparisonTexts.none, comparisonTexts.noneText),
      )}
    </section>`;
  }

  #renderTable(items: readonly BroadcastFigures[]): TemplateResult {
    return html`<div
      class="table-frame"
      role="region"
      aria-label=${comparisonTexts.heading}
      tabindex="0"
    >
      <table>
        <caption class="hidden-text">
          ${comparisonTexts.caption}
        </caption>
        <thead>
          <tr>
            ${this.#renderHeading({ key: "startedAt", name: comparisonTexts.broadcast })}
            ${COLUMNS.map((column) => this.#renderHeading(column))}
          </tr>
        </thead>
        <tbody>
          ${repeat(ordered(items, this.order), ({ id }) => id, (broadcast) => this.#renderRow(broadcast))}
        </tbody>
      </table>
    </div>`;
  }

  #renderHeading({ key, name }: Pick<Column, "key" | "name">): TemplateResult {
    const isSorted = this.order.key === key;
    const arrow = this.order.direction === "ascending" ? "↑" : "↓";
    const sort = (): void => {
      this.order = orderAfter(this.order, key);
    };
    // Whether it is sorted, and how, is said of the heading; the button is its name alone.
    return isSorted
      ? html`<th scope="col" aria-sort=${this.order.direction}>
          <button type="button" @click=${sort}>
            ${name}<span class="arrow" aria-hidden="true">${arrow}</span>
          </button>
        </th>`
      : html`<th scope="col">
          <button type="button" @click=${sort}>
            ${name}<span class="arrow" aria-hidden="true"></span>
          </button>
        </th>`;
  }

  #renderRow(broadcast: BroadcastFigures): TemplateResult {
    const title = shownTitle({ name: this.channel, title: broadcast.title });
    return html`<tr>
      <th scope="row">
        <a href=${broadcastPath(this.channel, broadcast.id)}>${title}</a>
        <small>${momentText(Date.parse(broadcast.startedAt))}</small>
      </th>
      ${COLUMNS.map(({ text }) => html`<td>${text(broadcast)}</td>`)}
    </tr>`;
  }
}
