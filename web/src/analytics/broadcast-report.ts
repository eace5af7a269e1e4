import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import type { BroadcastAnalytics, EarlierMeans, Moment } from "../api/analytics-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { titleHistory } from "../channels/title-history.js";
import "../charts/chart.js";
import type { ChartModel } from "../charts/chart-model.js";
import { panelStyle } from "../dashboard/panel-style.js";
import { blockStyle, emptyBlock, errorBlock, loadingBlock } from "../forms/blocks.js";
import "../health/broadcast-health.js";
import { analyticsTexts, comparedText, meanText, reportTexts, watchText, wholeText } from "../texts/analytics.js";
import { shownTitle } from "../texts/channels.js";
import { durationText, momentText, positionText } from "../texts/spans.js";
import { retentionModel, staysText, timelineModel } from "./broadcast-model.js";
import { changeOf } from "./change.js";
import type { Figure } from "./figure-cards.js";
import { figureCardStyle, figureCards } from "./figure-cards.js";
import { PanelRead } from "./panel-read.js";
import "./quality-panel.js";
import type { TimeSpan } from "./range.js";

/** What is drawn of an answer; made once for each. */
interface Made {
  readonly of: BroadcastAnalytics;
  readonly timeline: ChartModel;
  readonly retention: ChartModel;
  readonly span: TimeSpan;
}

/** One broadcast: who watched through it, who stayed, and its best moments. */
@customElement("rillcast-broadcast-report")
export class BroadcastReport extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    blockStyle,
    panelStyle,
    figureCardStyle,
    css`
      .large {
        --chart-height: clamp(14rem, 34vh, 20rem);
      }
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr));
        gap: var(--space-5);
      }
      .pair .panel {
        align-content: start;
        --chart-height: 14rem;
      }
      .totals {
        --figures-abreast: 4;
        --figures-abreast-wide: 4;
      }
      .way {
        margin: 0 0 var(--space-1);
        font-size: var(--text-s);
      }
      .way a {
        color: var(--text-muted);
      }
      .moments {
        display: grid;
        gap: var(--space-2);
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .moments li {
        display: grid;
        grid-template-columns: 4.5rem 1fr;
        gap: 0 var(--space-3);
        align-items: baseline;
        padding: var(--space-2) var(--space-3);
        border: 1px solid var(--line);
        border-radius: var(--radius-m);
        background: var(--ground);
      }
      .moments b {
        color: var(--accent);
        font-variant-numeric: tabular-nums;
      }
      .moments p {
        margin: 0;
      }
      .moments .facts {
        grid-column: 2;
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      .strong {
        margin: 0;
        font-weight: 600;
      }
    `,
  ];

  @property() channel = "";
  /** The id of the broadcast. */
  @property() broadcast = "";

  #made: Made | null = null;
  readonly #read = new PanelRead<BroadcastAnalytics>(this, async (signal) => {
    const { body } = await api.get("/broadcasts/{broadcast}/analytics", {
      path: { broadcast: this.broadcast },
      signal,
    });
    return body;
  });

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("broadcast") && this.broadcast !== "") void this.#read.load();
  }

  override render(): TemplateResult {
    const { state } = this.#read;
    return html`<div>
        <p class="way">
          <a href="/dashboard/${this.channel}/analytics">${reportTexts.allAnalytics}</a>
        </p>
        ${state.kind === "ready" ? this.#renderHead(state.answer) : nothing}
      </div>
      ${this.#renderBody()}`;
  }

  #renderHead({ broadcast }: BroadcastAnalytics): TemplateResult {
    const { title, startedAt, endedAt, durationMs } = broadcast;
    const length = endedAt === null ? reportTexts.onAir : durationText(durationMs);
    return html`<h2>${shownTitle({ name: this.channel, title })}</h2>
      <p class="lead">${reportTexts.began(momentText(Date.parse(startedAt)), length)}</p>`;
  }

  #renderBody(): TemplateResult {
    const { state } = this.#read;
    switch (state.kind) {
      case "loading":
        return html`<section class="panel">${loadingBlock(8)}</section>`;
      case "failed":
        return errorBlock(state.error, () => void this.#read.load());
      case "ready":
        return this.#renderReport(state.answer);
    }
  }

  #renderReport(analytics: BroadcastAnalytics): TemplateResult {
    const { broadcast } = analytics;
    const isOver = broadcast.endedAt !== null;
    // Half a show has less of everything than a whole one.
    const earlier = isOver ? analytics.earlier : null;
    if (this.#made?.of !== analytics) this.#made = madeOf(analytics, this.channel);
    const { span } = this.#made;
    const than = earlier === null ? "" : reportTexts.comparedWith(earlier.count);
    const alone = isOver || analytics.earlier === null ? reportTexts.firstBroadcast : reportTexts.comparedLater;
    const compared = earlier === null ? alone : comparedText(than);
    return html`<section class="panel totals" aria-label=${reportTexts.totals}>
        ${figureCards(reportTexts.totals, figuresOf(analytics, earlier), than)}
        <p class="than">${compared} ${broadcast.isFinal ? "" : reportTexts.notFinal}</p>
      </section>
      ${broadcast.sessions === 0 && broadcast.messages === 0
        ? emptyBlock(reportTexts.watchAlone, reportTexts.watchAloneText)
        : this.#renderCharts(analytics, this.#made)}
      <rillcast-quality-panel .channel=${this.channel} .span=${span}></rillcast-quality-panel>
      <section class="panel">
        <rillcast-broadcast-health .broadcast=${broadcast.id}></rillcast-broadcast-health>
      </section>`;
  }

  #renderCharts(analytics: BroadcastAnalytics, { timeline, retention }: Made): TemplateResult {
    const name = `${this.channel}-${analytics.broadcast.startedAt.slice(0, 10)}`;
    return html`<section class="panel large" aria-labelledby="timeline">
        <h2 id="timeline">${reportTexts.timelineHeading}</h2>
        <p class="lead">${analyticsTexts.viewersText}</p>
        <rillcast-chart
          name=${reportTexts.timelineHeading}
          file-name="${name}-viewers"
          .model=${timeline}
        ></rillcast-chart>
        ${this.#renderTitles(analytics)}
      </section>
      <div class="pair">
        <section class="panel" aria-labelledby="retention">
          <h2 id="retention">${reportTexts.retentionHeading}</h2>
          ${analytics.broadcast.unique === 0
            ? emptyBlock(reportTexts.watchAlone, reportTexts.watchAloneText)
            : html`<p class="strong">${staysText(analytics)}</p>
                <rillcast-chart
                  name=${reportTexts.retentionHeading}
                  file-name="${name}-retention"
                  .model=${retention}
                ></rillcast-chart>
                <p class="lead">${reportTexts.retentionText}</p>`}
        </section>
        <section class="panel" aria-labelledby="moments">
          <h2 id="moments">${reportTexts.momentsHeading}</h2>
          ${analytics.moments.length === 0
            ? emptyBlock(reportTexts.noMoments, reportTexts.noMomentsText)
            : html`<p class="lead">${reportTexts.momentsText}</p>
                <ol class="moments">
                  ${analytics.moments.map((moment) => renderMoment(moment))}
                </ol>`}
        </section>
      </div>`;
  }

  #renderTitles({ titles, broadcast }: BroadcastAnalytics): TemplateResult | typeof nothing {
    const history = titleHistory(titles, broadcast.startedAt);
    if (history.length < 2) return nothing;
    return html`<div>
      <h3>${reportTexts.titlesHeading}</h3>
      <ol class="rows">
        ${history.map(
          ({ title, atMs }) => html`<li class="row">
            <span class="words">${shownTitle({ name: this.channel, title })}</span>
            <span class="lead">${positionText(atMs)}</span>
          </li>`,
        )}
      </ol>
    </div>`;
  }
}

