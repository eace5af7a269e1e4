/** The order of broadcasts in their table. Pure. */

import type { BroadcastFigures } from "../api/analytics-names.js";

/** What they can be sorted by. */
export type ComparisonKey =
  | "startedAt"
  | "durationMs"
  | "peak"
  | "mean"
  | "unique"
  | "watchMs"
  | "watchMsPerViewer"
  | "messages"
  | "followersGained";

export interface ComparisonOrder {
  readonly key: ComparisonKey;
  readonly direction: "ascending" | "descending";
}

export const NEWEST_FIRST: ComparisonOrder = { key: "startedAt", direction: "descending" };

/** The order after a click on a column: most first, then least first. */
export function orderAfter(order: ComparisonOrder, key: ComparisonKey): ComparisonOrder {
  const wasDescending = order.key === key && order.direction === "descending";
  return { key, direction: wasDescending ? "ascending" : "descending" };
}

/** Broadcasts in an order; those of equal figures the newest first. */
export function ordered(
  broadcasts: readonly BroadcastFigures[],
  { key, direction }: ComparisonOrder,
): readonly BroadcastFigures[] {
  const sign = direction === "ascending" ? 1 : -1;
  const value = (broadcast: BroadcastFigures): number =>
    key === "startedAt" ? Date.parse(broadcast.startedAt) : broadcast[key];
  return broadcasts.toSorted(
    (one, other) =>
      sign * (value(one) - value(other)) || Date.parse(other.startedAt) - Date.parse(one.startedAt),
  );
}
