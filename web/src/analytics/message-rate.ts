const SPAN_S = 60;

/**
 * Counts what came in the last minute, second by second: it holds a few numbers for each, whatever
 * comes.
 *
 * A second is heard of twice, as it happens and when somebody asks. Each may have missed something,
 * and neither counts anything twice: the larger of both is true.
 */
export class MessageRate {
  /** Which second each place is about, and how many came in it as heard and as answered. */
  readonly #seconds = new Float64Array(SPAN_S).fill(-SPAN_S);
  readonly #heard = new Float64Array(SPAN_S);
  readonly #answered = new Float64Array(SPAN_S);

  /** Counts one that came at `atMs`, as it happens. */
  note(atMs: number): void {
    const place = this.#placeOf(Math.floor(atMs / 1000));
    if (place !== null) this.#heard[place] = (this.#heard[place] ?? 0) + 1;
  }

  /** Takes how many came in a second (since 1970), as answered. */
  answer(second: number, count: number): void {
    const place = this.#placeOf(second);
    if (place !== null) this.#answered[place] = count;
  }

  /** How many came in the minute before `nowMs`. */
  within(nowMs: number): number {
    const oldest = Math.floor(nowMs / 1000) - SPAN_S;
    return this.#seconds.reduce(
      (sum, second, place) =>
        second > oldest
          ? sum + Math.max(this.#heard[place] ?? 0, this.#answered[place] ?? 0)
          : sum,
      0,
    );
  }

  /** Where a second is counted; null for one whose place is a later one's. */
  #placeOf(second: number): number | null {
    const place = second % SPAN_S;
    const known = this.#seconds[place] ?? 0;
    if (second < known) return null;
    if (second > known) {
      this.#seconds[place] = second;
      this.#heard[place] = 0;
      this.#answered[place] = 0;
    }
    return place;
  }
}
