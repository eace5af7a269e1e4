/** How the playhead is kept at its distance from the live edge, decided without a player. */

import { LowWater } from "./low-water.js";

export interface PlayheadFacts {
  /** How far the playhead is behind where it should be; negative when ahead of it. Seconds. */
  readonly lagS: number;
  /** What is buffered ahead of the playhead. Seconds. */
  readonly bufferS: number;
  /** The longest part of the playlist; null where it has whole segments alone. Seconds. */
  readonly partTargetS: number | null;
}

export interface Steering {
  readonly rate: number;
  readonly seekToLive: boolean;
}

type Pace = "even" | "faster" | "slower";

/** Beyond this, catching up by speed takes longer than a viewer should wait. */
const JUMP_ABOVE_S = 4;

/** Lag that is worth a change of speed, and lag that is none; between them the pace stays. */
const LATE_S = 0.1;
const ON_TIME_S = 0.02;
/** Being too near to the edge matters less: the buffer has its own guard. */
const EARLY_S = 0.15;

/** The buffer that must never be spent: what a late part may cost, and a floor for scheduling. */
const SAFE_PARTS = 0.6;
const SAFE_FLOOR_S = 0.15;
/** A buffer that is safe only just is not yet a reason to go on as before. */
const COMFORT = 1.5;
const WHOLE_SEGMENT_S = 1;

/** Speeds keep to this grid, and change by one step of it at a time: nobody hears 2 %. */
const STEP = 0.02;
const FASTEST_STEPS = 4;
const SLOWEST_STEPS = 2;
/** Steps per second of lag, or of missing buffer: half a second is caught up at 6 %. */
const STEPS_PER_S = 5;

/** Readings of the lag jitter by as much as playlists do on their way; this averages them. */
const SMOOTHING_MS = 800;
/** A change this large is a stall or a seek, not jitter. */
const UNSTEADY_S = 0.6;
const OBSERVED_MS = 1_000;

/**
 * Chooses the speed of a viewer who wants to be at the live edge.
 *
 * hls.js has a catch-up of its own (maxLiveSyncPlaybackRate), but it acts only on more than one
 * second of buffer, which a viewer of one second never has. This one acts on the least buffer
 * that there was lately, the moment before a part came: it goes faster only by what that can
 * spare, and slower when it is short, rather than waiting for the stall.
 * Times are monotonic milliseconds.
 */
export class RateController {
  readonly #buffer = new LowWater();
  #pace: Pace = "even";
  #steps = 0;
  #lagS: number | null = null;
  #observedAtMs = Number.NEGATIVE_INFINITY;

  /** Takes what there is at `nowMs`, about ten times a second, and says what to do. */
  observe({ lagS, bufferS, partTargetS }: PlayheadFacts, nowMs: number): Steering {
    if (lagS > JUMP_ABOVE_S) {
      this.reset();
      return { rate: 1, seekToLive: true };
    }
    const partS = partTargetS ?? WHOLE_SEGMENT_S;
    const windowMs = Math.max(OBSERVED_MS, 2 * partS * 1000);
    this.#smooth(lagS, nowMs);
    const lowS = this.#buffer.observe(bufferS, nowMs, windowMs);
    // Until parts have come and gone nobody knows how much buffer there is at the worst moment.
    if (lowS !== null && this.#lagS !== null) this.#choose(this.#lagS, lowS, partS);
    return { rate: 1 + this.#steps * STEP, seekToLive: false };
  }

  /** Forgets what was observed: playing stopped, or went on elsewhere. */
  reset(): void {
    this.#buffer.forget();
    this.#pace = "even";
    this.#steps = 0;
    this.#lagS = null;
  }

  #choose(lagS: number, lowS: number, partS: number): void {
    const safeS = Math.max(SAFE_FLOOR_S, SAFE_PARTS * partS);
    const sparedS = Math.min(lagS, lowS - COMFORT * safeS);
    const shortageS = Math.max(-lagS, COMFORT * safeS - lowS);
    this.#pace = this.#paceAfter(lagS, lowS, safeS, sparedS);
    const wanted = {
      even: 0,
      faster: Math.min(FASTEST_STEPS, Math.max(1, Math.round(sparedS * STEPS_PER_S))),
      slower: -Math.min(SLOWEST_STEPS, Math.max(1, Math.round(shortageS * STEPS_PER_S))),
    }[this.#pace];
    this.#steps += Math.sign(wanted - this.#steps);
  }

  #paceAfter(lagS: number, lowS: number, safeS: number, sparedS: number): Pace {
    if (lowS < safeS || lagS < -EARLY_S) return "slower";
    switch (this.#pace) {
      case "slower":
        return lowS < COMFORT * safeS || lagS < -ON_TIME_S ? "slower" : "even";
      case "faster":
        return sparedS > ON_TIME_S ? "faster" : "even";
      case "even":
        return sparedS > LATE_S ? "faster" : "even";
    }
  }

  #smooth(lagS: number, nowMs: number): void {
    const elapsedMs = nowMs - this.#observedAtMs;
    this.#observedAtMs = nowMs;
    if (this.#lagS === null || Math.abs(lagS - this.#lagS) > UNSTEADY_S) this.#lagS = lagS;
    else this.#lagS += (lagS - this.#lagS) * (1 - Math.exp(-elapsedMs / SMOOTHING_MS));
  }
}
