import { bitrateText } from "../wording.js";
import type { EngineFacts } from "./engine.js";
import type { Statistic } from "./stats-panel.js";

/** What the media element knows about itself at one moment. */
export interface VideoFacts {
  readonly width: number;
  readonly height: number;
  readonly bufferS: number;
  readonly rate: number;
  readonly totalFrames: number;
  readonly droppedFrames: number;
}

/** Seconds of media ahead of the playhead. */
export function bufferAheadS(video: HTMLVideoElement): number {
  const { buffered, currentTime } = video;
  for (let index = 0; index < buffered.length; index += 1) {
    if (buffered.start(index) <= currentTime + 0.1 && buffered.end(index) >= currentTime) {
      return buffered.end(index) - currentTime;
    }
  }
  return 0;
}

export function videoFactsOf(video: HTMLVideoElement): VideoFacts {
  const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality();
  return {
    width: video.videoWidth,
    height: video.videoHeight,
    bufferS: bufferAheadS(video),
    rate: video.playbackRate,
    totalFrames: totalVideoFrames,
    droppedFrames: droppedVideoFrames,
  };
}

/** The lines of the stats panel. */
export function statisticsOf(
  video: VideoFacts,
  engine: EngineFacts | null,
  latencyMs: number | null,
  clockOffsetMs: number | null,
): Statistic[] {
  return [
    ["Latency", latencyMs === null ? null : `${(latencyMs / 1000).toFixed(2)} s`],
    ["Target latency", secondsText(engine?.targetLatencyS)],
    ["Buffer", secondsText(video.bufferS)],
    ["Part target", secondsText(engine?.partTargetS, 3)],
    ["Speed", `${video.rate.toFixed(2)}×`],
    ["Resolution", video.width === 0 ? null : `${video.width}×${video.height}`],
    ["Dropped frames", `${video.droppedFrames} of ${video.totalFrames}`],
    ["Bit rate", bitrateOf(engine?.bitrateBps)],
    ["Bandwidth", bitrateOf(engine?.bandwidthBps)],
    ["Codecs", engine?.codecs ?? null],
    ["Clock offset", clockOffsetMs === null ? null : `${Math.round(clockOffsetMs)} ms`],
  ];
}

function secondsText(seconds: number | null | undefined, digits = 2): string | null {
  return seconds === null || seconds === undefined ? null : `${seconds.toFixed(digits)} s`;
}

function bitrateOf(bitrateBps: number | null | undefined): string | null {
  return bitrateBps === null || bitrateBps === undefined ? null : bitrateText(bitrateBps);
}
