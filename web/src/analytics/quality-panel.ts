import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { Quality, QualityFigures, QualityGroup } from "../api/analytics-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import "../charts/chart.js";
import type { ChartModel } from "../charts/chart-model.js";
import { panelStyle } from "../dashboard/panel-style.js";
import { blockStyle, emptyBlock, errorBlock, loadingBlock } from "../forms/blocks.js";
import { formStyle } from "../forms/form-style.js";
import { meanText, qualityTexts, shareText, shortTimeText, watchText, wholeText } from "../texts/analytics.js";
import { bitrateText } from "../wording.js";
import type { Figure } from "./figure-cards.js";
import { figureCardStyle, figureCards } from "./figure-cards.js";
import { figureTableStyle } from "./figure-table-style.js";
import { groupName } from "./group-name.js";
import { PanelRead } from "./panel-read.js";
import { delaysModel, stallsModel } from "./quality-model.js";
import type { TimeSpan } from "./range.js";
import { rangeQuery } from "./range.js";

type Label = keyof typeof qualityTexts.byNames;

/** How well a channel played in a time: figures, charts, and both split by who watched. */
@customElement("rillcast-quality-panel")
export class QualityPanel extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    blockStyle,
    formStyle,
    panelStyle,
    figureCardStyle,
    figureTableStyle,
    css`
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr));
        gap: var(--space-5);
        --chart-height: 11rem;
      }
      .pair > div {
        display: grid;
        gap: var(--space-2);
        align-content: start;
        min-width: 0;
      }
      .split {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-3);
        align-items: center;
      }
      .split label {
        font-size: var(--text-s);
        font-weight: 600;
      }
      .split select {
        width: auto;
      }
    `,
  ];

  @property() channel = "";
  @property({ attribute: false }) span: TimeSpan | null = null;

  @state() private by: Label = "browser";
  #made: { of: Quality; delays: ChartModel; stalls: ChartModel } | null = null;

  readonly #read = new PanelRead<Quality>(this, async (signal) => {
    const { span } = this;
    if (span === null) throw new Error("no time was chosen");
    const { body } = await api.get("/channels/{channel}/analytics/quality", {
      path: { channel: this.channel },
      query: { ...rangeQuery(span), by: this.by },
      signal,
    });
    return body;
  });

  override updated(changed: PropertyValues): void {
    const isAnother = changed.has("channel") || changed.has("span") || changed.has("by");
    if (isAnother && this.channel !== "" && this.span !== null) void this.#read.load();
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-labelledby="quality" aria-busy=${this.#read.isRenewing}>
      <h2 id="quality">${qualityTexts.heading}</h2>
      <p class="lead">${qualityTexts.lead}</p>
      ${this.#renderBody()}
    </section>`;
  }

  #renderBody(): TemplateResult {
    const { state } = this.#read;
    switch (state.kind) {
      case "loading":
        return loadingBlock(4);
      case "failed":
        return errorBlock(state.error, () => void this.#read.load());
      case "ready":
        return state.answer.total.sessions === 0 && state.answer.total.watchedMs === 0
          ? emptyBlock(qualityTexts.none, qualityTexts.noneText)
          : this.#renderQuality(state.answer);
    }
  }

  #renderQuality(quality: Quality): TemplateResult {
    if (this.#made?.of !== quality) {
      this.#made = { of: quality, delays: delaysModel(quality), stalls: stallsModel(quality) };
    }
    const { delays, stalls } = this.#made;
    const name = `${this.channel}-${quality.from.slice(0, 10)}`;
    return html`${figureCards(qualityTexts.heading, figuresOf(quality.total))}
      <div class="pair">
        <div>
          <h3>${qualityTexts.timeHeading}</h3>
          <rillcast-chart
            name=${qualityTexts.timeHeading}
            file-name="${name}-delays"
            .model=${delays}
          ></rillcast-chart>
        </div>
        <div>
          <h3>${qualityTexts.stalledHeading}</h3>
          <rillcast-chart
            name=${qualityTexts.stalledHeading}
            file-name="${name}-stalls"
            .model=${stalls}
          ></rillcast-chart>
        </div>
      </div>
      <div class="split">
        <label for="by">${qualityTexts.by}</label>
        <select id="by" .value=${this.by} @change=${this.#onSplit}>
          ${Object.entries(qualityTexts.byNames).map(
            ([by, name]) => html`<option value=${by} ?selected=${by === this.by}>${name}</option>`,
          )}
        </select>
      </div>
      ${this.#renderGroups(quality)}`;
  }

  #renderGroups({ groups, by }: Quality): TemplateResult | typeof nothing {
    if (by === null) return nothing;
    if (groups.length === 0) return html`<p class="lead">${qualityTexts.noGroups}</p>`;
    const caption = qualityTexts.splitCaption(qualityTexts.byNames[by]);
    return html`<div class="table-frame" role="region" aria-label=${caption} tabindex="0">
      <table>
        <caption>
          ${caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">${qualityTexts.byNames[by]}</th>
            <th scope="col">${qualityTexts.visits}</th>
            <th scope="col">${qualityTexts.watched}</th>
            <th scope="col">${qualityTexts.startup}<small>${qualityTexts.half}</small></th>
            <th scope="col">${qualityTexts.startup}<small>${qualityTexts.most}</small></th>
            <th scope="col">${qualityTexts.latency}<small>${qualityTexts.half}</small></th>
            <th scope="col">${qualityTexts.stalls}</th>
            <th scope="col">${qualityTexts.errors}</th>
          </tr>
        </thead>
        <tbody>
          ${groups.map((group) => this.#renderGroup(group, by))}
        </tbody>
      </table>
    </div>`;
  }

  #renderGroup(group: QualityGroup, by: Label): TemplateResult {
    return html`<tr>
      <th scope="row">${groupName(by, group.value)}</th>
      <td>${wholeText(group.sessions)}</td>
      <td>${watchText(group.watchedMs)}</td>
      <td>${known(group.startupMs?.p50, shortTimeText)}</td>
      <td>${known(group.startupMs?.p95, shortTimeText)}</td>
      <td>${known(group.latencyMs?.p50, shortTimeText)}</td>
      <td>${known(group.stallRatio, shareText)}</td>
      <td>${wholeText(group.fatalErrors)}</td>
    </tr>`;
  }

  readonly #onSplit = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    if (isLabel(value)) this.by = value;
  };
}

