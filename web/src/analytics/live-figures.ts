/** What a show is at this moment, from the server's answers and from what is told in between. Pure. */

import type { LiveViewers } from "../api/analytics-names.js";
import { MessageRate } from "./message-rate.js";
import type { TrailPoint } from "./viewer-trail.js";
import { trailAfter, trailOf } from "./viewer-trail.js";

/**
 * Numbers of one channel, for the last minutes alone. All moments are by the server's clock.
 *
 * An answer takes the place of what was told before it; what is told later counts on from there.
 */
export class LiveFigures {
  viewers: number | null = null;
  trail: readonly TrailPoint[] = [];
  /** When the show began; null while there is none, or nothing is known. */
  startedMs: number | null = null;
  /** Who began to follow since then; null while nothing is known. */
  followersGained: number | null = null;

  readonly #rate = new MessageRate();
  #answeredMs: number | null = null;
  #heardMs = 0;

  /** Messages in the minute before `nowMs`; null while nobody has said what was in all of it. */
  messagesWithin(nowMs: number): number | null {
    return this.#answeredMs === null ? null : this.#rate.within(nowMs);
  }

  /** Until when anything is known; 0 while nothing is. */
  get knownMs(): number {
    return Math.max(this.#answeredMs ?? 0, this.#heardMs);
  }

  /** Takes what the server knows now. */
  answer({ at, viewers, samples, messages, broadcast }: LiveViewers): void {
    const atMs = Date.parse(at);
    this.#answeredMs = atMs;
    this.startedMs = broadcast === null ? null : Date.parse(broadcast.startedAt);
    this.followersGained = broadcast?.followersGained ?? null;
    // A server that does not have the show itself has sampled nobody.
    if (samples.length > 0) {
      this.trail = trailOf(samples);
      this.count(viewers, atMs);
    }
    const lastSecond = Math.floor(atMs / 1000);
    messages.forEach((count, place) => {
      this.#rate.answer(lastSecond - messages.length + 1 + place, count);
    });
  }

  count(viewers: number, atMs: number): void {
    this.viewers = viewers;
    this.trail = trailAfter(this.trail, atMs, viewers);
  }

  noteMessage(atMs: number): void {
    this.#rate.note(atMs);
    this.#heardMs = Math.max(this.#heardMs, atMs);
  }

  /** Somebody follows; in the last answer, perhaps. */
  noteFollower(atMs: number): void {
    if (this.followersGained === null || atMs <= (this.#answeredMs ?? 0)) return;
    this.followersGained += 1;
  }

  /** Forgets a show that is over. */
  end(): void {
    this.viewers = null;
    this.trail = [];
    this.startedMs = null;
    this.followersGained = null;
  }
}