function renderMoment({ mediaTimeMs, reason, messages, viewersGained }: Moment): TemplateResult {
  const facts = [
    ...(messages > 0 ? [reportTexts.momentMessages(messages)] : []),
    ...(viewersGained > 0 ? [reportTexts.momentViewers(viewersGained)] : []),
  ];
  return html`<li>
    <b>${positionText(mediaTimeMs)}</b>
    <p>${reportTexts.momentReasons[reason]}</p>
    <p class="facts">${facts.join(" · ")}</p>
  </li>`;
}

function madeOf(analytics: BroadcastAnalytics, channel: string): Made {
  const { startedAt, endedAt } = analytics.broadcast;
  const fromMs = Date.parse(startedAt);
  const toMs = endedAt === null ? Date.now() : Date.parse(endedAt);
  return {
    of: analytics,
    timeline: timelineModel(analytics, channel),
    retention: retentionModel(analytics),
    span: { fromMs, toMs: Math.max(toMs, fromMs + 1) },
  };
}

function figuresOf({ broadcast }: BroadcastAnalytics, earlier: EarlierMeans | null): Figure[] {
  const change = (
    key: "watchMs" | "unique" | "peak" | "mean" | "watchMsPerViewer" | "messages" | "followersGained",
  ): Pick<Figure, "change"> =>
    earlier === null ? {} : { change: changeOf(broadcast[key], earlier[key]) };
  return [
    { name: analyticsTexts.watchTime, value: watchText(broadcast.watchMs), ...change("watchMs") },
    { name: analyticsTexts.uniqueViewers, value: wholeText(broadcast.unique), ...change("unique") },
    { name: reportTexts.visits, value: wholeText(broadcast.sessions) },
    { name: analyticsTexts.peak, value: wholeText(broadcast.peak), ...change("peak") },
    { name: analyticsTexts.mean, value: meanText(broadcast.mean), ...change("mean") },
    {
      name: reportTexts.perViewer,
      value: watchText(broadcast.watchMsPerViewer),
      ...change("watchMsPerViewer"),
    },
    { name: analyticsTexts.messages, value: wholeText(broadcast.messages), ...change("messages") },
    {
      name: analyticsTexts.followersGained,
      value: wholeText(broadcast.followersGained),
      hint: analyticsTexts.lostHint(broadcast.followersLost),
      ...change("followersGained"),
    },
  ];
}
