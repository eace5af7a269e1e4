interface Reading {
  readonly atMs: number;
  readonly bufferS: number;
}

/**
 * The least buffer of the last while.
 *
 * A buffer that is filled part by part rises and falls all the time; what counts is how much is
 * left the moment before a part comes. Times are monotonic milliseconds.
 */
export class LowWater {
  /** Rising in both: a reading with a later, lower one can never be the lowest again. */
  #readings: Reading[] = [];
  #sinceMs: number | null = null;

  /** The least of the last `windowMs`, or null while less than that has been observed. Seconds. */
  observe(bufferS: number, nowMs: number, windowMs: number): number | null {
    this.#sinceMs ??= nowMs;
    this.#readings = this.#readings.filter(
      (reading) => reading.bufferS < bufferS && nowMs - reading.atMs < windowMs,
    );
    this.#readings.push({ atMs: nowMs, bufferS });
    return nowMs - this.#sinceMs < windowMs ? null : (this.#readings[0]?.bufferS ?? null);
  }

  forget(): void {
    this.#readings = [];
    this.#sinceMs = null;
  }
}
