import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import type { ChannelViewers } from "../api/analytics-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import "../charts/chart.js";
import { panelStyle } from "../dashboard/panel-style.js";
import { blockStyle, emptyBlock, errorBlock, loadingBlock } from "../forms/blocks.js";
import { analyticsTexts, comparedText, meanText, watchText, wholeText } from "../texts/analytics.js";
import { momentText } from "../texts/spans.js";
import { changeOf } from "./change.js";
import type { Figure } from "./figure-cards.js";
import { figureCardStyle, figureCards } from "./figure-cards.js";
import { PanelRead } from "./panel-read.js";
import type { TimeSpan } from "./range.js";
import { rangeQuery } from "./range.js";
import { followersModel, viewersModel, watchModel } from "./viewers-model.js";

/** A range, and the one before it where that could be read. */
interface Compared {
  readonly now: ChannelViewers;
  readonly before: ChannelViewers | null;
}

/** Who watched a channel in a time: totals, and viewers, watch time and followers as charts. */
@customElement("rillcast-viewers-panels")
export class ViewersPanels extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    blockStyle,
    panelStyle,
    figureCardStyle,
    css`
      .panel[aria-busy="true"] {
        opacity: 0.6;
      }
      .large {
        --chart-height: clamp(14rem, 34vh, 20rem);
      }
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr));
        gap: var(--space-5);
      }
      .pair .panel {
        align-content: start;
        --chart-height: 12rem;
      }
    `,
  ];

  @property() channel = "";
  @property({ attribute: false }) span: TimeSpan | null = null;
  /** What totals are compared with; null for nothing. */
  @property({ attribute: false }) spanBefore: TimeSpan | null = null;
  /** How that reads: "the time before". */
  @property() than = "";

  readonly #read = new PanelRead<Compared>(this, async (signal) => {
    const { span, spanBefore } = this;
    if (span === null) throw new Error("no time was chosen");
    const [now, earlier] = await Promise.all([
      this.#ask(span, signal),
      // Without it there are figures without a comparison.
      spanBefore === null ? null : this.#ask(spanBefore, signal).catch(() => null),
    ]);
    return { now, before: earlier };
  });

  #made: { of: ChannelViewers; models: ReturnType<typeof modelsOf> } | null = null;

  override updated(changed: PropertyValues<this>): void {
    const isAnother = changed.has("channel") || changed.has("span");
    if (isAnother && this.channel !== "" && this.span !== null) void this.#read.load();
  }

  override render(): TemplateResult {
    const { state, isRenewing } = this.#read;
    switch (state.kind) {
      case "loading":
        return html`<section class="panel">${loadingBlock(6)}</section>`;
      case "failed":
        return html`<section class="panel" aria-label=${analyticsTexts.viewersHeading}>
          <h2>${analyticsTexts.viewersHeading}</h2>
          ${errorBlock(state.error, () => void this.#read.load())}
        </section>`;
      case "ready":
        return this.#renderAll(state.answer, isRenewing);
    }
  }

  #renderAll({ now, before }: Compared, isBusy: boolean): TemplateResult {
    const { sessions, messages } = now.totals;
    const isEmpty = sessions === 0 && messages === 0 && isSteadyIn(now);
    if (now.computedUntil === null) {
      return emptyBlock(analyticsTexts.notCounted, analyticsTexts.notCountedText);
    }
    return html`<section class="panel" aria-busy=${isBusy} aria-label=${analyticsTexts.totals}>
        ${figureCards(analyticsTexts.totals, figuresOf(now, before), this.than)}
        ${this.#renderNote(now, before)}
      </section>
      ${isEmpty
        ? html`<section class="panel">
            ${isOnAir(now)
              ? emptyBlock(analyticsTexts.notCounted, analyticsTexts.notCountedText)
              : emptyBlock(analyticsTexts.nothingThen, analyticsTexts.nothingThenText)}
          </section>`
        : this.#renderCharts(now, isBusy)}`;
  }

  #renderNote(now: ChannelViewers, before: ChannelViewers | null): TemplateResult {
    const counted = analyticsTexts.countedUntil(momentText(Date.parse(now.computedUntil ?? now.until)));
    const isCompared = figuresOf(now, before).some(({ change }) => (change ?? null) !== null);
    const compared = isCompared ? comparedText(this.than) : "";
    return html`<p class="than">${counted} ${compared}</p>`;
  }

  #renderCharts(now: ChannelViewers, isBusy: boolean): TemplateResult {
    const name = `${this.channel}-${now.since.slice(0, 10)}`;
    const isSteady = isSteadyIn(now);
    return html`<section class="panel large" aria-busy=${isBusy} aria-labelledby="viewers">
        <h2 id="viewers">${analyticsTexts.viewersHeading}</h2>
        ${now.titles.length === 0
          ? nothing
          : html`<p class="lead">${analyticsTexts.viewersText}</p>`}
        <rillcast-chart
          name=${analyticsTexts.viewersHeading}
          file-name="${name}-viewers"
          .model=${this.#models(now).viewers}
        ></rillcast-chart>
      </section>
      <div class="pair">
        <section class="panel" aria-busy=${isBusy} aria-labelledby="watch">
          <h2 id="watch">${analyticsTexts.watchHeading}</h2>
          <rillcast-chart
            name=${analyticsTexts.watchHeading}
            file-name="${name}-watch-time"
            .model=${this.#models(now).watch}
          ></rillcast-chart>
        </section>
        <section class="panel" aria-busy=${isBusy} aria-labelledby="followers">
          <h2 id="followers">${analyticsTexts.followersHeading}</h2>
          ${isSteady
            ? html`<p class="lead">${analyticsTexts.noFollowers}</p>`
            : html`<rillcast-chart
                name=${analyticsTexts.followersHeading}
                file-name="${name}-followers"
                .model=${this.#models(now).followers}
              ></rillcast-chart>`}
          <p class="lead">${analyticsTexts.followersNow(now.followers)}</p>
        </section>
      </div>`;
  }

  /** Made once for each answer: a chart draws anew whatever is a new object. */
  #models(now: ChannelViewers): ReturnType<typeof modelsOf> {
    if (this.#made?.of !== now) this.#made = { of: now, models: modelsOf(now, this.channel) };
    return this.#made.models;
  }

  async #ask(span: TimeSpan, signal: AbortSignal): Promise<ChannelViewers> {
    const { body } = await api.get("/channels/{channel}/analytics/viewers", {
      path: { channel: this.channel },
      query: rangeQuery(span),
      signal,
    });
    return body;
  }
}

