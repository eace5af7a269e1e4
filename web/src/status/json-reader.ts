/** Checked reading of a JSON answer: every value is tested where it enters the page. */

/** The server answered with something that this page does not understand. */
export class MalformedAnswer extends Error {
  /** `at` is the place in the document, e.g. `channels[2].revision`. */
  constructor(at: string, expected: string, got: unknown) {
    super(`${at}: expected ${expected}, got ${got === undefined ? "nothing" : JSON.stringify(got)}`);
    this.name = "MalformedAnswer";
  }
}

/** One object of the answer, read member by member. */
export class JsonObject {
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #at: string;

  /** Throws MalformedAnswer unless `value` is an object. */
  constructor(value: unknown, at: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new MalformedAnswer(at, "an object", value);
    }
    this.#members = value as Record<string, unknown>;
    this.#at = at;
  }

  string(name: string): string {
    const value = this.#members[name];
    if (typeof value !== "string") throw this.#malformed(name, "a string");
    return value;
  }

  number(name: string): number {
    const value = this.#members[name];
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw this.#malformed(name, "a number");
    }
    return value;
  }

  boolean(name: string): boolean {
    const value = this.#members[name];
    if (typeof value !== "boolean") throw this.#malformed(name, "true or false");
    return value;
  }

  /** Reads a member of a closed set of strings. */
  oneOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice {
    const value = this.#members[name];
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined) throw this.#malformed(name, `one of ${choices.join(", ")}`);
    return choice;
  }

  /** Reads an RFC 3339 time as milliseconds since the epoch. */
  timeMs(name: string): number {
    const milliseconds = Date.parse(this.string(name));
    if (Number.isNaN(milliseconds)) throw this.#malformed(name, "an RFC 3339 time");
    return milliseconds;
  }

  /** Reads a member that may be null or absent with one of the readers above. */
  optional<Value>(name: string, read: (name: string) => Value): Value | null {
    const value = this.#members[name];
    return value === null || value === undefined ? null : read.call(this, name);
  }

  list<Item>(name: string, readItem: (item: JsonObject) => Item): readonly Item[] {
    const value = this.#members[name];
    if (!Array.isArray(value)) throw this.#malformed(name, "a list");
    return value.map((item: unknown, index) =>
      readItem(new JsonObject(item, `${this.#path(name)}[${index}]`)),
    );
  }

  #path(name: string): string {
    return this.#at === "" ? name : `${this.#at}.${name}`;
  }

  #malformed(name: string, expected: string): MalformedAnswer {
    return new MalformedAnswer(this.#path(name), expected, this.#members[name]);
  }
}
