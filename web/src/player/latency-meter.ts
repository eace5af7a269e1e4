import type { ServerClock } from "../status/server-clock.js";

/** Weight of a new reading: at four a second, the display follows within a second. */
const WEIGHT = 0.35;

/** A step this large is a seek or a stall, not noise, and is shown at once. */
const STEP_MS = 400;

/**
 * How far behind the streamer's encoder the picture on the screen is.
 *
 * Each segment carries the server's time of arrival of its media (EXT-X-PROGRAM-DATE-TIME); what
 * is on screen now therefore has a date, and the server's clock minus this date is the latency.
 */
export class LatencyMeter {
  readonly #clock: ServerClock;
  #latencyMs: number | null = null;

  constructor(clock: ServerClock) {
    this.#clock = clock;
  }

  /** The smoothed latency in milliseconds, or null while it is unknown. */
  get latencyMs(): number | null {
    return this.#latencyMs;
  }

  /** Takes the date of the picture now on screen, or null when there is none. Milliseconds. */
  read(pictureDateMs: number | null, nowMs: number): void {
    // Without the server's clock the difference would be mostly the error of the viewer's own.
    if (pictureDateMs === null || this.#clock.offsetMs === null) {
      this.#latencyMs = null;
      return;
    }
    const readingMs = this.#clock.at(nowMs) - pictureDateMs;
    const previousMs = this.#latencyMs;
    this.#latencyMs =
      previousMs === null || Math.abs(readingMs - previousMs) > STEP_MS
        ? readingMs
        : previousMs + WEIGHT * (readingMs - previousMs);
  }
}
