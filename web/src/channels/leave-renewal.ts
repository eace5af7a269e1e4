/** When to ask anew for leave to watch, so that nobody loses the picture over it. Pure. */

/** Well before the end: a laptop that wakes late, or a server that is away, has some tries left. */
export const RENEWAL_MARGIN_MS = 15 * 60_000;
/** The longest wait that is put into one timer: browsers fire at once what is beyond 24 days. */
const LONGEST_TIMER_MS = 24 * 3600_000;
const SHORTEST_WAIT_MS = 5_000;

/**
 * How long to wait before asking anew, in milliseconds; null where leave does not end.
 *
 * Leave is renewed `marginMs` before it ends, or after half of what is left if that is sooner. Both
 * times are by the server's clock. After LONGEST_TIMER_MS at the latest, whoever waits asks again.
 */
export function renewalDelayMs(
  expiresAtMs: number | null,
  nowMs: number,
  marginMs: number,
): number | null {
  if (expiresAtMs === null) return null;
  const leftMs = expiresAtMs - nowMs;
  const waitMs = leftMs - Math.min(marginMs, leftMs / 2);
  return Math.min(Math.max(waitMs, SHORTEST_WAIT_MS), LONGEST_TIMER_MS);
}
