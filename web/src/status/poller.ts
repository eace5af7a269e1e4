import { pollDelayMs } from "./poll-delay.js";
import { ServerUnreachable } from "./server-unreachable.js";

/** What the poller must know about the tab; `document` is one. */
export interface TabVisibility extends EventTarget {
  readonly hidden: boolean;
}

export interface PollerOptions {
  /**
   * Asks once, and resolves with the wanted pace in milliseconds. Rejecting counts as a failure;
   * ServerUnreachable may say how long to wait.
   */
  readonly poll: (signal: AbortSignal) => Promise<number>;
  /** The slowest pace while the tab is hidden, or "pause" not to ask at all then. */
  readonly whenHidden: number | "pause";
  /** The pace until the first answer. */
  readonly intervalMs: number;
  readonly tab?: TabVisibility;
  readonly network?: EventTarget;
}

/**
 * Asks again and again, politely: one question at a time, ever slower while none is answered, and
 * slower in hidden tabs.
 *
 * Asks at once when the tab is shown again or the network returns.
 */
export class Poller {
  readonly #options: PollerOptions;
  readonly #tab: TabVisibility;
  readonly #network: EventTarget;
  #failures = 0;
  #intervalMs: number;
  /** How long the server wants to be left alone, after the last failure. */
  #askedMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | null = null;
  #isRunning = false;

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#tab = options.tab ?? document;
    this.#network = options.network ?? window;
    this.#intervalMs = options.intervalMs;
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#tab.addEventListener("visibilitychange", this.#onVisibilityChange);
    this.#network.addEventListener("online", this.#onOnline);
    void this.#ask();
  }

  /** Stops asking and aborts the question under way. */
  stop(): void {
    this.#isRunning = false;
    this.#tab.removeEventListener("visibilitychange", this.#onVisibilityChange);
    this.#network.removeEventListener("online", this.#onOnline);
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = null;
  }

  /** Asks now, unless a question is already under way. */
  hasten(): void {
    if (!this.#isRunning || this.#asking !== null) return;
    clearTimeout(this.#timer);
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    try {
      this.#intervalMs = await this.#options.poll(asking.signal);
      this.#failures = 0;
    } catch (error) {
      // What failed is the asker's to show; here it only changes the pace.
      this.#failures += 1;
      this.#askedMs = error instanceof ServerUnreachable ? error.retryAfterMs : 0;
    }
    if (asking.signal.aborted) return;
    this.#asking = null;
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const { whenHidden } = this.#options;
    let intervalMs = this.#intervalMs;
    if (this.#tab.hidden) {
      if (whenHidden === "pause") return;
      intervalMs = Math.max(intervalMs, whenHidden);
    }
    this.#timer = setTimeout(
      () => void this.#ask(),
      pollDelayMs(intervalMs, this.#failures, this.#askedMs, Math.random()),
    );
  }

  readonly #onVisibilityChange = (): void => {
    if (this.#asking !== null) return;
    if (this.#tab.hidden) this.#schedule();
    else this.hasten();
  };

  readonly #onOnline = (): void => {
    this.hasten();
  };
}
