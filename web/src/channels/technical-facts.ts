/** What was known of a broadcast's media when it ended, in words. Pure. */

import { JsonObject, MalformedAnswer } from "../status/json-reader.js";
import { audioFacts, videoFacts } from "../wording.js";

/**
 * One line for each track: "1080p60 · H.264", "AAC · 48 kHz · stereo".
 *
 * The summary is for people and free in its form: what cannot be read is left out.
 */
export function technicalFacts(summary: unknown): readonly string[] {
  if (summary === null) return [];
  try {
    return new JsonObject(summary, "technical").list("tracks", trackFacts);
  } catch (error) {
    if (error instanceof MalformedAnswer) return [];
    throw error;
  }
}

function trackFacts(track: JsonObject): string {
  const codec = track.string("codec");
  const width = track.optional("width", track.number);
  const height = track.optional("height", track.number);
  const sampleRateHz = track.optional("sampleRateHz", track.number);
  const channelCount = track.optional("channelCount", track.number);
  if (sampleRateHz !== null || channelCount !== null) {
    return audioFacts({ kind: "audio", codec, sampleRateHz, channelCount }).join(" · ");
  }
  const frameRate = track.optional("frameRate", track.number);
  return videoFacts({ kind: "video", codec, width, height, frameRate }).join(" · ");
}
