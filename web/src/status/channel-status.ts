import { JsonObject } from "./json-reader.js";

/** What the server says a channel is doing. */
export const CHANNEL_STATES = ["offline", "starting", "live", "interrupted", "ended"] as const;
export type ChannelState = (typeof CHANNEL_STATES)[number];

export interface VideoTrack {
  readonly kind: "video";
  readonly codec: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly frameRate: number | null;
}

export interface AudioTrack {
  readonly kind: "audio";
  readonly codec: string;
  readonly sampleRateHz: number | null;
  readonly channelCount: number | null;
}

export type Track = VideoTrack | AudioTrack;

/** One channel at one moment, as `GET /api/v1/live/{channel}` tells it. */
export interface ChannelStatus {
  readonly channel: string;
  readonly state: ChannelState;
  readonly startedAtMs: number | null;
  /** Changes when the set of renditions changes: players have to read the playlist anew. */
  readonly revision: number;
  readonly playlist: string | null;
  readonly partTargetMs: number | null;
  readonly serverTimeMs: number;
  readonly tracks: readonly Track[];
}

/** Reads one channel's answer. Throws MalformedAnswer, naming the member at fault. */
export function readChannelStatus(answer: unknown): ChannelStatus {
  return statusFrom(new JsonObject(answer, ""));
}

/** Reads the list of what is live. Throws MalformedAnswer, naming the member at fault. */
export function readLiveChannels(answer: unknown): readonly ChannelStatus[] {
  return new JsonObject(answer, "").list("channels", statusFrom);
}

/** The first video track: what a card or a title line describes. */
export function mainVideo(status: ChannelStatus): VideoTrack | null {
  return status.tracks.find((track) => track.kind === "video") ?? null;
}

/** The first audio track. */
export function mainAudio(status: ChannelStatus): AudioTrack | null {
  return status.tracks.find((track) => track.kind === "audio") ?? null;
}

function statusFrom(answer: JsonObject): ChannelStatus {
  return {
    channel: answer.string("channel"),
    state: answer.oneOf("state", CHANNEL_STATES),
    startedAtMs: answer.optional("startedAt", answer.timeMs),
    revision: answer.number("revision"),
    playlist: answer.optional("playlist", answer.string),
    partTargetMs: answer.optional("partTargetMs", answer.number),
    serverTimeMs: answer.timeMs("serverTime"),
    tracks: answer.list("tracks", trackFrom),
  };
}

function trackFrom(answer: JsonObject): Track {
  const codec = answer.string("codec");
  switch (answer.oneOf("kind", ["video", "audio"])) {
    case "video":
      return {
        kind: "video",
        codec,
        width: answer.optional("width", answer.number),
        height: answer.optional("height", answer.number),
        frameRate: answer.optional("frameRate", answer.number),
      };
    case "audio":
      return {
        kind: "audio",
        codec,
        sampleRateHz: answer.optional("sampleRateHz", answer.number),
        channelCount: answer.optional("channelCount", answer.number),
      };
  }
}
