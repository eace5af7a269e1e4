import type { ReactiveController, ReactiveControllerHost } from "lit";

import type { ApiClient } from "../api/client.js";

const TICK_MS = 1_000;
const NOTE_AFTER_MS = 60_000;
/** Shorter looks say nothing of a taste. */
const LEAST_MS = 10_000;
/** What the server takes at once; a machine that slept has not watched. */
const MOST_MS = 120_000;

export interface Watching {
  /** The channel that plays for somebody who is signed in, or null. */
  readonly channel: () => string | null;
}

/** Tells the server what somebody who is signed in watches, for their recommendations. */
export class WatchNotes implements ReactiveController {
  readonly #api: ApiClient;
  readonly #watching: Watching;
  #channel: string | null = null;
  #watchedMs = 0;
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor(host: ReactiveControllerHost, api: ApiClient, watching: Watching) {
    this.#api = api;
    this.#watching = watching;
    host.addController(this);
  }

  hostConnected(): void {
    this.#ticking = setInterval(() => {
      this.tick(TICK_MS);
    }, TICK_MS);
  }

  hostDisconnected(): void {
    clearInterval(this.#ticking);
    this.#note();
  }

  /** Counts time that has passed for what plays now. */
  tick(passedMs: number): void {
    const channel = this.#watching.channel();
    if (channel !== this.#channel && channel !== null) {
      this.#note();
      this.#channel = channel;
    }
    if (channel === null) return;
    this.#watchedMs += passedMs;
    if (this.#watchedMs >= NOTE_AFTER_MS) this.#note();
  }

  #note(): void {
    const channel = this.#channel;
    const watchedMs = Math.min(Math.round(this.#watchedMs), MOST_MS);
    this.#watchedMs = 0;
    if (channel === null || watchedMs < LEAST_MS) return;
    // Nobody waits for it, and a minute more or less changes no recommendation.
    this.#api.post("/me/watch-history", { body: { channel, watchedMs } }).catch(() => undefined);
  }
}
