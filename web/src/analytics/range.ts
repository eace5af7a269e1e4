/** Which time a page of analytics is about, and in what steps. Pure. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The longest that the server shows in minutes, less a step for the edges. */
const MINUTES_LIMIT_MS = DAY_MS;
const HOURS_LIMIT_MS = 14 * DAY_MS;
/** The longest at all. */
const RANGE_LIMIT_MS = 730 * DAY_MS;

export type Step = "minute" | "hour" | "day";

export const STEP_MS: Readonly<Record<Step, number>> = {
  minute: MINUTE_MS,
  hour: HOUR_MS,
  day: DAY_MS,
};

/** Ranges that have a name, as in the address. */
export type RangeName = "last" | "7d" | "28d" | "90d" | "365d";

const DAYS: Readonly<Record<Exclude<RangeName, "last">, number>> = {
  "7d": 7,
  "28d": 28,
  "90d": 90,
  "365d": 365,
};

export const RANGE_NAMES: readonly RangeName[] = ["last", "7d", "28d", "90d", "365d"];
export const USUAL_RANGE: RangeName = "28d";

/** What was chosen: a name, or days of UTC, the last one included. */
export type RangeChoice =
  | { readonly kind: "named"; readonly name: RangeName }
  | { readonly kind: "days"; readonly from: string; readonly to: string };

/** From when to before when, in milliseconds since the epoch. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Reads what an address asks for; what it says wrongly is the usual. */
export function choiceOf(search: string): RangeChoice {
  const query = new URLSearchParams(search);
  const from = query.get("from") ?? "";
  const to = query.get("to") ?? "";
  if (daysProblem(from, to) === null) return { kind: "days", from, to };
  const name = RANGE_NAMES.find((known) => known === query.get("range"));
  return { kind: "named", name: name ?? USUAL_RANGE };
}

/** The address's query for a choice. */
export function searchOf(choice: RangeChoice): string {
  const fields: Record<string, string> =
    choice.kind === "days" ? { from: choice.from, to: choice.to } : { range: choice.name };
  return `?${new URLSearchParams(fields).toString()}`;
}

/** Why days cannot be shown: "missing", "order", or "long". Null if they can. */
export function daysProblem(from: string, to: string): "missing" | "order" | "long" | null {
  const fromMs = dayMs(from);
  const toMs = dayMs(to);
  if (fromMs === null || toMs === null) return "missing";
  if (toMs < fromMs) return "order";
  return toMs + DAY_MS - fromMs > RANGE_LIMIT_MS ? "long" : null;
}

/**
 * The time of a choice. Days are whole, in UTC, today included.
 *
 * `last` is when the last broadcast was; null there: there was none.
 */
export function spanOf(choice: RangeChoice, last: TimeSpan | null, nowMs: number): TimeSpan | null {
  if (choice.kind === "days") {
    const fromMs = dayMs(choice.from) ?? 0;
    return { fromMs, toMs: (dayMs(choice.to) ?? fromMs) + DAY_MS };
  }
  if (choice.name === "last") return last;
  const toMs = (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
  return { fromMs: toMs - DAYS[choice.name] * DAY_MS, toMs };
}

/** As long a time, just before. */
export function spanBefore({ fromMs, toMs }: TimeSpan): TimeSpan {
  return { fromMs: fromMs - (toMs - fromMs), toMs: fromMs };
}

/** The shortest steps that still make a picture, and that the server gives. */
export function stepFor({ fromMs, toMs }: TimeSpan): Step {
  const lengthMs = toMs - fromMs;
  if (lengthMs <= MINUTES_LIMIT_MS) return "minute";
  return lengthMs <= HOURS_LIMIT_MS ? "hour" : "day";
}

/** The span as the API takes it. */
export function rangeQuery(span: TimeSpan): { from: string; to: string; step: Step } {
  return {
    from: new Date(span.fromMs).toISOString(),
    to: new Date(span.toMs).toISOString(),
    step: stepFor(span),
  };
}

function dayMs(day: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? null : at;
}
