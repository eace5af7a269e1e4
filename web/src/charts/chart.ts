import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { createRef, ref } from "lit/directives/ref.js";

import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { chartTexts } from "../texts/charts.js";
import { csvOf, saveText } from "./chart-csv.js";
import type { ChartModel, ChartSeries } from "./chart-model.js";
import { hasValues, structureOf } from "./chart-model.js";
import { paletteOf } from "./chart-palette.js";
import type { ChartPlot } from "./chart-plot.js";
import type { ChartReading } from "./chart-reading.js";
import { indexAfter, readingAt, readingText, summaryText } from "./chart-reading.js";
import { chartStyle } from "./chart-style.js";
import "./chart-table.js";

/** A reading stands this far beside the line it belongs to. */
const TIP_GAP_PX = 14;

/**
 * Series over time, as a drawing or as a table, to keep as a file.
 *
 * The drawing is read with the mouse, a finger or the arrow keys, as a slider is: its value is the
 * reading. What draws is loaded when the first chart is shown. `--chart-height` is its height.
 */
@customElement("rillcast-chart")
export class Chart extends LitElement {
  static override styles: CSSResultGroup = [buttonStyle, hiddenTextStyle, chartStyle];

  /** What the chart is of: its accessible name, and the caption of its table. */
  @property() name = "";
  /** What the file of values is called, without its ending. */
  @property({ attribute: "file-name" }) fileName = "chart";
  @property({ attribute: false }) model: ChartModel | null = null;

  @state() private isTable = false;
  @state() private hasFailed = false;
  @state() private isZoomed = false;
  @state() private hiddenLabels: ReadonlySet<string> = new Set();
  /** The time that is read now; null for none. */
  @state() private index: number | null = null;
  @query(".plot") private readonly host!: HTMLElement | null;

