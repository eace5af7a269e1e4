import type { ErrorData, ManifestLoadedData, ManifestParsedData } from "hls.js";
import Hls, { ErrorDetails, ErrorTypes, Events } from "hls.js";

import { qualityText } from "../wording.js";
import type { EngineFacts, EngineOwner, PlaybackEngine, Quality, QualityChoice } from "./engine.js";
import { HLS_SETTINGS, SAID_WITH_REQUESTS } from "./hls-settings.js";
import type { PlaybackFailure } from "./playback-failure.js";
import { undecodable } from "./playback-failure.js";
import { mayReport } from "./quality-consent.js";
import type { FatalKind } from "./recovery.js";
import { Recovery } from "./recovery.js";
import { sessionOf } from "./session-name.js";
import { TargetRelaxation } from "./target-relaxation.js";
import { tokenOf, withToken } from "./token-path.js";

/** hls.js over Media Source Extensions: everything but old iPhones. */
export class HlsEngine implements PlaybackEngine {
  failure: PlaybackFailure | null = null;
  session: string | null = null;

  readonly #media: HTMLMediaElement;
  #url: string;
  readonly #owner: EngineOwner;
  readonly #recovery = new Recovery();
  readonly #relaxation = new TargetRelaxation(performance.now());
  #hls: Hls;
  #chosen: number | "auto" = "auto";
  #qualities: readonly Quality[] = [];
  #announcedCodecs: readonly string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The remedy that waits for its time. */
  #pending: (() => void) | null = null;

  static isSupported(): boolean {
    return Hls.isSupported();
  }

