/** What a chart says in words: at one time, and as a whole. Pure. */

import { chartTexts } from "../texts/charts.js";
import type { ChartModel, ChartSeries } from "./chart-model.js";
import { markerAt } from "./chart-model.js";
import { timeText } from "./chart-times.js";

/** One series at one time. */
export interface SeriesReading {
  readonly series: ChartSeries;
  readonly text: string;
}

/** A chart at one time. */
export interface ChartReading {
  readonly time: string;
  readonly values: readonly SeriesReading[];
  /** What held then, such as a title; null if nothing did. */
  readonly marker: string | null;
}

/** Reads a chart at the time of this number. Null if there is no such time. */
export function readingAt(
  model: ChartModel,
  index: number,
  isShown: (series: ChartSeries) => boolean = () => true,
): ChartReading | null {
  const time = model.times[index];
  if (time === undefined) return null;
  return {
    time: timeText(time, model.timeKind),
    values: model.series.filter(isShown).map((series) => {
      const value = series.values[index] ?? null;
      return { series, text: value === null ? chartTexts.nothing : series.text(value) };
    }),
    marker: markerAt(model.markers ?? [], time)?.label ?? null,
  };
}

/** A reading as one sentence, for a screen reader. */
export function readingText({ time, values, marker }: ChartReading): string {
  const said = values.map(({ series, text }) => `${series.label} ${text}`);
  return [`${time}: ${said.join(", ")}`, ...(marker === null ? [] : [marker])].join(". ");
}

/** How far a key leads through a chart: to an index, or null for keys that do not lead. */
export function indexAfter(key: string, index: number, count: number): number | null {
  const leap = Math.max(1, Math.round(count / 10));
  const last = count - 1;
  const target = (
    {
      ArrowLeft: index - 1,
      ArrowDown: index - 1,
      ArrowRight: index + 1,
      ArrowUp: index + 1,
      PageDown: index - leap,
      PageUp: index + leap,
      Home: 0,
      End: last,
    } as Readonly<Record<string, number>>
  )[key];
  return target === undefined ? null : Math.min(Math.max(target, 0), Math.max(last, 0));
}

/** From when to when, and between which values each series runs. */
export function summaryText(model: ChartModel): string {
  const { times, timeKind, series } = model;
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined) return chartTexts.empty;
  const ranges = series.map((one) => {
    const range = rangeOf(one.values);
    return range === null
      ? chartTexts.rangeOfNothing(one.label)
      : chartTexts.range(one.label, one.text(range.least), one.text(range.most));
  });
  const span = chartTexts.span(timeText(first, timeKind), timeText(last, timeKind));
  return [span, ...ranges, chartTexts.keys].join(" ");
}

/** The least and the most of values, null if there is none. For any number of them. */
export function rangeOf(
  values: readonly (number | null)[],
): { readonly least: number; readonly most: number } | null {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    if (value === null) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return most === -Infinity ? null : { least, most };
}
