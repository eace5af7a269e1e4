import type { PlaybackFailure } from "./playback-failure.js";

/** One picture size that the viewer may choose. */
export interface Quality {
  /** The engine's own number for it. */
  readonly level: number;
  readonly label: string;
  readonly bitrateBps: number;
}

export interface QualityChoice {
  readonly qualities: readonly Quality[];
  /** What the viewer chose. */
  readonly chosen: number | "auto";
  /** The level on its way to the screen, or null when nobody knows. */
  readonly playing: number | null;
}

/** What an engine knows about the stream beyond what the media element shows. */
export interface EngineFacts {
  /** The date of the picture at the playhead, by the server's clock, in ms since the epoch. */
  readonly pictureDateMs: number | null;
  /** How far behind its target the playhead is, in seconds; null before the first playlist. */
  readonly lagS: number | null;
  readonly targetLatencyS: number | null;
  readonly partTargetS: number | null;
  readonly bitrateBps: number | null;
  readonly bandwidthBps: number | null;
  readonly codecs: string | null;
}

/** Called when qualities, failure or what is playing have changed. */
export interface EngineOwner {
  engineChanged(): void;
  /** A fault that may well be the end of the show: ask the server. */
  engineTroubled(): void;
  /** The media element is about to lose its picture, for a new start of the same source. */
  engineRestarts(): void;
}

/** Brings a channel's playlist onto a media element. One source in its life. */
export interface PlaybackEngine {
  readonly failure: PlaybackFailure | null;
  /** By what the server knows this player; null while it does not, see session-name.ts. */
  readonly session: string | null;
  readonly quality: QualityChoice;
  facts(): EngineFacts;
  chooseQuality(level: number | "auto"): void;
  /** Where playing live continues, in media time, or null while unknown. Seconds. */
  livePositionS(): number | null;
  /** The same source is at another address from now on; see token-path.ts. */
  move(url: string): void;
  /** Tries again at once: the server has said that there is something to load. */
  resume(): void;
  /** Lets go of the media element. */
  destroy(): void;
}
