import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";

import { figureCardStyle, figureCards } from "../analytics/figure-cards.js";
import { figureTableStyle } from "../analytics/figure-table-style.js";
import type { ServerError, ServerOverview, ServerQueue } from "../api/operations-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import "../charts/chart.js";
import { panelStyle } from "../dashboard/panel-style.js";
import { blockStyle, emptyBlock, errorBlock, loadingBlock } from "../forms/blocks.js";
import "../forms/notice.js";
import { channelPath } from "../route.js";
import { Poller } from "../status/poller.js";
import { overviewTexts } from "../texts/admin-overview.js";
import { agoText, countText } from "../texts/spans.js";
import {
  amountText,
  isQueueInTrouble,
  overviewCharts,
  overviewFigures,
  uptimeText,
} from "./overview-model.js";
import "./publishers-panel.js";

const INTERVAL_MS = 10_000;

/** How the server is, for administrators: now, over the last hour, and what went wrong. */
@customElement("rillcast-admin-overview")
export class AdminOverview extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    blockStyle,
    panelStyle,
    figureCardStyle,
    figureTableStyle,
    css`
      :host {
        grid-template-columns: minmax(0, 1fr);
        min-width: 0;
      }
      .figures {
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 10.5rem), 1fr));
      }
      .figures .value {
        font-size: var(--text-l);
      }
      @media (max-width: 36rem) {
        .figures {
          grid-template-columns: repeat(2, minmax(0, 1fr));
          gap: var(--space-2);
        }
        .figures > div {
          padding: var(--space-2) var(--space-3);
        }
      }
      .charts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr));
        gap: var(--space-5);
      }
      .charts > div {
        display: grid;
        gap: var(--space-2);
        align-content: start;
        min-width: 0;
        --chart-height: 13rem;
      }
      .stale {
        margin: 0;
        color: var(--danger);
        font-weight: 600;
      }
      .connections {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-5);
        margin: 0;
      }
      .connections div {
        display: flex;
        gap: var(--space-2);
      }
      .connections dt {
        color: var(--text-muted);
      }
      .connections dd {
        margin: 0;
        font-variant-numeric: tabular-nums;
        font-weight: 600;
      }
      td.trouble,
      td.error {
        color: var(--danger);
        font-weight: 600;
      }
      td.kind,
      td.level,
      th.kind,
      th.level {
        text-align: start;
      }
      td.kind {
        white-space: normal;
        overflow-wrap: anywhere;
      }
      .top {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .top a {
        color: inherit;
        font-weight: 600;
      }
    `,
  ];

  @state() private overview: ServerOverview | null = null;
  @state() private error: unknown = null;

  readonly #poller = new Poller({
    poll: async (signal) => {
      await this.#read(signal);
      return INTERVAL_MS;
    },
    whenHidden: "pause",
    intervalMs: INTERVAL_MS,
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#poller.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#poller.stop();
  }

  override render(): TemplateResult {
    const texts = overviewTexts;
    const { overview } = this;
    return html`<section class="panel" aria-labelledby="heading">
        <h2 id="heading">${texts.heading}</h2>
        ${overview === null ? this.#renderNothing() : this.#renderNow(overview)}
      </section>
      ${overview === null ? nothing : this.#renderRest(overview)}`;
  }

  #renderNothing(): TemplateResult {
    if (this.error === null) return loadingBlock(5);
    return errorBlock(this.error, () => {
      this.error = null;
      this.#poller.hasten();
    });
  }

  #renderNow(overview: ServerOverview): TemplateResult {
    const texts = overviewTexts;
    return html`<p class="lead">${texts.lead(overview.version, uptimeText(overview.uptimeS))}</p>
      ${this.error === null ? nothing : html`<p class="stale" role="status">${texts.stale}</p>`}
      ${figureCards(texts.figures, overviewFigures(overview))}
      <h3>${texts.connections}</h3>
      <dl class="connections">
        ${overview.connections.map(
          ({ kind, count }) => html`<div>
            <dt>${texts.connectionKinds[kind] ?? kind}</dt>
            <dd>${count.toLocaleString("en")}</dd>
          </div>`,
        )}
      </dl>`;
  }

  #renderRest(overview: ServerOverview): TemplateResult {
    const texts = overviewTexts;
    return html`<section class="panel" aria-labelledby="history">
        <h2 id="history">${texts.history}</h2>
        <div class="charts">
          ${overviewCharts(overview).map(
            ({ name, fileName, model }) => html`<div>
              <h3>${name}</h3>
              <rillcast-chart .name=${name} .fileName=${fileName} .model=${model}></rillcast-chart>
            </div>`,
          )}
        </div>
      </section>
      <rillcast-admin-publishers></rillcast-admin-publishers>
      <section class="panel" aria-labelledby="top">
        <h2 id="top">${texts.top}</h2>
        ${this.#renderTop(overview)}
      </section>
      <section class="panel" aria-labelledby="errors">
        <h2 id="errors">${texts.errors}</h2>
        ${this.#renderErrors(overview.errors)}
      </section>
      <section class="panel" aria-labelledby="queues">
        <h2 id="queues">${texts.queues}</h2>
        <p class="lead">${texts.queuesLead}</p>
        ${renderQueues(overview.queues)}
      </section>`;
  }

  #renderTop(overview: ServerOverview): TemplateResult {
    const texts = overviewTexts;
    const watched = overview.topChannels.filter(({ viewers }) => viewers > 0);
    if (watched.length === 0) return emptyBlock(texts.topEmpty, texts.topEmptyText);
    return html`<ol class="top rows">
      ${watched.map(
        ({ channel, viewers }) => html`<li class="row">
          <a href=${channelPath(channel)}>${channel}</a>
          <span>${countText(viewers, "viewer")}</span>
        </li>`,
      )}
    </ol>`;
  }

  #renderErrors(errors: readonly ServerError[]): TemplateResult {
    const texts = overviewTexts;
    if (errors.length === 0) return emptyBlock(texts.errorsNone, texts.errorsNoneText);
    const { kind, level, count, last } = texts.errorColumns;
    const nowMs = Date.now();
    return html`<p class="lead">${texts.errorsLead}</p>
      <div class="table-frame" tabindex="0" role="region" aria-label=${texts.errors}>
        <table>
          <thead>
            <tr>
              <th scope="col">${kind}</th>
              <th scope="col" class="level">${level}</th>
              <th scope="col">${count}</th>
              <th scope="col">${last}</th>
            </tr>
          </thead>
          <tbody>
            ${errors.map(
              (error) => html`<tr>
                <th scope="row">${error.kind}</th>
                <td class="level ${error.level}">${texts.levels[error.level]}</td>
                <td>${error.count.toLocaleString("en")}</td>
                <td>${agoText(Date.parse(error.lastAt), nowMs)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>`;
  }

  async #read(signal: AbortSignal): Promise<void> {
    try {
      const { body } = await api.get("/admin/overview", { signal });
      this.overview = body;
      this.error = null;
    } catch (error) {
      if (!signal.aborted) this.error = error;
      throw error;
    }
  }
}

function renderQueues(queues: readonly ServerQueue[]): TemplateResult {
  const texts = overviewTexts;
  const { name, waiting, capacity, dropped } = texts.queueColumns;
  return html`<div class="table-frame" tabindex="0" role="region" aria-label=${texts.queues}>
    <table>
      <thead>
        <tr>
          <th scope="col">${name}</th>
          <th scope="col">${waiting}</th>
          <th scope="col">${capacity}</th>
          <th scope="col">${dropped}</th>
        </tr>
      </thead>
      <tbody>
        ${queues.map((queue) => {
          const trouble = isQueueInTrouble(queue) ? "trouble" : "";
          return html`<tr>
            <th scope="row">${texts.queueNames[queue.name] ?? queue.name}</th>
            <td class=${trouble}>${amountText(queue.waiting, queue.unit)}</td>
            <td>${amountText(queue.capacity, queue.unit)}</td>
            <td class=${trouble}>${queue.dropped.toLocaleString("en")}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}
