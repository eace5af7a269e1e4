/** How long to stay away after a connection has ended. Pure: chance comes in as a number. */

/** The first wait; a server that restarts is back within seconds. */
const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** After the server has said that this page asks too much of it. */
const REPROACHED_MS = 60_000;

/** Close codes of the server: docs/events.md. */
export const CLOSE_CODES = {
  goingAway: 1001,
  malformed: 4400,
  signedOut: 4401,
  tooSlow: 4408,
  tooManyConnections: 4409,
  tooManyCommands: 4429,
} as const;

const REPROACHES: ReadonlySet<number> = new Set([
  CLOSE_CODES.malformed,
  CLOSE_CODES.tooManyConnections,
  CLOSE_CODES.tooManyCommands,
]);

/**
 * The wait before the next attempt, in milliseconds.
 *
 * `failures` is how many connections in a row have ended without a welcome; `code` is what the last
 * one ended with. `chance` is in [0, 1): half of the wait is left to it, so that ten thousand pages
 * do not return to a restarted server in the same moment.
 */
export function reconnectDelayMs(failures: number, code: number, chance: number): number {
  if (REPROACHES.has(code)) return REPROACHED_MS * (1 + chance);
  const longestMs = Math.min(FIRST_MS * 2 ** Math.min(failures, 10), LONGEST_MS);
  return longestMs * (0.5 + chance / 2);
}
