import type { PlaybackFailure } from "./playback-failure.js";

/** Why a playback was given up, as the server knows it (analytics/quality/beacon.py). */
export type ErrorCode = "network" | "media" | "codec" | "no-hls" | "other";

/** Sums since the playback began; a picture was there after `startupMs`. */
export interface QualitySums {
  readonly startupMs: number | null;
  readonly watchedMs: number;
  readonly stalls: number;
  readonly stalledMs: number;
  readonly switchesUp: number;
  readonly switchesDown: number;
  readonly droppedFrames: number;
  readonly decodedFrames: number;
  readonly errors: Readonly<Partial<Record<ErrorCode, number>>>;
}

/** What the player knows at one moment. */
export interface QualitySample {
  readonly isPlaying: boolean;
  /** It wants to play, and has nothing to. */
  readonly isStarved: boolean;
  /** The browser lets it begin only once the viewer has touched something. */
  readonly isHeldBack: boolean;
  readonly bitrateBps: number | null;
  readonly totalFrames: number;
  readonly droppedFrames: number;
}

/** Nobody notices less. */
const STALL_MS = 150;
/** Between two samples; a machine that slept has not played meanwhile. */
const LONGEST_STEP_MS = 90_000;
const LONGEST_STARTUP_MS = 600_000;

/** Adds up how well one playback goes. Knows no clock: all times are passed in, in milliseconds. */
export class QualityMeter {
  #beganMs: number;
  #lastMs: number;
  #startupMs: number | null = null;
  #watchedMs = 0;
  #stalls = 0;
  #stalledMs = 0;
  /** How long the stall has lasted that may become one. */
  #stallMs = 0;
  #was: "idle" | "playing" | "starved" = "idle";
  #bitrateBps: number | null = null;
  #switchesUp = 0;
  #switchesDown = 0;
  #frames = { total: 0, dropped: 0 };
  #seenFrames = { total: 0, dropped: 0 };
  #errors: Partial<Record<ErrorCode, number>> = {};

  constructor(nowMs: number) {
    this.#beganMs = nowMs;
    this.#lastMs = nowMs;
  }

  get sums(): QualitySums {
    return {
      startupMs: this.#startupMs,
      watchedMs: Math.round(this.#watchedMs),
      stalls: this.#stalls,
      stalledMs: Math.round(this.#stalledMs),
      switchesUp: this.#switchesUp,
      switchesDown: this.#switchesDown,
      droppedFrames: this.#frames.dropped,
      decodedFrames: this.#frames.total,
      errors: { ...this.#errors },
    };
  }

  /** Takes what is now; what was before lasted until now. */
  sample(now: QualitySample, nowMs: number): void {
    this.#pass(Math.min(Math.max(0, nowMs - this.#lastMs), LONGEST_STEP_MS));
    this.#lastMs = nowMs;
    if (this.#startupMs === null) {
      if (now.isHeldBack) this.#beganMs = nowMs;
      if (now.isPlaying) this.#startupMs = Math.min(Math.round(nowMs - this.#beganMs), LONGEST_STARTUP_MS);
    }
    if (now.isPlaying) this.#was = "playing";
    else if (now.isStarved && this.#startupMs !== null) this.#was = "starved";
    else this.#was = "idle";
    if (this.#was !== "starved") this.#stallMs = 0;
    this.#compareBitrate(now.bitrateBps);
    this.#countFrames(now);
  }

  noteFailure(failure: PlaybackFailure): void {
    const code = codeOf(failure);
    this.#errors[code] = (this.#errors[code] ?? 0) + 1;
  }

  #pass(stepMs: number): void {
    if (this.#was === "playing") this.#watchedMs += stepMs;
    if (this.#was !== "starved") return;
    const before = this.#stallMs;
    this.#stallMs += stepMs;
    if (this.#stallMs < STALL_MS) return;
    if (before < STALL_MS) {
      this.#stalls += 1;
      this.#stalledMs += before;
    }
    this.#stalledMs += stepMs;
  }

  #compareBitrate(bitrateBps: number | null): void {
    if (bitrateBps === null) return;
    if (this.#bitrateBps !== null && bitrateBps > this.#bitrateBps) this.#switchesUp += 1;
    if (this.#bitrateBps !== null && bitrateBps < this.#bitrateBps) this.#switchesDown += 1;
    this.#bitrateBps = bitrateBps;
  }

  /** A media element counts from zero again when it gets another source. */
  #countFrames({ totalFrames, droppedFrames }: QualitySample): void {
    const seen = this.#seenFrames;
    const isAnew = totalFrames < seen.total || droppedFrames < seen.dropped;
    this.#frames.total += totalFrames - (isAnew ? 0 : seen.total);
    this.#frames.dropped += droppedFrames - (isAnew ? 0 : seen.dropped);
    this.#seenFrames = { total: totalFrames, dropped: droppedFrames };
  }
}

/** Names why playback was given up, by few words. */
export function codeOf(failure: PlaybackFailure): ErrorCode {
  if (failure.reason !== "broken") return failure.reason;
  if (/load|network|timeout/i.test(failure.detail)) return "network";
  return /buffer|media|append|decode|stall/i.test(failure.detail) ? "media" : "other";
}
