import UPlot from "uplot";

import type { ChartModel, ChartSeries } from "./chart-model.js";
import { drawnShape } from "./chart-model.js";
import type { ChartPalette } from "./chart-palette.js";
import { thin } from "./chart-palette.js";
import { TICK_STEPS_MS, tickTexts } from "./chart-times.js";

const LEFT = "left";
const RIGHT = "right";
/** Room above the highest value, so that a line does not run along the edge. */
const HEADROOM = 1.08;
const WHOLE_STEPS = [1, 2, 5].flatMap((step) =>
  Array.from({ length: 12 }, (_, power) => step * 10 ** power),
);
WHOLE_STEPS.sort((one, other) => one - other);
const HOUR_MS = 3_600_000;
/** Half of the longest text below an axis, so that the last one is not cut: "07:28:30". */
const LAST_TICK_PX = 28;
/** Of axes whose values are times: 1 ms to centuries. */
const VALUE_TIME_STEPS_MS = [
  ...WHOLE_STEPS.filter((step) => step < 1_000),
  ...TICK_STEPS_MS.filter((step) => step <= 12 * HOUR_MS),
  ...WHOLE_STEPS.map((hours) => hours * 10 * HOUR_MS),
].sort((one, other) => one - other);

/** What a drawing tells. */
export interface PlotListener {
  /** The reader points at the time of this number, `left` pixels from the left edge; or at none. */
  readonly onPoint: (index: number | null, leftPx: number) => void;
  /** Whether a part of the range is drawn alone. */
  readonly onZoom: (isZoomed: boolean) => void;
}

/**
 * A chart drawn by uPlot, which puts no more points on the canvas than it has columns.
 *
 * Whoever makes one calls `destroy`: it listens to the window.
 */
export class ChartPlot {
  #model: ChartModel;
  readonly #plot: UPlot;

  /** Draws into `host`, which has a size. */
  constructor(host: HTMLElement, model: ChartModel, palette: ChartPalette, listener: PlotListener) {
    this.#model = model;
    const options = this.#options(host, palette, listener);
    this.#plot = new UPlot(options, dataOf(model), host);
    this.#plot.over.addEventListener("pointermove", this.#onTouch);
    this.#plot.over.addEventListener("pointerdown", this.#onTouch);
  }

  /** Draws other values of the same structure. */
  show(model: ChartModel): void {
    this.#model = model;
    this.#plot.setData(dataOf(model));
  }

  resize(host: HTMLElement): void {
    const size = sizeOf(host);
    if (size.width !== this.#plot.width || size.height !== this.#plot.height) {
      this.#plot.setSize(size);
    }
  }

  /** Shows or hides the series of this number. */
  reveal(seriesIndex: number, isShown: boolean): void {
    this.#plot.setSeries(seriesIndex + 1, { show: isShown });
  }

  /** Points at the time of this number, or at none. */
  point(index: number | null): void {
    const time = index === null ? undefined : this.#model.times[index];
    const left = time === undefined ? -10 : this.#plot.valToPos(time, "x");
    this.#plot.setCursor({ left, top: left < 0 ? -10 : 1 }, false);
  }

  /** Pixels from the host's left edge to where the time of this number is drawn. */
  leftOf(index: number): number {
    const { bbox } = this.#plot;
    const time = this.#model.times[index] ?? 0;
    return bbox.left / UPlot.pxRatio + this.#plot.valToPos(time, "x");
  }

  /** Draws half of the range, or twice as much of it, around the time of this number. */
  zoom(by: "in" | "out", index: number): void {
    const { times } = this.#model;
    const { min, max } = this.#plot.scales.x ?? {};
    const first = times[0];
    const last = times.at(-1);
    const centre = times[index];
    if (min === undefined || max === undefined) return;
    if (first === undefined || last === undefined || centre === undefined) return;
    const half = ((max - min) * (by === "in" ? 0.5 : 2)) / 2;
    if (half * 2 >= last - first) this.showAll();
    else {
      const middle = Math.min(Math.max(centre, first + half), last - half);
      this.#plot.setScale("x", { min: middle - half, max: middle + half });
    }
  }

  showAll(): void {
    const { times } = this.#model;
    const first = times[0];
    const last = times.at(-1);
    if (first === undefined || last === undefined) return;
    const [min, max] = this.#rangeOfTimes(first, last);
    this.#plot.setScale("x", { min, max });
  }

  destroy(): void {
    this.#plot.destroy();
  }