  constructor(media: HTMLMediaElement, url: string, owner: EngineOwner) {
    this.#media = media;
    this.#url = url;
    this.#owner = owner;
    this.#hls = this.#build();
    media.addEventListener("timeupdate", this.#onTimeUpdate);
  }

  get quality(): QualityChoice {
    const loading = this.#hls.loadLevel;
    return {
      qualities: this.#qualities,
      chosen: this.#chosen,
      playing: loading >= 0 ? loading : null,
    };
  }

  facts(): EngineFacts {
    const hls = this.#hls;
    const details = hls.latestLevelDetails;
    const level = hls.levels[hls.loadLevel];
    const targetLatencyS = hls.targetLatency;
    const codecs = [level?.videoCodec, level?.audioCodec].filter((codec) => codec !== undefined);
    return {
      pictureDateMs: hls.playingDate?.getTime() ?? null,
      lagS: details === null || targetLatencyS === null ? null : hls.latency - targetLatencyS,
      targetLatencyS,
      partTargetS: details === null || details.partTarget === 0 ? null : details.partTarget,
      bitrateBps: level?.bitrate ?? null,
      bandwidthBps: Number.isFinite(hls.bandwidthEstimate) ? hls.bandwidthEstimate : null,
      codecs: codecs.length === 0 ? null : codecs.join(", "),
    };
  }

  chooseQuality(level: number | "auto"): void {
    this.#chosen = level;
    this.#hls.nextLevel = level === "auto" ? -1 : level;
    this.#owner.engineChanged();
  }

  livePositionS(): number | null {
    return this.#hls.liveSyncPosition;
  }

  /** Nothing is loaded anew: requests carry the new token, and playlists hand it on. */
  move(url: string): void {
    this.#url = url;
  }

  resume(): void {
    // What is at rest after many attempts is not woken by every answer of the server.
    if (this.failure === null) this.#remedy();
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#media.removeEventListener("timeupdate", this.#onTimeUpdate);
    this.#hls.destroy();
  }

  #build(): Hls {
    const isOpen = tokenOf(this.#url) === null;
    const hls = new Hls({
      ...HLS_SETTINGS,
      ...(mayReport() ? { cmcd: SAID_WITH_REQUESTS } : {}),
      ...(isOpen ? {} : { xhrSetup: this.#openWithToken }),
    });
    hls.on(Events.MANIFEST_LOADED, this.#onAnnouncement);
    hls.on(Events.MANIFEST_PARSED, this.#onManifest);
    hls.on(Events.LEVEL_SWITCHED, this.#onChange);
    hls.on(Events.ERROR, this.#onError);
    hls.loadSource(this.#url);
    hls.attachMedia(this.#media);
    return hls;
  }

  #postpone(remedy: () => void, delayMs: number): void {
    clearTimeout(this.#timer);
    this.#pending = remedy;
    this.#timer = setTimeout(() => {
      this.#remedy();
    }, delayMs);
  }

  #remedy(): void {
    const remedy = this.#pending;
    this.#pending = null;
    clearTimeout(this.#timer);
    remedy?.();
  }

  readonly #reload = (): void => {
    // Without a single level the multivariant playlist itself is missing.
    if (this.#hls.levels.length === 0) this.#hls.loadSource(this.#url);
    else this.#hls.startLoad(this.#media.currentTime > 0 ? this.#media.currentTime : -1);
  };

  readonly #rebuild = (): void => {
    this.failure = null;
    this.#owner.engineRestarts();
    this.#hls.destroy();
    this.#hls = this.#build();
  };

  /** hls.js remembers addresses of levels and segments by the token of when it read them. */
  readonly #openWithToken = (request: XMLHttpRequest, url: string): void => {
    request.open("GET", withToken(url, tokenOf(this.#url)), true);
  };

  /** Before hls.js has dropped the variants that the browser cannot decode. */
  readonly #onAnnouncement = (_: Events.MANIFEST_LOADED, { levels }: ManifestLoadedData): void => {
    this.session = sessionOf(levels[0]?.url ?? "");
    this.#announcedCodecs = levels.flatMap(({ attrs }) => attrs.CODECS?.split(",") ?? []);
  };

  readonly #onManifest = (_: Events.MANIFEST_PARSED, { levels }: ManifestParsedData): void => {
    this.#qualities = levels
      .map((level, index) => ({
        level: index,
        label: qualityText(level.height, level.frameRate) ?? `Level ${index + 1}`,
        bitrateBps: level.bitrate,
        height: level.height,
      }))
      .sort((one, other) => other.height - one.height || other.bitrateBps - one.bitrateBps);
    if (this.#chosen !== "auto") this.#hls.nextLevel = this.#chosen;
    this.#owner.engineChanged();
  };

  readonly #onChange = (): void => {
    this.#owner.engineChanged();
  };

  readonly #onTimeUpdate = (): void => {
    if (this.#media.paused || this.#media.seeking) return;
    const nowMs = performance.now();
    this.#recovery.notePlaying(nowMs);
    const { latestLevelDetails: details, targetLatency } = this.#hls;
    if (details === null || targetLatency === null) return;
    const floorS = details.partHoldBack || details.holdBack;
    const targetS = this.#relaxation.nextTargetS(nowMs, targetLatency, floorS);
    if (targetS !== null && floorS > 0) this.#hls.targetLatency = targetS;
  };

  readonly #onError = (_: Events.ERROR, error: ErrorData): void => {
    if (error.details === ErrorDetails.BUFFER_STALLED_ERROR) {
      this.#relaxation.noteStall(performance.now());
      this.#owner.engineTroubled();
    }
    if (!error.fatal) return;
    if (isCodecError(error)) {
      this.#fail({ reason: "codec", codecs: this.#undecodableCodecs() });
      return;
    }
    this.#owner.engineTroubled();
    const remedy = this.#recovery.remedyFor(kindOf(error), performance.now());
    switch (remedy.action) {
      case "reload":
        this.#postpone(this.#reload, remedy.delayMs);
        break;
      case "reset-decoder":
        this.#owner.engineRestarts();
        this.#hls.recoverMediaError();
        break;
      case "rebuild":
        this.#postpone(this.#rebuild, remedy.delayMs);
        break;
      case "rest":
        this.#fail({ reason: "broken", detail: error.details });
        this.#postpone(this.#rebuild, remedy.delayMs);
        break;
    }
  };

  #fail(failure: PlaybackFailure): void {
    this.failure = failure;
    this.#pending = null;
    clearTimeout(this.#timer);
    this.#hls.stopLoad();
    this.#owner.engineChanged();
  }

  #undecodableCodecs(): string[] {
    return undecodable(this.#announcedCodecs, (mimeType) => MediaSource.isTypeSupported(mimeType));
  }
}

function isCodecError({ details }: ErrorData): boolean {
  return (
    details === ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR ||
    details === ErrorDetails.BUFFER_ADD_CODEC_ERROR ||
    details === ErrorDetails.BUFFER_INCOMPATIBLE_CODECS_ERROR
  );
}

function kindOf({ type }: ErrorData): FatalKind {
  switch (type) {
    case ErrorTypes.NETWORK_ERROR:
      return "network";
    case ErrorTypes.MEDIA_ERROR:
      return "media";
    case ErrorTypes.KEY_SYSTEM_ERROR:
    case ErrorTypes.MUX_ERROR:
    case ErrorTypes.OTHER_ERROR:
      return "other";
  }
}
