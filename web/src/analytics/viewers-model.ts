/** Charts of a channel's viewers, from what the API tells of them. Pure. */

import type { BroadcastSpan, ChannelViewers, ViewersPoint } from "../api/analytics-names.js";
import type { ChartMarker, ChartModel, TimeKind } from "../charts/chart-model.js";
import { analyticsTexts, meanText, watchText, wholeText } from "../texts/analytics.js";
import { shownTitle } from "../texts/channels.js";

const MINUTE_MS = 60_000;
/** More times than any range has. */
const TIMES_LIMIT = 5_000;

/** Each step of the range, with what the API tells of it. */
interface Steps {
  readonly times: readonly number[];
  /**
   * The point of each time; undefined where the API has none.
   *
   * `isKnown`: whether that means that nobody watched, and not that there was no show.
   */
  readonly points: readonly (ViewersPoint | undefined)[];
  readonly isKnown: readonly boolean[];
  readonly timeKind: TimeKind;
}

/** Fills in the steps that the API leaves out, up to where viewers have been counted. */
export function stepsOf(viewers: ChannelViewers): Steps {
  const { step, stepMs, points, broadcasts, computedUntil } = viewers;
  const sinceMs = Date.parse(viewers.since);
  const countedMs = computedUntil === null ? sinceMs : Date.parse(computedUntil);
  const lastMs = points.length === 0 ? sinceMs : Date.parse(points.at(-1)?.at ?? "") + stepMs;
  const endMs = Math.min(Date.parse(viewers.until), Math.max(countedMs, lastMs));
  const byTime = new Map(points.map((point) => [Date.parse(point.at), point]));
  const times: number[] = [];
  for (let at = sinceMs; at < endMs && times.length < TIMES_LIMIT; at += stepMs) times.push(at);
  return {
    times,
    points: times.map((at) => byTime.get(at)),
    isKnown: times.map((at) => isWithin(at, at + stepMs, broadcasts)),
    timeKind: step === "day" ? "day" : "moment",
  };
}

function isWithin(fromMs: number, toMs: number, broadcasts: readonly BroadcastSpan[]): boolean {
  return broadcasts.some(
    ({ startedAt, endedAt }) =>
      Date.parse(startedAt) < toMs && (endedAt === null || Date.parse(endedAt) > fromMs),
  );
}

function values(
  { points, isKnown }: Steps,
  value: (point: ViewersPoint) => number,
): (number | null)[] {
  return points.map((point, index) => {
    // Who followed while nothing was on air makes a point, too.
    const isShow = isKnown[index] === true || (point?.watchMs ?? 0) > 0 || (point?.messages ?? 0) > 0;
    if (!isShow) return null;
    return point === undefined ? 0 : value(point);
  });
}

/**
 * Viewers, chat and titles on one axis of time.
 *
 * Minutes of a show are a line. Its hours and days are few, with nothing between them: bars.
 */
export function viewersModel(viewers: ChannelViewers, channel: string): ChartModel {
  const steps = stepsOf(viewers);
  const { step, stepMs } = viewers;
  const isFine = step === "minute";
  return {
    timeKind: steps.timeKind,
    times: steps.times,
    series: [
      {
        label: analyticsTexts.peakSeries,
        values: values(steps, ({ peak }) => peak),
        text: wholeText,
        shape: isFine ? "area" : "bars",
        colour: 1,
        ticks: "whole",
      },
      {
        label: analyticsTexts.meanSeries,
        values: values(steps, ({ mean }) => mean),
        text: meanText,
        shape: "line",
        colour: 2,
        ticks: "whole",
      },
      {
        label: analyticsTexts.messagesSeries,
        values: values(steps, ({ messages }) => messages),
        text: wholeText,
        shape: isFine ? "bars" : "line",
        colour: 3,
        axis: "right",
        ticks: "whole",
      },
    ],
    markers: titleMarkers(viewers.titles, channel).map(({ at, label }) => ({
      at: Math.floor(at / stepMs) * stepMs,
      label,
    })),
    markersLabel: analyticsTexts.title,
  };
}

/** Titles as markers; one that only changes the category is none. */
export function titleMarkers(
  titles: readonly { readonly at: string; readonly title: string }[],
  channel: string,
): readonly ChartMarker[] {
  const markers: ChartMarker[] = [];
  for (const { at, title } of titles) {
    const label = shownTitle({ name: channel, title });
    if (markers.at(-1)?.label !== label) markers.push({ at: Date.parse(at), label });
  }
  return markers;
}

/** How long people watched, and how many visits began. */
export function watchModel(viewers: ChannelViewers): ChartModel {
  const steps = stepsOf(viewers);
  return {
    timeKind: steps.timeKind,
    times: steps.times,
    series: [
      {
        label: analyticsTexts.watchSeries,
        values: values(steps, ({ watchMs }) => watchMs),
        text: watchText,
        shape: "bars",
        colour: 1,
        ticks: "time",
        reach: MINUTE_MS,
      },
      {
        label: analyticsTexts.startedSeries,
        values: values(steps, ({ started }) => started),
        text: wholeText,
        shape: "line",
        colour: 2,
        axis: "right",
        ticks: "whole",
      },
    ],
  };
}

/**
 * New followers and those who stopped, and where the range goes on to `nowMs` how many there were
 * at the end of each step: counted back from those of now.
 */
export function followersModel(viewers: ChannelViewers, nowMs: number): ChartModel {
  const { timeKind, times, points } = stepsOf(viewers);
  const gained = points.map((point) => point?.followersGained ?? 0);
  const lost = points.map((point) => point?.followersLost ?? 0);
  const bars = { text: wholeText, shape: "bars", ticks: "whole" } as const;
  const came = {
    ...bars,
    label: analyticsTexts.gainedSeries,
    values: gained,
    colour: 2,
    side: "before",
  } as const;
  const went = {
    ...bars,
    label: analyticsTexts.lostSeries,
    values: lost,
    colour: 4,
    side: "after",
  } as const;
  if (Date.parse(viewers.until) < nowMs) return { timeKind, times, series: [came, went] };
  let left = viewers.followers;
  const sums = points.map(() => 0);
  for (let index = points.length - 1; index >= 0; index -= 1) {
    sums[index] = left;
    left += (lost[index] ?? 0) - (gained[index] ?? 0);
  }
  const line = {
    label: analyticsTexts.followersSeries,
    values: sums,
    text: wholeText,
    shape: "line",
    colour: 1,
    ticks: "whole",
  } as const;
  const axis = "right";
  return { timeKind, times, series: [line, { ...came, axis }, { ...went, axis }] };
}