function isLabel(word: string): word is Label {
  return Object.hasOwn(qualityTexts.byNames, word);
}

function known(value: number | null | undefined, text: (value: number) => string): string {
  return value === null || value === undefined ? qualityTexts.unknown : text(value);
}

function figuresOf(total: QualityFigures): Figure[] {
  const { startupMs, latencyMs } = total;
  return [
    {
      name: qualityTexts.startup,
      value: known(startupMs?.p50, shortTimeText),
      hint: startupMs === null ? qualityTexts.startupHint : qualityTexts.upTo(shortTimeText(startupMs.p95)),
    },
    {
      name: qualityTexts.latency,
      value: known(latencyMs?.p50, shortTimeText),
      hint: latencyMs === null ? qualityTexts.latencyHint : qualityTexts.upTo(shortTimeText(latencyMs.p95)),
    },
    {
      name: qualityTexts.stalls,
      value: known(total.stallRatio, shareText),
      hint: qualityTexts.stallsHint(known(total.stallsPerHour, meanText)),
    },
    {
      name: qualityTexts.bitrate,
      value: known(total.bitrateBps, bitrateText),
      hint: qualityTexts.bitrateHint,
    },
    {
      name: qualityTexts.dropped,
      value: known(total.droppedFrameRatio, shareText),
      hint: qualityTexts.droppedHint,
    },
    {
      name: qualityTexts.errors,
      value: wholeText(total.fatalErrors),
      hint: qualityTexts.errorsHint(total.sessions),
    },
  ];
}