/** Whether nobody began or stopped following. */
function isSteadyIn({ totals }: ChannelViewers): boolean {
  return totals.followersGained === 0 && totals.followersLost === 0;
}

/** Whether a show of this time goes on: its first viewers may not have been counted. */
function isOnAir({ broadcasts }: ChannelViewers): boolean {
  return broadcasts.some(({ endedAt }) => endedAt === null);
}

function modelsOf(
  now: ChannelViewers,
  channel: string,
): Record<"viewers" | "watch" | "followers", ReturnType<typeof watchModel>> {
  return {
    viewers: viewersModel(now, channel),
    watch: watchModel(now),
    followers: followersModel(now, Date.now()),
  };
}

function figuresOf({ totals }: ChannelViewers, before: ChannelViewers | null): Figure[] {
  const earlier = before?.totals;
  const change = (key: "watchMs" | "peak" | "unique" | "mean" | "messages" | "followersGained") =>
    earlier === undefined ? {} : { change: changeOf(totals[key], earlier[key]) };
  const { uniqueHint } = analyticsTexts;
  return [
    { name: analyticsTexts.watchTime, value: watchText(totals.watchMs), ...change("watchMs") },
    {
      name: analyticsTexts.uniqueViewers,
      value: wholeText(totals.unique),
      hint: uniqueHint,
      ...change("unique"),
    },
    { name: analyticsTexts.peak, value: wholeText(totals.peak), ...change("peak") },
    { name: analyticsTexts.mean, value: meanText(totals.mean), ...change("mean") },
    { name: analyticsTexts.messages, value: wholeText(totals.messages), ...change("messages") },
    {
      name: analyticsTexts.followersGained,
      value: wholeText(totals.followersGained),
      hint: analyticsTexts.lostHint(totals.followersLost),
      ...change("followersGained"),
    },
  ];
}
