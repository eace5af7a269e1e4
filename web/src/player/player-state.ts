import type { ChannelPhase } from "../status/channel-phase.js";

/**
 * The one word for what a viewer sees; `data-state` of <rillcast-player>.
 *
 * "loading" is before the first picture, "buffering" after it.
 */
export type PlayerState =
  | "loading"
  | "offline"
  | "starting"
  | "playing"
  | "paused"
  | "buffering"
  | "interrupted"
  | "ended"
  | "unreachable"
  | "error";

/** What the picture itself is doing. */
export interface PictureFacts {
  /** A source is loaded or loading. */
  readonly hasSource: boolean;
  /** The source was given up. */
  readonly hasFailed: boolean;
  readonly hasPlayed: boolean;
  readonly isPaused: boolean;
  /** There is not enough ahead of the playhead to go on. */
  readonly isStarved: boolean;
  readonly hasReachedEnd: boolean;
}

/**
 * Joins what the server says with what the picture does.
 *
 * Moving pictures win: a viewer sees the last buffered second of an interrupted show before any
 * word about it, and the outage of the status API alone never covers a running show.
 */
export function playerState(phase: ChannelPhase, picture: PictureFacts): PlayerState {
  if (picture.hasFailed) return "error";
  if (!picture.hasSource) return withoutSource(phase);
  if (picture.hasReachedEnd) return "ended";
  if (picture.isPaused && picture.hasPlayed) return "paused";
  if (!picture.isStarved) return picture.isPaused ? "paused" : "playing";
  switch (phase) {
    case "interrupted":
    case "ended":
    case "unreachable":
      return phase;
    case "offline":
      return "ended";
    case "loading":
    case "starting":
    case "live":
    case "not-found":
      return picture.hasPlayed ? "buffering" : "loading";
  }
}

function withoutSource(phase: ChannelPhase): PlayerState {
  switch (phase) {
    case "live":
    case "loading":
      return "loading";
    case "not-found":
      return "offline";
    case "offline":
    case "starting":
    case "interrupted":
    case "ended":
    case "unreachable":
      return phase;
  }
}

/** What a screen reader is told when the state becomes this; null for what is not worth a word. */
export function announcementOf(state: PlayerState, channel: string): string | null {
  switch (state) {
    case "playing":
      return `${channel} is live`;
    case "offline":
      return `${channel} is offline`;
    case "starting":
      return `${channel} is starting`;
    case "interrupted":
      return "The streamer’s connection dropped. Waiting for it to return.";
    case "ended":
      return "The show has ended";
    case "unreachable":
      return "Reconnecting to the stream";
    case "error":
      return "The show cannot be played";
    case "loading":
    case "paused":
    case "buffering":
      return null;
  }
}
