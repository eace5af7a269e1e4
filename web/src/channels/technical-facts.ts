/** What was known of a broadcast's media when it ended, in words. Pure. */

import { JsonObject, MalformedAnswer } from "../status/json-reader.js";
import { audioFacts, videoFacts } from "../wording.js";

/**
 * One line for each track, pictures first: "1080p60 · H.264", "AAC · 48 kHz · stereo".
 *
 * The summary is for people and free in its form: what cannot be read is left out.
 */
export function technicalFacts(summary: unknown): readonly string[] {
  if (summary === null) return [];
  try {
    const tracks = new JsonObject(summary, "technical").list("tracks", trackFacts);
    return [...tracks].sort((one, other) => one.order - other.order).map(({ words }) => words);
  } catch (error) {
    if (error instanceof MalformedAnswer) return [];
    throw error;
  }
}

function trackFacts(track: JsonObject): { readonly order: number; readonly words: string } {
  const codec = track.string("codec");
  const width = track.optional("width", track.number);
  const height = track.optional("height", track.number);
  const sampleRateHz = track.optional("sampleRateHz", track.number);
  const channelCount = track.optional("channelCount", track.number);
  if (sampleRateHz !== null || channelCount !== null) {
    const facts = audioFacts({ kind: "audio", codec, sampleRateHz, channelCount });
    return { order: 1, words: facts.join(" · ") };
  }
  const frameRate = track.optional("frameRate", track.number);
  const facts = videoFacts({ kind: "video", codec, width, height, frameRate });
  return { order: 0, words: facts.join(" · ") };
}
