/** How much of a raised target latency is taken back at a time. */
const STEP_S = 0.3;
const FIRST_CALM_MS = 30_000;
const LONGEST_CALM_MS = 480_000;

/**
 * Decides when a viewer may come closer to the live edge again.
 *
 * hls.js moves its target back with every stall and never forward. After a while without a stall
 * one step is taken back; every stall doubles the while, so that a poor connection is not tried
 * over and over. Times are monotonic milliseconds, latencies seconds.
 */
export class TargetRelaxation {
  #calmMs = FIRST_CALM_MS;
  #calmSinceMs: number;

  constructor(nowMs: number) {
    this.#calmSinceMs = nowMs;
  }

  noteStall(nowMs: number): void {
    this.#calmSinceMs = nowMs;
    this.#calmMs = Math.min(this.#calmMs * 2, LONGEST_CALM_MS);
  }

  /** The lower target to set now, or null to leave it; never below `floorS`. */
  nextTargetS(nowMs: number, targetS: number, floorS: number): number | null {
    if (targetS <= floorS || nowMs - this.#calmSinceMs < this.#calmMs) return null;
    this.#calmSinceMs = nowMs;
    return Math.max(floorS, targetS - STEP_S);
  }
}
