import { expect, test } from "vitest";

import { audioFacts, bitrateText, elapsedText, latencyText, qualityText, videoFacts } from "../src/wording.js";

test.each([
  [-40, "0.0 s"],
  [1_449, "1.4 s"],
  [9_949, "9.9 s"],
  [9_951, "10 s"],
  [61_000, "61 s"],
  [180_000, "3 min"],
])("a latency of %d ms reads %s", (latencyMs, text) => {
  expect(latencyText(latencyMs)).toBe(text);
});

test.each([
  [-5_000, "just now"],
  [59_000, "just now"],
  [60_000, "1 min"],
  [3_600_000, "1 h"],
  [7_500_000, "2 h 5 min"],
  [200_000_000, "2 days"],
])("%d ms on air read %s", (elapsedMs, text) => {
  expect(elapsedText(elapsedMs)).toBe(text);
});

test.each([
  [950_400, "950 kbit/s"],
  [999_600, "1.0 Mbit/s"],
  [4_240_000, "4.2 Mbit/s"],
])("%d bit/s read %s", (bitrateBps, text) => {
  expect(bitrateText(bitrateBps)).toBe(text);
});

test("a quality is the height with the rate, as far as they are known", () => {
  expect(qualityText(1080, 59.94)).toBe("1080p60");
  expect(qualityText(720, null)).toBe("720p");
  expect(qualityText(0, 30)).toBeNull();
  expect(qualityText(null, 30)).toBeNull();
});

test("an upright picture is named by its shorter side", () => {
  const track = { kind: "video", codec: "AV1", width: 720, height: 1280, frameRate: 30 } as const;
  expect(videoFacts(track)).toEqual(["720p30", "AV1"]);
});

test("a picture of unknown size is named by its codec", () => {
  const track = { kind: "video", codec: "H.264", width: null, height: null, frameRate: null } as const;
  expect(videoFacts(track)).toEqual(["H.264"]);
});

test("audio is named by codec, rate and layout", () => {
  const track = { kind: "audio", codec: "AAC", sampleRateHz: 44_100, channelCount: 2 } as const;
  expect(audioFacts(track)).toEqual(["AAC", "44.1 kHz", "stereo"]);
  expect(audioFacts({ ...track, sampleRateHz: null, channelCount: 3 })).toEqual(["AAC", "3 channels"]);
});
