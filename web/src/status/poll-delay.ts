/** How long to wait between two questions to the server. Pure: chance comes in as a number. */

/** The longest wait while the server does not answer. */
export const LONGEST_DELAY_MS = 15_000;

/** Part of the wait that is left to chance, so that viewers of one outage do not return as one. */
const JITTER = 0.25;

/**
 * The wait before the next poll.
 *
 * `intervalMs` is the wanted pace and is doubled for each failure in a row up to LONGEST_DELAY_MS;
 * `chance` is in [0, 1) and moves the result by up to an eighth either way.
 */
export function pollDelayMs(intervalMs: number, failures: number, chance: number): number {
  const backedOffMs = intervalMs * 2 ** Math.min(failures, 10);
  const boundedMs =
    failures === 0 ? intervalMs : Math.min(backedOffMs, Math.max(LONGEST_DELAY_MS, intervalMs));
  return boundedMs * (1 + JITTER * (chance - 0.5));
}