  readonly #tip = createRef<HTMLElement>();
  #plot: ChartPlot | null = null;
  #structure = "";
  /** What has been drawn, and where. */
  #shown: ChartModel | null = null;
  #stage: HTMLElement | null = null;
  #tipLeftPx = 0;
  #drawing = 0;
  readonly #sizes = new ResizeObserver(() => {
    if (this.host !== null) this.#plot?.resize(this.host);
    // The new size holds from the next microtask on, and moves what is read.
    queueMicrotask(() => {
      if (this.index !== null && this.#plot !== null) this.#point(this.index);
      this.#placeTip();
    });
  });
  readonly #scheme = matchMedia("(prefers-color-scheme: light)");

  override connectedCallback(): void {
    super.connectedCallback();
    this.#scheme.addEventListener("change", this.#redraw);
    if (this.hasUpdated) this.requestUpdate("model");
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#scheme.removeEventListener("change", this.#redraw);
    this.#erase();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("model") && this.index !== null) {
      const count = this.model?.times.length ?? 0;
      this.index = count === 0 ? null : Math.min(this.index, count - 1);
    }
  }

  override updated(): void {
    void this.#draw();
    this.#placeTip();
  }

  override render(): TemplateResult | typeof nothing {
    const { model } = this;
    if (model === null) return nothing;
    if (!hasValues(model)) return html`<p class="note">${chartTexts.empty}</p>`;
    const isTable = this.isTable || this.hasFailed;
    return html`<figure aria-label=${this.name}>
      <div class="bar">
        <ul class="legend" aria-label=${chartTexts.series}>
          ${model.series.map((series) => this.#renderKey(series))}
        </ul>
        <div class="tools">${this.#renderTools(isTable)}</div>
      </div>
      ${this.hasFailed ? html`<p class="note" role="status">${chartTexts.loadFailed}</p>` : nothing}
      ${isTable
        ? html`<rillcast-chart-table .name=${this.name} .model=${model}></rillcast-chart-table>`
        : this.#renderStage(model)}
    </figure>`;
  }

  #renderKey(series: ChartSeries): TemplateResult {
    const isShown = !this.hiddenLabels.has(series.label);
    return html`<li>
      <button
        type="button"
        aria-pressed=${isShown}
        @click=${() => { this.#toggle(series.label); }}
      >
        <i class="${series.shape} colour-${series.colour}" aria-hidden="true"></i>${series.label}
      </button>
    </li>`;
  }

  #renderTools(isTable: boolean): TemplateResult {
    return html`${this.isZoomed && !isTable
        ? html`<button type="button" @click=${() => this.#plot?.showAll()}>
            ${chartTexts.wholeRange}
          </button>`
        : nothing}
      ${this.hasFailed
        ? nothing
        : html`<button
            type="button"
            aria-label=${isTable ? chartTexts.asChartOf(this.name) : chartTexts.asTableOf(this.name)}
            @click=${() => { this.isTable = !isTable; }}
          >
            ${isTable ? chartTexts.asChart : chartTexts.asTable}
          </button>`}
      <button type="button" aria-label=${chartTexts.csvOf(this.name)} @click=${this.#save}>
        ${chartTexts.csv}
      </button>`;
  }

  #renderStage(model: ChartModel): TemplateResult {
    const reading = this.#reading(model);
    const last = model.times.length - 1;
    return html`<div class="stage">
      <p id="summary" class="hidden-text">${summaryText(model)}</p>
      <div
        class="plot ${this.#plot === null ? "pending" : ""}"
        role="slider"
        tabindex="0"
        aria-label=${this.name}
        aria-describedby="summary"
        aria-valuemin="0"
        aria-valuemax=${last}
        aria-valuenow=${this.index ?? last}
        aria-valuetext=${reading === null ? chartTexts.notRead : readingText(reading)}
        @keydown=${this.#onKey}
        @blur=${() => { this.#point(null); }}
      ></div>
      ${reading === null ? nothing : this.#renderTip(reading)}
    </div>`;
  }

  #renderTip({ time, values, marker }: ChartReading): TemplateResult {
    return html`<div class="tip" aria-hidden="true" ${ref(this.#tip)}>
      <p class="time">${time}</p>
      <dl>
        ${values.map(
          ({ series, text }) => html`<div>
            <dt><i class="${series.shape} colour-${series.colour}"></i>${series.label}</dt>
            <dd>${text}</dd>
          </div>`,
        )}
      </dl>
      ${marker === null ? nothing : html`<p class="marker">${marker}</p>`}
    </div>`;
  }

  #reading(model: ChartModel): ChartReading | null {
    return this.index === null
      ? null
      : readingAt(model, this.index, ({ label }) => !this.hiddenLabels.has(label));
  }

  async #draw(): Promise<void> {
    const { model, host } = this;
    if (model === null || host === null || this.hasFailed) {
      this.#erase();
      return;
    }
    const structure = structureOf(model);
    if (this.#plot !== null && this.#structure === structure && this.#stage === host) {
      if (this.#shown !== model) this.#plot.show(model);
      this.#shown = model;
      return;
    }
    this.#erase();
    const drawing = this.#drawing;
    try {
      const { ChartPlot } = await import("./chart-plot.js");
      // Something newer has been asked for, or the chart is gone.
      if (drawing !== this.#drawing || !this.isConnected || this.host !== host) return;
      const listener = {
        onPoint: (index: number | null, leftPx: number): void => {
          this.#tipLeftPx = leftPx;
          this.index = index;
        },
        onZoom: (isZoomed: boolean): void => {
          this.isZoomed = isZoomed;
        },
      };
      this.#plot = new ChartPlot(host, model, paletteOf(this), listener);
    } catch {
      this.hasFailed = true;
      return;
    }
    this.#structure = structure;
    this.#shown = model;
    this.#stage = host;
    this.#sizes.observe(host);
    model.series.forEach(({ label }, index) => {
      if (this.hiddenLabels.has(label)) this.#plot?.reveal(index, false);
    });
    this.requestUpdate();
  }

  #erase(): void {
    this.#drawing += 1;
    this.#sizes.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
    this.#shown = null;
    this.#stage = null;
  }

  #placeTip(): void {
    const tip = this.#tip.value;
    if (tip === undefined || this.host === null) return;
    const room = this.host.clientWidth;
    const right = this.#tipLeftPx + TIP_GAP_PX;
    const left = this.#tipLeftPx - TIP_GAP_PX - tip.offsetWidth;
    const place = right + tip.offsetWidth <= room ? right : Math.max(0, left);
    tip.style.left = `${place}px`;
  }

  #toggle(label: string): void {
    const hidden = new Set(this.hiddenLabels);
    const isShown = hidden.delete(label);
    if (!isShown) hidden.add(label);
    this.hiddenLabels = hidden;
    const index = this.model?.series.findIndex((series) => series.label === label) ?? -1;
    if (index >= 0) this.#plot?.reveal(index, isShown);
  }

  #point(index: number | null): void {
    this.index = index;
    this.#plot?.point(index);
    if (index !== null && this.#plot !== null) this.#tipLeftPx = this.#plot.leftOf(index);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const { model } = this;
    if (model === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = model.times.length - 1;
    const index = this.index ?? last;
    const target =
      this.index === null && event.key.startsWith("Arrow")
        ? last
        : indexAfter(event.key, index, model.times.length);
    if (target !== null) this.#point(target);
    else if (event.key === "+" || event.key === "-") {
      this.#plot?.zoom(event.key === "+" ? "in" : "out", index);
      // The new scale holds from the next microtask on.
      queueMicrotask(() => { this.#point(index); });
    } else if (event.key === "Escape" && this.index !== null) this.#point(null);
    else return;
    event.preventDefault();
  };

  readonly #save = (): void => {
    if (this.model !== null) saveText(`${this.fileName}.csv`, csvOf(this.model));
  };

  readonly #redraw = (): void => {
    this.#erase();
    this.requestUpdate();
  };
}
