import { expect, test } from "vitest";

import { technicalFacts } from "../src/channels/technical-facts.js";
import { titleHistory } from "../src/channels/title-history.js";
import { positionText } from "../src/texts/spans.js";

const START = "2026-11-21T18:00:00.000Z";

test("what a broadcast's media was is one line for each track", () => {
  const summary = {
    targetDurationS: 2,
    tracks: [
      { name: "video", codec: "H.264", width: 1920, height: 1080, frameRate: 59.94 },
      { name: "audio", codec: "AAC", sampleRateHz: 48_000, channelCount: 2 },
    ],
  };
  expect(technicalFacts(summary)).toEqual(["1080p60 · H.264", "AAC · 48 kHz · stereo"]);
});

test("what a broadcast's media was is left out when nothing or something unknown was kept", () => {
  for (const summary of [null, {}, { tracks: "two" }, { tracks: [{ name: "video" }] }, "720p"]) {
    expect(technicalFacts(summary)).toEqual([]);
  }
});

test("the titles of a broadcast count from its beginning, also those that it had before", () => {
  const titles = [
    { at: "2026-11-21T17:59:58.000Z", title: "Soon" },
    { at: START, title: "First" },
    { at: "2026-11-21T18:10:00.000Z", title: "Second" },
  ];
  expect(titleHistory(titles, START)).toEqual([
    { title: "First", atMs: 0 },
    { title: "Second", atMs: 600_000 },
  ]);
});

test("the titles of a broadcast are not repeated when only the category has changed", () => {
  const titles = [
    { at: START, title: "Same" },
    { at: "2026-11-21T18:10:00.000Z", title: "Same" },
  ];
  expect(titleHistory(titles, START)).toHaveLength(1);
});

test("the titles of a broadcast stand at places as players show them", () => {
  expect([0, 59_999, 725_000, 3_723_000].map(positionText)).toEqual([
    "0:00",
    "0:59",
    "12:05",
    "1:02:03",
  ]);
});
