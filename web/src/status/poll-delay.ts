/** How long to wait between two questions to the server. Pure: chance comes in as a number. */

/** The first wait after an answer that did not come; a server that restarts is back in seconds. */
export const FIRST_RETRY_MS = 1_000;
/** The longest wait while the server does not answer. */
export const LONGEST_DELAY_MS = 15_000;

/** Part of the wait that is left to chance, so that viewers of one outage do not return as one. */
const JITTER = 0.25;

/**
 * The wait before the next poll.
 *
 * `intervalMs` is the wanted pace while answers come. After `failures` in a row the wait is
 * FIRST_RETRY_MS, doubled for each further one up to LONGEST_DELAY_MS, but never less than the
 * server asked for. `chance` is in [0, 1) and moves the result by up to an eighth either way.
 */
export function pollDelayMs(
  intervalMs: number,
  failures: number,
  askedMs: number,
  chance: number,
): number {
  const retryMs = Math.min(FIRST_RETRY_MS * 2 ** (Math.min(failures, 10) - 1), LONGEST_DELAY_MS);
  const delayMs = failures === 0 ? intervalMs : Math.max(retryMs, askedMs);
  return delayMs * (1 + JITTER * (chance - 0.5));
}
