/** How values read on the page. English, without locale surprises: the rest of the page is too. */

import type { AudioTrack, VideoTrack } from "./status/channel-status.js";

/** A latency as a viewer reads it: "0.8 s", "12 s", "3 min". Milliseconds in. */
export function latencyText(latencyMs: number): string {
  const seconds = Math.max(0, latencyMs) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 119.5) return `${Math.round(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
}

/** How long a show has been on, as words: "just now", "4 min", "2 h 5 min", "3 days". */
export function elapsedText(elapsedMs: number): string {
  const minutes = Math.floor(Math.max(0, elapsedMs) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}

/** A bit rate: "950 kbit/s", "4.2 Mbit/s". Bits per second in. */
export function bitrateText(bitrateBps: number): string {
  if (bitrateBps >= 999_500) return `${(bitrateBps / 1e6).toFixed(1)} Mbit/s`;
  return `${Math.round(bitrateBps / 1000)} kbit/s`;
}

/** A picture size as people call it: "1080p60", "720p", "480p30". Null when the size is unknown. */
export function qualityText(height: number | null, frameRate: number | null): string | null {
  if (height === null || height <= 0) return null;
  const rounded = frameRate === null ? 0 : Math.round(frameRate);
  return rounded > 0 ? `${height}p${rounded}` : `${height}p`;
}

/** Quality and codec of a video track: "720p30", "H.264". */
export function videoFacts(track: VideoTrack): string[] {
  const shortSide =
    track.width === null || track.height === null ? null : Math.min(track.width, track.height);
  const quality = qualityText(shortSide, track.frameRate);
  return quality === null ? [track.codec] : [quality, track.codec];
}

/** Codec, rate and layout of an audio track: "AAC", "48 kHz", "stereo". */
export function audioFacts(track: AudioTrack): string[] {
  const facts = [track.codec];
  if (track.sampleRateHz !== null) facts.push(`${+(track.sampleRateHz / 1000).toFixed(2)} kHz`);
  if (track.channelCount !== null) facts.push(layoutText(track.channelCount));
  return facts;
}

function layoutText(channelCount: number): string {
  switch (channelCount) {
    case 1:
      return "mono";
    case 2:
      return "stereo";
    case 6:
      return "5.1";
    case 8:
      return "7.1";
    default:
      return `${channelCount} channels`;
  }
}
