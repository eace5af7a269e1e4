import type { EngineFacts, EngineOwner, PlaybackEngine, QualityChoice } from "./engine.js";
import type { PlaybackFailure } from "./playback-failure.js";
import { Recovery } from "./recovery.js";
import { fetchSession, withSession } from "./session-name.js";

/** getStartDate() is Safari's; the HTML standard has it, the DOM typings do not. */
interface DatedMedia extends HTMLMediaElement {
  getStartDate?(): Date;
}

/** The browser's own HLS player: iPhones that have no Media Source Extensions. */
export class NativeEngine implements PlaybackEngine {
  failure: PlaybackFailure | null = null;
  session: string | null = null;
  readonly quality: QualityChoice = { qualities: [], chosen: "auto", playing: null };

  readonly #media: DatedMedia;
  #url: string;
  readonly #owner: EngineOwner;
  readonly #recovery = new Recovery();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  static isSupported(): boolean {
    return document.createElement("video").canPlayType("application/vnd.apple.mpegurl") !== "";
  }

  constructor(media: HTMLMediaElement, url: string, owner: EngineOwner) {
    this.#media = media;
    this.#url = url;
    this.#owner = owner;
    media.addEventListener("error", this.#onError);
    media.addEventListener("timeupdate", this.#onTimeUpdate);
    void this.#begin();
  }

  facts(): EngineFacts {
    const startDateMs = this.#media.getStartDate?.().getTime() ?? Number.NaN;
    const liveS = this.livePositionS();
    return {
      pictureDateMs: Number.isNaN(startDateMs)
        ? null
        : startDateMs + this.#media.currentTime * 1000,
      lagS: liveS === null ? null : liveS - this.#media.currentTime,
      targetLatencyS: null,
      partTargetS: null,
      bitrateBps: null,
      bandwidthBps: null,
      codecs: null,
    };
  }

  chooseQuality(): void {
    // The system's player chooses by itself and cannot be told.
  }

  livePositionS(): number | null {
    const { seekable } = this.#media;
    return seekable.length === 0 ? null : seekable.end(seekable.length - 1);
  }

  /** The system's player follows the addresses it has, which stop working: it begins anew. */
  move(url: string): void {
    this.#url = url;
    this.#reload();
  }

  resume(): void {
    if (this.failure === null && this.#media.error !== null) this.#reload();
  }

  destroy(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#media.removeEventListener("error", this.#onError);
    this.#media.removeEventListener("timeupdate", this.#onTimeUpdate);
    this.#media.removeAttribute("src");
    this.#media.load();
  }

  /** The system's player shows nobody what it reads: it is told which session to go on with. */
  async #begin(): Promise<void> {
    this.session = await fetchSession(this.#url);
    if (!this.#isOver) this.#media.src = withSession(this.#url, this.session);
  }

  #reloadAfter(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#reload();
    }, delayMs);
  }

  #reload(): void {
    clearTimeout(this.#timer);
    this.failure = null;
    this.#owner.engineRestarts();
    this.#media.src = withSession(this.#url, this.session);
    this.#media.play().catch(() => {
      // Refused without a gesture: the player shows its play button.
      this.#owner.engineChanged();
    });
  }

  readonly #onTimeUpdate = (): void => {
    if (!this.#media.paused) this.#recovery.notePlaying(performance.now());
  };

  readonly #onError = (): void => {
    const { error } = this.#media;
    if (error === null) return;
    this.#owner.engineTroubled();
    const kind = error.code === MediaError.MEDIA_ERR_NETWORK ? "network" : "other";
    const remedy = this.#recovery.remedyFor(kind, performance.now());
    switch (remedy.action) {
      case "reload":
      case "rebuild":
        this.#reloadAfter(remedy.delayMs);
        break;
      case "reset-decoder":
        this.#reload();
        break;
      case "rest":
        this.failure =
          error.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED
            ? { reason: "codec", codecs: [] }
            : { reason: "broken", detail: error.message };
        this.#reloadAfter(remedy.delayMs);
        this.#owner.engineChanged();
        break;
    }
  };
}
