import type { ServerClock } from "../status/server-clock.js";
import type { AutoplayOutcome } from "./autoplay.js";
import { startPlaying } from "./autoplay.js";
import type { EngineFacts, EngineOwner, PlaybackEngine, QualityChoice } from "./engine.js";
import { FreezeFrame } from "./freeze-frame.js";
import { HlsEngine } from "./hls-engine.js";
import { LatencyMeter } from "./latency-meter.js";
import { LiveFollower } from "./live-follower.js";
import { NativeEngine } from "./native-engine.js";
import type { PlaybackFailure } from "./playback-failure.js";
import type { PictureFacts } from "./player-state.js";
import { fetchSession } from "./session-name.js";

/** Whoever shows the playback. */
export interface PlaybackOwner {
  playbackChanged(): void;
  /** Playback ran dry or failed: the server may know why. */
  playbackTroubled(): void;
}

const WATCHED_EVENTS = [
  "play",
  "playing",
  "waiting",
  "canplay",
  "seeking",
  "seeked",
  "ended",
  "emptied",
] as const;

/** One video element playing one channel live, whatever happens to its source. */
export class Playback implements EngineOwner {
  autoplay: AutoplayOutcome | null = null;

  readonly #video: HTMLVideoElement;
  readonly #frame: FreezeFrame;
  readonly #owner: PlaybackOwner;
  readonly #meter: LatencyMeter;
  readonly #follower: LiveFollower;
  readonly #listening = new AbortController();
  #engine: PlaybackEngine | null = null;
  #unsupported: PlaybackFailure | null = null;
  /** Of who cannot play, and says so. */
  #lostSession: string | null = null;
  #hasPlayed = false;
  #wantsToPlay = true;

  constructor(
    video: HTMLVideoElement,
    canvas: HTMLCanvasElement,
    clock: ServerClock,
    owner: PlaybackOwner,
  ) {
    this.#video = video;
    this.#frame = new FreezeFrame(canvas);
    this.#meter = new LatencyMeter(clock);
    this.#owner = owner;
    this.#follower = new LiveFollower(video, () => {
      const engine = this.#engine;
      return engine === null ? null : { ...engine.facts(), livePositionS: engine.livePositionS() };
    });
    const { signal } = this.#listening;
    for (const type of WATCHED_EVENTS) video.addEventListener(type, this.#onMedia, { signal });
    video.addEventListener("loadeddata", this.#onLoaded, { signal });
    video.addEventListener("play", this.#onPlay, { signal });
    video.addEventListener("pause", this.#onPause, { signal });
  }

  get isAtEdge(): boolean {
    return this.#follower.isAtEdge;
  }

  get failure(): PlaybackFailure | null {
    return this.#unsupported ?? this.#engine?.failure ?? null;
  }

  get quality(): QualityChoice | null {
    return this.#engine?.quality ?? null;
  }

  get latencyMs(): number | null {
    return this.#meter.latencyMs;
  }

  get engineFacts(): EngineFacts | null {
    return this.#engine?.facts() ?? null;
  }

  /** Who plays: a library, or the browser itself. */
  get player(): "hls.js" | "native" {
    return this.#engine instanceof NativeEngine ? "native" : "hls.js";
  }

  /** By what the server knows this playback; another one after the engine has begun anew. */
  get session(): string | null {
    return this.#engine === null ? this.#lostSession : this.#engine.session;
  }

  /** A picture is on screen, moving or not. */
  get hasPicture(): boolean {
    return this.#frame.isHeld || (this.#engine !== null && this.#hasPlayed);
  }

  get facts(): PictureFacts {
    return {
      hasSource: this.#engine !== null,
      hasFailed: this.failure !== null,
      hasPlayed: this.#hasPlayed,
      isPaused: this.#isHalted && !this.#isAboutToStart,
      isStarved: this.#isStarved || this.#isAboutToStart,
      hasReachedEnd: this.#video.ended,
    };
  }

  /** Plays another source; the last picture of the former stays until the first of the new. */
  load(url: string): void {
    this.unload();
    this.#lostSession = null;
    if (HlsEngine.isSupported()) this.#engine = new HlsEngine(this.#video, url, this);
    else if (NativeEngine.isSupported()) this.#engine = new NativeEngine(this.#video, url, this);
    else {
      this.#unsupported = { reason: "no-hls" };
      void fetchSession(url).then((session) => {
        this.#lostSession = session;
      });
    }
    this.#follower.follow();
    this.#owner.playbackChanged();
  }

  /** Goes on with the same source at the address of another token. */
  move(url: string): void {
    this.#engine?.move(url);
  }

  unload(): void {
    if (this.#engine === null) return;
    this.#frame.hold(this.#video);
    this.#engine.destroy();
    this.#engine = null;
    this.#hasPlayed = false;
    this.#meter.read(null, 0);
    this.#owner.playbackChanged();
  }

  /** The server says that there is something to play again. */
  resume(): void {
    this.#engine?.resume();
  }

  chooseQuality(level: number | "auto"): void {
    this.#engine?.chooseQuality(level);
  }

  goToLive(): void {
    this.#follower.jump();
    if (this.#video.paused) void this.#start();
  }

  /** To be called a few times a second. */
  measure(): void {
    const dateMs = this.#hasPlayed ? (this.#engine?.facts().pictureDateMs ?? null) : null;
    this.#meter.read(dateMs, Date.now());
  }

  destroy(): void {
    this.#listening.abort();
    this.#follower.destroy();
    this.#engine?.destroy();
    this.#engine = null;
  }

  engineChanged(): void {
    this.#owner.playbackChanged();
  }

  engineTroubled(): void {
    this.#owner.playbackTroubled();
  }

  engineRestarts(): void {
    this.#frame.hold(this.#video);
  }

  get #isHalted(): boolean {
    return this.#video.paused && !this.#video.ended;
  }

  /** A new source has paused the element, and nobody else wishes it paused. */
  get #isAboutToStart(): boolean {
    return this.#isHalted && this.#wantsToPlay && this.autoplay !== "blocked";
  }

  get #isStarved(): boolean {
    return this.#video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  async #start(): Promise<void> {
    const outcome = await startPlaying(this.#video);
    if (outcome === "superseded") return;
    // Another source that plays because the last one was muted is still muted by the policy.
    const isStillMuted = this.autoplay === "muted" && this.#video.muted;
    this.autoplay = isStillMuted && outcome === "playing" ? "muted" : outcome;
    this.#owner.playbackChanged();
  }

  readonly #onMedia = (event: Event): void => {
    if (event.type === "playing") {
      this.#hasPlayed = true;
      this.#frame.release();
    }
    if (event.type === "waiting" && this.#hasPlayed) this.#owner.playbackTroubled();
    this.#owner.playbackChanged();
  };

  /** A new or rebuilt source pauses the element (HTML standard, media element load algorithm). */
  readonly #onLoaded = (): void => {
    if (this.#wantsToPlay && this.#video.paused) void this.#start();
  };

  readonly #onPlay = (): void => {
    this.#wantsToPlay = true;
    if (this.autoplay === "blocked") {
      // What was loaded while the viewer thought about it is no longer live.
      this.autoplay = "playing";
      this.#follower.jump();
    }
  };

  readonly #onPause = (): void => {
    // The end of the media pauses as well, which nobody wished.
    if (!this.#video.ended) this.#wantsToPlay = false;
    this.#owner.playbackChanged();
  };
}