  #options(host: HTMLElement, palette: ChartPalette, listener: PlotListener): UPlot.Options {
    const { timeKind, series } = this.#model;
    const hasRight = series.some(({ axis }) => axis === RIGHT);
    const zone = timeKind === "day" ? { tzDate: utcDate } : {};
    return {
      ...sizeOf(host),
      ...zone,
      ms: 1,
      legend: { show: false },
      padding: [12, hasRight ? 0 : LAST_TICK_PX, 0, 0],
      cursor: {
        y: false,
        drag: { x: true, y: false, dist: 8 },
        points: { size: 9, width: 2, fill: palette.ground },
      },
      series: [{}, ...series.map((one) => seriesOptions(one, palette))],
      scales: {
        x: {
          time: timeKind !== "span",
          range: (_plot, first, last) => this.#rangeOfTimes(first, last),
        },
        [LEFT]: { range: rangeFromZero(reachOf(series, LEFT)) },
        ...(hasRight ? { [RIGHT]: { range: rangeFromZero(reachOf(series, RIGHT)) } } : {}),
      },
      axes: [
        {
          ...axisStyle(palette),
          grid: { show: false },
          ticks: { stroke: palette.line, size: 5 },
          incrs: () => tickStepsFrom(leastStep(this.#model.times)),
          space: 76,
          size: 44,
          values: (_plot, splits, _axis, _space, stepMs) => tickTexts(splits, stepMs, timeKind),
        },
        this.#valueAxis(LEFT, palette),
        ...(hasRight ? [this.#valueAxis(RIGHT, palette)] : []),
      ],
      hooks: {
        drawAxes: [(plot) => { drawMarkers(plot, this.#model, palette); }],
        setCursor: [
          (plot) => {
            const { left, idx } = plot.cursor;
            const isInside = left !== undefined && left >= 0 && typeof idx === "number";
            listener.onPoint(isInside ? idx : null, isInside ? this.leftOf(idx) : 0);
          },
        ],
        setScale: [
          (plot, key) => {
            if (key !== "x") return;
            const { min, max } = plot.scales.x ?? {};
            const { times } = this.#model;
            listener.onZoom((min ?? 0) > (times[0] ?? 0) || (max ?? 0) < (times.at(-1) ?? 0));
          },
        ],
      },
    };
  }

  #valueAxis(key: typeof LEFT | typeof RIGHT, palette: ChartPalette): UPlot.Axis {
    const own = this.#model.series.filter(({ axis }) => (axis ?? LEFT) === key);
    const first = own[0];
    const steps = { whole: WHOLE_STEPS, time: VALUE_TIME_STEPS_MS, any: null }[first?.ticks ?? "any"];
    return {
      ...axisStyle(palette),
      scale: key,
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- its names are types alone
      side: key === LEFT ? 3 : 1,
      grid: key === LEFT ? { stroke: palette.line, width: 1 } : { show: false },
      ticks: { show: false },
      ...(steps === null ? {} : { incrs: steps }),
      size: (_plot, texts) => axisWidthPx(texts),
      values: (_plot, splits) => splits.map((value) => axisText(value, first)),
      space: 44,
    };
  }

  /** Bars stand on their times: the first and the last need room beside them. */
  #rangeOfTimes(first: number, last: number): [number, number] {
    const { times, series } = this.#model;
    const isAll = first === times[0] && last === times.at(-1);
    const hasBars = series.some((one) => drawnShape(one) === "bars");
    if (!isAll || !hasBars) return first < last ? [first, last] : [first - 1, last + 1];
    const half = leastStep(times) / 2;
    return [first - half, last + half];
  }

  /** A finger reads as a mouse does; the page still scrolls up and down. */
  readonly #onTouch = (event: PointerEvent): void => {
    if (event.pointerType === "mouse") return;
    const { left } = this.#plot.over.getBoundingClientRect();
    this.#plot.setCursor({ left: event.clientX - left, top: 1 });
  };
}

/** The least time between two neighbours; a minute where there are none. */
function leastStep(times: readonly number[]): number {
  let least = Infinity;
  for (let index = 1; index < times.length; index += 1) {
    least = Math.min(least, (times[index] ?? 0) - (times[index - 1] ?? 0));
  }
  return least === Infinity ? 60_000 : least;
}

function dataOf({ times, series }: ChartModel): UPlot.AlignedData {
  // uPlot writes to none of them.
  return [times as number[], ...series.map(({ values }) => values as (number | null)[])];
}

function sizeOf(host: HTMLElement): { width: number; height: number } {
  return { width: Math.max(120, host.clientWidth), height: Math.max(80, host.clientHeight) };
}

function utcDate(time: number): Date {
  return UPlot.tzDate(new Date(time), "Etc/UTC");
}

function rangeFromZero(reach: number): UPlot.Range.Function {
  return (_plot, least, most) => {
    // Without a single value there are none of them, whatever the types say.
    const [low, high] = [least, most] as [number | null, number | null];
    const top = Math.max(reach, high ?? 0);
    return [Math.min(0, low ?? 0), top > 0 ? top * HEADROOM : 1];
  };
}

function reachOf(series: readonly ChartSeries[], key: typeof LEFT | typeof RIGHT): number {
  const own = series.filter(({ axis }) => (axis ?? LEFT) === key);
  return Math.max(0, ...own.map(({ reach }) => reach ?? 0));
}

/** Nothing is known of what lies between two times: no tick stands there. */
function tickStepsFrom(leastMs: number): number[] {
  const steps = TICK_STEPS_MS.filter((step) => step >= leastMs);
  return steps.length === 0 ? TICK_STEPS_MS.slice(-1) : steps;
}

function seriesOptions(series: ChartSeries, palette: ChartPalette): UPlot.Series {
  const colour = palette.series[series.colour];
  const options: UPlot.Series = {
    label: series.label,
    scale: series.axis ?? LEFT,
    stroke: colour,
    width: 2,
    points: { show: true, size: 5, fill: colour, filter: lonely },
  };
  switch (drawnShape(series)) {
    case "line":
      return options;
    case "area":
      // What would be bars has no edge: it would cover what lies behind.
      return { ...options, width: series.shape === "bars" ? 0 : 2, fill: thin(colour) };
    case "dashed":
      return { ...options, width: 1.5, dash: [6, 5] };
    case "bars": {
      const paths = UPlot.paths.bars?.(barsOn(series.side));
      return {
        ...options,
        width: 0,
        fill: `${colour}70`,
        points: { show: false },
        ...(paths === undefined ? {} : { paths }),
      };
    }
  }
}

/** Bars are as wide as there is room, up to a limit. */
function barsOn(side: ChartSeries["side"]): UPlot.Series.BarsPathBuilderOpts {
  if (side === undefined) return { size: [0.7, 40], radius: 0.15 };
  return { size: [0.36, 20], radius: 0.15, align: side === "before" ? -1 : 1 };
}

/** Which values stand alone between gaps: no line leads there, so that they are drawn as points. */
function lonely(plot: UPlot, seriesIndex: number): number[] {
  const values = plot.data[seriesIndex] ?? [];
  const isThere = (index: number): boolean => (values[index] ?? null) !== null;
  const found: number[] = [];
  for (let index = 0; index < values.length; index += 1) {
    if (isThere(index) && !isThere(index - 1) && !isThere(index + 1)) found.push(index);
  }
  return found;
}

function axisStyle(palette: ChartPalette): UPlot.Axis {
  return { stroke: palette.text, font: palette.font, gap: 6 };
}

/** Room for the longest text of an axis; before there are any, whatever the types say, for a few. */
function axisWidthPx(texts: readonly string[] | null): number {
  return 18 + 7 * Math.max(3, ...(texts ?? []).map((text) => text.length));
}

function axisText(value: number, series: ChartSeries | undefined): string {
  return series === undefined ? String(value) : series.text(value);
}

/** A thin line where something happened, with a mark at its top. */
function drawMarkers(plot: UPlot, { markers = [] }: ChartModel, palette: ChartPalette): void {
  const { ctx, bbox } = plot;
  const { min = 0, max = 0 } = plot.scales.x ?? {};
  const ratio = UPlot.pxRatio;
  ctx.save();
  ctx.strokeStyle = palette.marker;
  ctx.fillStyle = palette.marker;
  ctx.lineWidth = ratio;
  ctx.setLineDash([3 * ratio, 3 * ratio]);
  for (const { at } of markers) {
    if (at < min || at > max) continue;
    const x = Math.round(plot.valToPos(at, "x", true));
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x - 5 * ratio, bbox.top - 8 * ratio);
    ctx.lineTo(x + 5 * ratio, bbox.top - 8 * ratio);
    ctx.lineTo(x, bbox.top);
    ctx.fill();
  }
  ctx.restore();
}
