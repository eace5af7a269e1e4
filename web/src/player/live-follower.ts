import { isAtLiveEdge } from "./live-edge.js";
import { RateController } from "./rate-controller.js";
import { bufferAheadS } from "./statistics.js";

/** Where the live edge is, as an engine knows it. */
export interface EdgePosition {
  /** How far the playhead is behind its target, in seconds; null before the first playlist. */
  readonly lagS: number | null;
  readonly partTargetS: number | null;
  /** Where playing live continues, in media time, or null while unknown. Seconds. */
  readonly livePositionS: number | null;
}

const STEER_INTERVAL_MS = 100;
/** A pause longer than this is a wish to see what was missed. */
const DELIBERATE_PAUSE_MS = 3_000;
/** A step back longer than this is the viewer's; the engine's own are tenths of a second. */
const REWOUND_S = 1;
/** A jump has to load before the next one makes sense. */
const JUMP_PAUSE_MS = 6_000;

/**
 * Keeps a media element at the live edge for as long as its viewer wants to be there.
 *
 * A viewer who has paused for a while, gone back, or chosen a speed is left alone until the
 * playhead is at the edge again.
 */
export class LiveFollower {
  isAtEdge = true;

  readonly #video: HTMLVideoElement;
  readonly #edge: () => EdgePosition | null;
  readonly #controller = new RateController();
  readonly #listening = new AbortController();
  readonly #timer: ReturnType<typeof setInterval>;
  #isFollowing = true;
  #ourRate = 1;
  #playheadS = 0;
  #pausedAtMs: number | null = null;
  #jumpedAtMs = Number.NEGATIVE_INFINITY;

  /** `edge` answers null while there is no source. */
  constructor(video: HTMLVideoElement, edge: () => EdgePosition | null) {
    this.#video = video;
    this.#edge = edge;
    const { signal } = this.#listening;
    video.addEventListener("play", this.#onPlay, { signal });
    video.addEventListener("pause", this.#onPause, { signal });
    video.addEventListener("seeking", this.#onSeeking, { signal });
    video.addEventListener("emptied", this.#onEmptied, { signal });
    this.#timer = setInterval(this.#steer, STEER_INTERVAL_MS);
  }

  destroy(): void {
    clearInterval(this.#timer);
    this.#listening.abort();
  }

  /** Begins anew, as for another source. */
  follow(): void {
    this.#isFollowing = true;
    this.isAtEdge = true;
    this.#playheadS = 0;
    this.#pausedAtMs = null;
    this.#controller.reset();
    this.#setRate(1);
  }

  /** Goes to the edge at once, and stays there. */
  jump(): void {
    this.#isFollowing = true;
    const positionS = this.#edge()?.livePositionS ?? null;
    if (positionS === null) return;
    this.#jumpedAtMs = performance.now();
    this.#video.currentTime = positionS;
  }

  get #hasViewersRate(): boolean {
    const { playbackRate, defaultPlaybackRate } = this.#video;
    // Loading sets the default, which is nobody's wish.
    return playbackRate !== this.#ourRate && playbackRate !== defaultPlaybackRate;
  }

  #setRate(rate: number): void {
    this.#ourRate = rate;
    if (this.#video.playbackRate !== rate) this.#video.playbackRate = rate;
  }

  readonly #steer = (): void => {
    const video = this.#video;
    const { lagS = null, partTargetS = null } = this.#edge() ?? {};
    if (lagS === null) return;
    if (video.seeking || video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) {
      this.#controller.reset();
      return;
    }
    const nowMs = performance.now();
    this.#playheadS = video.currentTime;
    this.isAtEdge = isAtLiveEdge(lagS);
    if (this.#hasViewersRate) {
      this.#controller.reset();
      return;
    }
    if (this.isAtEdge && !video.paused) this.#isFollowing = true;
    if (!this.#isFollowing || video.paused) {
      this.#controller.reset();
      this.#setRate(1);
      return;
    }
    const steering = this.#controller.observe(
      { lagS, bufferS: bufferAheadS(video), partTargetS },
      nowMs,
    );
    this.#setRate(steering.rate);
    if (steering.seekToLive && nowMs - this.#jumpedAtMs > JUMP_PAUSE_MS) this.jump();
  };

  readonly #onPlay = (): void => {
    const pausedAtMs = this.#pausedAtMs;
    this.#pausedAtMs = null;
    if (pausedAtMs !== null && performance.now() - pausedAtMs > DELIBERATE_PAUSE_MS) {
      this.#isFollowing = false;
    }
  };

  readonly #onPause = (): void => {
    // The end of the media pauses as well, which nobody wished.
    if (!this.#video.ended) this.#pausedAtMs = performance.now();
  };

  readonly #onSeeking = (): void => {
    if (this.#video.currentTime < this.#playheadS - REWOUND_S) this.#isFollowing = false;
  };

  /** The next source counts its time from elsewhere. */
  readonly #onEmptied = (): void => {
    this.#playheadS = 0;
  };
}
