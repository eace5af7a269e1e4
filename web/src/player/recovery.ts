/** What to do about a fatal error of the player, decided without clocks or players. */

export type FatalKind = "network" | "media" | "other";

export type Remedy =
  /** Load again from where it stopped, after a wait. */
  | { readonly action: "reload"; readonly delayMs: number }
  /** Rebuild the decoder's buffers, keeping playlists. */
  | { readonly action: "reset-decoder" }
  /** Throw the whole player away and build another, after a wait. */
  | { readonly action: "rebuild"; readonly delayMs: number }
  /** Say that it does not work, and build another after a long wait. */
  | { readonly action: "rest"; readonly delayMs: number };

/** hls.js advises at most two recoverMediaError calls for one fault; the rest is a rebuild. */
const DECODER_RESETS = 2;
const REBUILDS = 4;
/** This much undisturbed playing proves a remedy, and the count begins anew. */
const PROVEN_AFTER_MS = 30_000;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 8_000;
/** Faults that no remedy heals are often the encoder's, and end when the streamer notices. */
const REST_MS = 15_000;

/**
 * Chooses ever stronger remedies while errors keep coming.
 *
 * Network errors are retried for ever with growing waits, because the status poll knows when the
 * show is over. Faults of the media get a few quick remedies and then one at a time, far apart.
 */
export class Recovery {
  #networkErrors = 0;
  #decoderResets = 0;
  #rebuilds = 0;
  #playingSinceMs: number | null = null;

  /** Chooses a remedy for a fatal error at `nowMs`, a monotonic time. */
  remedyFor(kind: FatalKind, nowMs: number): Remedy {
    const playingSinceMs = this.#playingSinceMs;
    this.#playingSinceMs = null;
    if (playingSinceMs !== null && nowMs - playingSinceMs >= PROVEN_AFTER_MS) this.forget();
    if (kind === "network") {
      const delayMs = Math.min(FIRST_DELAY_MS * 2 ** this.#networkErrors, LONGEST_DELAY_MS);
      this.#networkErrors += 1;
      return { action: "reload", delayMs };
    }
    if (kind === "media" && this.#decoderResets < DECODER_RESETS) {
      this.#decoderResets += 1;
      return { action: "reset-decoder" };
    }
    if (this.#rebuilds < REBUILDS) {
      const delayMs = FIRST_DELAY_MS * 2 ** this.#rebuilds;
      this.#rebuilds += 1;
      this.#decoderResets = 0;
      return { action: "rebuild", delayMs };
    }
    return { action: "rest", delayMs: REST_MS };
  }

  /** The picture moves at `nowMs`: the way to the server works, and the rest is on probation. */
  notePlaying(nowMs: number): void {
    this.#networkErrors = 0;
    this.#playingSinceMs ??= nowMs;
  }

  /** Starts anew, as for another source. */
  forget(): void {
    this.#networkErrors = 0;
    this.#decoderResets = 0;
    this.#rebuilds = 0;
    this.#playingSinceMs = null;
  }
}
