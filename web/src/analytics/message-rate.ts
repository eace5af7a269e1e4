const SPAN_S = 60;

/** Counts what came in the last minute, second by second: it holds sixty numbers, whatever comes. */
export class MessageRate {
  /** How many came in each second, and which second that was. */
  readonly #counts = new Float64Array(SPAN_S);
  readonly #seconds = new Float64Array(SPAN_S).fill(-SPAN_S);

  /** Counts one that came at `atMs`. */
  note(atMs: number): void {
    const second = Math.floor(atMs / 1000);
    const place = second % SPAN_S;
    if (this.#seconds[place] !== second) {
      this.#seconds[place] = second;
      this.#counts[place] = 0;
    }
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
  }

  /** How many came in the minute before `nowMs`. */
  within(nowMs: number): number {
    const oldest = Math.floor(nowMs / 1000) - SPAN_S;
    return this.#counts.reduce(
      (sum, count, place) => ((this.#seconds[place] ?? 0) > oldest ? sum + count : sum),
      0,
    );
  }
}
