/** How the times of a chart read, on its axis and in full. English, a day has 24 hours. */

import { positionText } from "../texts/spans.js";
import type { TimeKind } from "./chart-model.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Steps between ticks that people count in, in milliseconds: 1 s to 1 year. */
export const TICK_STEPS_MS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 4, 6, 8, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 3, 7, 14, 28, 91, 182, 365].map((days) => days * DAY_MS),
];

type Parts = Intl.DateTimeFormatOptions;

const CLOCK: Parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const SECONDS: Parts = { ...CLOCK, second: "2-digit" };
const DATE: Parts = { day: "numeric", month: "short" };
const MONTH: Parts = { month: "short", year: "numeric" };

const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than using it a thousand times. */
function formatted(time: number, parts: Parts, timeZone: string | undefined): string {
  const key = `${timeZone ?? ""} ${JSON.stringify(parts)}`;
  let format = FORMATS.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", timeZone === undefined ? parts : { ...parts, timeZone });
    FORMATS.set(key, format);
  }
  return format.format(time);
}

/** A time with all that is known of it: "21 Nov 2026, 17:05", "21 Nov 2026", "1:02:03". */
export function timeText(time: number, kind: TimeKind, timeZone?: string): string {
  switch (kind) {
    case "span":
      return positionText(time);
    case "day":
      return formatted(time, { ...DATE, year: "numeric" }, "UTC");
    case "moment": {
      const clock = time % MINUTE_MS === 0 ? CLOCK : SECONDS;
      return formatted(time, { ...DATE, year: "numeric", ...clock }, timeZone);
    }
  }
}

/** What stands at each tick, `stepMs` apart: a day is named once, at its first tick. */
export function tickTexts(
  ticks: readonly number[],
  stepMs: number,
  kind: TimeKind,
  timeZone?: string,
): string[] {
  // Room beside the first bar is before the show.
  if (kind === "span") return ticks.map((tick) => (tick < 0 ? "" : positionText(tick)));
  const zone = kind === "day" ? "UTC" : timeZone;
  if (stepMs >= 28 * DAY_MS) return ticks.map((tick) => formatted(tick, MONTH, zone));
  if (stepMs >= DAY_MS) return ticks.map((tick) => formatted(tick, DATE, zone));
  // Days have no hours.
  if (kind === "day") return ticks.map((tick) => (tick % DAY_MS === 0 ? formatted(tick, DATE, zone) : ""));
  let day = "";
  return ticks.map((tick) => {
    const clock = formatted(tick, stepMs < MINUTE_MS ? SECONDS : CLOCK, zone);
    const date = formatted(tick, DATE, zone);
    if (date === day) return clock;
    day = date;
    return `${clock}\n${date}`;
  });
}
