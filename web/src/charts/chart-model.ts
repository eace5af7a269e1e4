/** What a chart shows: series of values over one axis of time. Pure. */

/**
 * What the times are: moments by the reader's clock, days of UTC, or places in a broadcast.
 *
 * Moments and days are milliseconds since the epoch, places are milliseconds since its start.
 */
export type TimeKind = "moment" | "day" | "span";

/** Which of the theme's colours, `--series-1` to `--series-6`. */
export type SeriesColour = 1 | 2 | 3 | 4 | 5 | 6;

/** One line, or the bars of one thing. */
export interface ChartSeries {
  readonly label: string;
  /** One for each time; null where nothing was measured, which leaves a gap. */
  readonly values: readonly (number | null)[];
  /** How a value reads, with its unit. */
  readonly text: (value: number) => string;
  /** A dashed line is for what others are compared with. */
  readonly shape: "line" | "area" | "bars" | "dashed";
  readonly colour: SeriesColour;
  /** Bars of two things stand side by side: those of one before each time, of the other after it. */
  readonly side?: "before" | "after";
  /** Things of another unit have an axis of their own, on the right. */
  readonly axis?: "left" | "right";
  /** What ticks are counted in: whole things, or time in milliseconds; else in any number. */
  readonly ticks?: "whole" | "time";
  /** The axis reaches this far at least: what is next to nothing is not drawn as much. */
  readonly reach?: number;
}

/** Something that happened at a time, such as another title. */
export interface ChartMarker {
  readonly at: number;
  readonly label: string;
}

/** All that a chart shows. Times rise. */
export interface ChartModel {
  readonly timeKind: TimeKind;
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly markers?: readonly ChartMarker[];
  /** What the markers are, as the heading of their column: "Title". */
  readonly markersLabel?: string;
}

/** More bars than this are thinner than a pixel, and each is drawn by itself. */
const BARS_LIMIT = 2_000;

/** How a series is drawn: too many bars become an area, which is as wide as the screen at most. */
export function drawnShape({ shape, values }: ChartSeries): ChartSeries["shape"] {
  return shape === "bars" && values.length > BARS_LIMIT ? "area" : shape;
}

/** What has to be the same for new values to be drawn by the chart that is there. */
export function structureOf(model: ChartModel): string {
  const series = model.series.map((one) => [
    one.label,
    drawnShape(one),
    one.colour,
    one.side ?? "middle",
    one.axis ?? "left",
    one.ticks ?? "any",
    one.reach ?? 0,
  ]);
  return JSON.stringify([model.timeKind, series]);
}

/** Whether there is a value at all. */
export function hasValues(model: ChartModel): boolean {
  return model.series.some(({ values }) => values.some((value) => value !== null));
}

/** The marker that holds at a time: the last one at or before it. Null before the first. */
export function markerAt(markers: readonly ChartMarker[], time: number): ChartMarker | null {
  return markers.findLast(({ at }) => at <= time) ?? null;
}

/**
 * What happened between each time and the next, one text for each time, "" where nothing did.
 *
 * What was before the first time stands with the first: it held then.
 */
export function markerTexts(model: ChartModel): string[] {
  const { times, markers = [] } = model;
  const texts = times.map((): string[] => []);
  for (const { at, label } of markers) {
    const index = Math.max(0, times.findLastIndex((time) => time <= at));
    texts[index]?.push(label);
  }
  return texts.map((labels) => labels.join("; "));
}
