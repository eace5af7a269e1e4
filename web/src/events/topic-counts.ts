/** Which topics are wanted, and by how many parts of the page. */
export class TopicCounts {
  readonly #counts = new Map<string, number>();

  get topics(): readonly string[] {
    return [...this.#counts.keys()];
  }

  has(topic: string): boolean {
    return this.#counts.has(topic);
  }

  /** Returns whether nobody wanted it before. */
  add(topic: string): boolean {
    const count = this.#counts.get(topic) ?? 0;
    this.#counts.set(topic, count + 1);
    return count === 0;
  }

  /** Returns whether nobody wants it any more. */
  remove(topic: string): boolean {
    const count = this.#counts.get(topic) ?? 0;
    if (count > 1) {
      this.#counts.set(topic, count - 1);
      return false;
    }
    return this.#counts.delete(topic);
  }
}
