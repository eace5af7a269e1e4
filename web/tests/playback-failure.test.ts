import { expect, test } from "vitest";

import { codecFamily, failureWords, undecodable } from "../src/player/playback-failure.js";

test.each([
  ["avc1.64001f", "H.264"],
  ["hvc1.1.6.L120.90", "H.265"],
  ["av01.0.08M.08", "AV1"],
  ["vp09.00.31.08", "VP9"],
  ["mp4a.40.2", "AAC"],
  ["Opus", "Opus"],
  ["fLaC", "FLAC"],
  ["ac-3", "AC-3"],
  ["ec-3", "E-AC-3"],
  ["xyz1", "xyz1"],
])("%s is called %s", (codec, family) => {
  expect(codecFamily(codec)).toBe(family);
});

test("only what the browser refuses is named, and once", () => {
  const chromium = (mimeType: string): boolean => !/hvc1|ec-3/.test(mimeType);
  expect(
    undecodable(["hvc1.1.6.L93.90", "mp4a.40.2", "hvc1.1.6.L120.90", "mp4a.40.2"], chromium),
  ).toEqual(["H.265"]);
});

test("a viewer is told which codec is missing", () => {
  expect(failureWords({ reason: "codec", codecs: ["H.265", "E-AC-3"] }).title).toBe(
    "This browser cannot play H.265 and E-AC-3",
  );
  expect(failureWords({ reason: "codec", codecs: [] }).title).toContain("the show’s format");
});
