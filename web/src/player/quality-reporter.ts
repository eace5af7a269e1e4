import { QualityBeacon } from "./quality-beacon.js";
import { mayReport } from "./quality-consent.js";
import { QualityMeter } from "./quality-meter.js";
import type { Playback } from "./playback.js";
import { videoFactsOf } from "./statistics.js";

/** Those who began together do not tell together. */
const FIRST_MS: readonly [number, number] = [5_000, 12_000];
const NEXT_MS: readonly [number, number] = [25_000, 35_000];

const WATCHED_EVENTS = ["playing", "waiting", "pause", "seeking", "seeked", "ended"] as const;

/** Measures one playback after the other on a video element, and reports each, if the viewer lets it. */
export class QualityReporter {
  readonly #video: HTMLVideoElement;
  readonly #playback: Playback;
  readonly #listening = new AbortController();
  #channel = "";
  #meter: QualityMeter | null = null;
  #beacon: QualityBeacon | null = null;
  #hasFailed = false;
  #dueMs = 0;

  constructor(video: HTMLVideoElement, playback: Playback) {
    this.#video = video;
    this.#playback = playback;
    const { signal } = this.#listening;
    for (const type of WATCHED_EVENTS) video.addEventListener(type, this.measure, { signal });
    // On phones this is often the last that a page hears.
    document.addEventListener("visibilitychange", this.#onVisibility, { signal });
    addEventListener("pagehide", this.#tell, { signal });
  }

  /** Another source is about to be loaded. */
  begin(channel: string): void {
    this.end();
    if (!mayReport()) return;
    const nowMs = performance.now();
    this.#channel = channel;
    this.#meter = new QualityMeter(nowMs);
    this.#hasFailed = false;
    this.#dueMs = nowMs + between(FIRST_MS);
  }

  /** The source is about to be dropped. */
  end(): void {
    this.#tell();
    this.#meter = null;
    this.#beacon = null;
  }

  destroy(): void {
    this.end();
    this.#listening.abort();
  }

  /** To be called a few times a second. */
  readonly measure = (): void => {
    const meter = this.#meter;
    if (meter === null) return;
    const { facts, failure, autoplay, engineFacts } = this.#playback;
    const { totalFrames, droppedFrames } = videoFactsOf(this.#video);
    const nowMs = performance.now();
    const isMoving = facts.hasPlayed && !facts.isPaused && !this.#video.seeking;
    meter.sample(
      {
        isPlaying: isMoving && !facts.isStarved && !facts.hasReachedEnd,
        isStarved: isMoving && facts.isStarved && !facts.hasReachedEnd,
        isHeldBack: autoplay === "blocked" && this.#video.paused,
        bitrateBps: engineFacts?.bitrateBps ?? null,
        totalFrames,
        droppedFrames,
      },
      nowMs,
    );
    if (failure !== null && !this.#hasFailed) meter.noteFailure(failure);
    this.#hasFailed = failure !== null;
    this.#followSession();
    if (nowMs < this.#dueMs) return;
    this.#dueMs = nowMs + between(NEXT_MS);
    this.#tellNow();
  };

  readonly #tell = (): void => {
    this.measure();
    this.#tellNow();
  };

  /** Without a session nothing is told: nobody would believe it. */
  #followSession(): void {
    const { session } = this.#playback;
    const beacon = this.#beacon;
    if (session === null || session === beacon?.session) return;
    this.#tellNow();
    this.#beacon = beacon?.continuedBy(session) ?? new QualityBeacon(session);
  }

  #tellNow(): void {
    const beacon = this.#beacon;
    const meter = this.#meter;
    if (beacon === null || meter === null) return;
    if (!mayReport()) {
      this.#meter = null;
      this.#beacon = null;
      return;
    }
    void beacon.tell(meter.sums, {
      channel: this.#channel,
      language: navigator.language,
      player: this.#playback.player,
      bitrateBps: this.#playback.engineFacts?.bitrateBps ?? null,
      latencyMs: this.#playback.latencyMs,
    });
  }

  readonly #onVisibility = (): void => {
    if (document.visibilityState === "hidden") this.#tell();
  };
}

function between([leastMs, mostMs]: readonly [number, number]): number {
  return leastMs + Math.random() * (mostMs - leastMs);
}
