import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { BroadcastFigures } from "../api/analytics-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { panelStyle } from "../dashboard/panel-style.js";
import { blockStyle, emptyBlock, errorBlock, loadingBlock } from "../forms/blocks.js";
import { analyticsTexts } from "../texts/analytics.js";
import "./broadcast-comparison.js";
import { PanelRead } from "./panel-read.js";
import "./quality-panel.js";
import type { RangeChosenEvent } from "./range-picker.js";
import "./range-picker.js";
import type { RangeChoice, TimeSpan } from "./range.js";
import { choiceOf, searchOf, spanBefore, spanOf } from "./range.js";
import "./viewers-panels.js";

/** What is shown, and what it is compared with. Made once for a choice: reads follow the object. */
interface Shown {
  readonly span: TimeSpan;
  readonly before: TimeSpan | null;
  readonly than: string;
}

/** A channel's viewers and how it played, over a time that the address names. */
@customElement("rillcast-channel-analytics")
export class ChannelAnalytics extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    blockStyle,
    panelStyle,
    css`
      h2 {
        margin: 0;
        font-size: var(--text-l);
      }
    `,
  ];

  @property() channel = "";

  @state() private choice: RangeChoice = choiceOf(location.search);
  @state() private shown: Shown | null = null;

  /** The last two broadcasts: whether there was one at all, and what the last is compared with. */
  readonly #last = new PanelRead<readonly BroadcastFigures[]>(this, async (signal) => {
    const { body } = await api.get("/channels/{channel}/analytics/broadcasts", {
      path: { channel: this.channel },
      query: { limit: 2 },
      signal,
    });
    return body.items;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.choice = choiceOf(location.search);
  }

  override willUpdate(): void {
    const { state } = this.#last;
    if (this.shown !== null || state.kind === "loading") return;
    const broadcasts = state.kind === "ready" ? state.answer : [];
    this.shown = shownOf(this.choice, broadcasts, Date.now());
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("channel") && this.channel !== "") {
      this.shown = null;
      void this.#last.load();
    }
  }

  override render(): TemplateResult {
    const { state } = this.#last;
    if (state.kind === "loading") return html`<section class="panel">${loadingBlock(8)}</section>`;
    if (state.kind === "ready" && state.answer.length === 0) {
      return emptyBlock(
        analyticsTexts.noBroadcast,
        analyticsTexts.noBroadcastText,
        html`<a class="button primary" href="/dashboard/${this.channel}">${analyticsTexts.goLive}</a>`,
      );
    }
    return html`<h2 class="hidden-text">${analyticsTexts.heading}</h2>
      <rillcast-range-picker
        .choice=${this.choice}
        @range-chosen=${this.#onChosen}
      ></rillcast-range-picker>
      ${this.#renderShown()}
      <rillcast-broadcast-comparison .channel=${this.channel}></rillcast-broadcast-comparison>`;
  }

  #renderShown(): TemplateResult {
    const { shown, channel } = this;
    const { state } = this.#last;
    if (shown === null) {
      // The last broadcast was asked for, and which that is could not be read.
      return html`<section class="panel" aria-label=${analyticsTexts.viewersHeading}>
        <h2>${analyticsTexts.viewersHeading}</h2>
        ${errorBlock(state.kind === "failed" ? state.error : null, () => void this.#last.load())}
      </section>`;
    }
    return html`<rillcast-viewers-panels
        .channel=${channel}
        .span=${shown.span}
        .spanBefore=${shown.before}
        .than=${shown.than}
      ></rillcast-viewers-panels>
      <rillcast-quality-panel .channel=${channel} .span=${shown.span}></rillcast-quality-panel>`;
  }

  readonly #onChosen = ({ choice }: RangeChosenEvent): void => {
    this.choice = choice;
    this.shown = null;
    history.replaceState(history.state, "", searchOf(choice));
  };
}

function shownOf(
  choice: RangeChoice,
  broadcasts: readonly BroadcastFigures[],
  nowMs: number,
): Shown | null {
  const [last, beforeLast] = broadcasts.map((broadcast) => spanOfBroadcast(broadcast, nowMs));
  const span = spanOf(choice, last ?? null, nowMs);
  if (span === null) return null;
  if (choice.kind === "named" && choice.name === "last") {
    // Half a show has less of everything than a whole one.
    const isOver = (broadcasts[0]?.endedAt ?? null) !== null;
    return { span, before: (isOver ? beforeLast : null) ?? null, than: analyticsTexts.beforeShow };
  }
  return { span, before: spanBefore(span), than: analyticsTexts.before };
}

function spanOfBroadcast({ startedAt, endedAt }: BroadcastFigures, nowMs: number): TimeSpan {
  const fromMs = Date.parse(startedAt);
  const toMs = endedAt === null ? nowMs : Date.parse(endedAt);
  return { fromMs, toMs: Math.max(toMs, fromMs + 1) };
}
