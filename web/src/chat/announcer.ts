/** What a screen reader is told of a chat. Pure: the time comes in as a number. */

/** Between two announcements: long enough to hear one out. */
const PAUSE_MS = 4_000;
const TEXT_CHARACTERS = 140;

/** What was said, to be spoken. */
export interface Utterance {
  readonly name: string;
  readonly text: string;
  /** It names or answers who listens: told even when there is much else. */
  readonly isForMe: boolean;
}

/** Chooses what is told: one message is read out, many are counted. */
export class Announcer {
  #waiting: Utterance[] = [];
  #lastMs = Number.NEGATIVE_INFINITY;
  readonly #countText: (count: number) => string;

  /** `countText` says that so many messages have come. */
  constructor(countText: (count: number) => string) {
    this.#countText = countText;
  }

  note(utterance: Utterance): void {
    this.#waiting.push(utterance);
  }

  /** When there may be something to say; null if nothing waits. */
  dueMs(nowMs: number): number | null {
    return this.#waiting.length === 0 ? null : Math.max(nowMs, this.#lastMs + PAUSE_MS);
  }

  /** What to say now; null if nothing waits, or something was said a moment ago. */
  take(nowMs: number): string | null {
    const dueMs = this.dueMs(nowMs);
    if (dueMs === null || dueMs > nowMs) return null;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#lastMs = nowMs;
    const forMe = waiting.filter(({ isForMe }) => isForMe);
    const [only] = waiting;
    if (waiting.length === 1 && only !== undefined) return spoken(only);
    const last = forMe.at(-1);
    const count = this.#countText(waiting.length);
    return last === undefined ? count : `${count} ${spoken(last)}`;
  }
}

function spoken({ name, text }: Utterance): string {
  if (text.length <= TEXT_CHARACTERS) return `${name}: ${text}`;
  // Up to the last whole word: half of a character is spoken as nonsense.
  return `${name}: ${text.slice(0, TEXT_CHARACTERS).replace(/\s\S*$/u, "")}…`;
}
