import { expect, test } from "vitest";

import { languageChoices, languageName } from "../src/channels/language-name.js";
import { RENEWAL_MARGIN_MS, renewalDelayMs } from "../src/channels/leave-renewal.js";
import { tagLine, tagsOf } from "../src/channels/tag-list.js";
import { broadcastFacts, categoryName, shownTitle } from "../src/texts/channels.js";
import { agoText, countText, durationText, momentText, untilText } from "../src/texts/spans.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

test.each([
  [0, "0 s"],
  [59_400, "59 s"],
  [90_000, "2 min"],
  [HOUR_MS, "1 h"],
  [2 * HOUR_MS + 5 * MINUTE_MS, "2 h 5 min"],
  [50 * HOUR_MS, "50 h"],
])("%d ms take %s", (durationMs, text) => {
  expect(durationText(durationMs)).toBe(text);
});

test.each([
  [-5, "just now"],
  [5 * MINUTE_MS, "5 min ago"],
  [3 * HOUR_MS, "3 h ago"],
  [30 * HOUR_MS, "yesterday"],
  [12 * 24 * HOUR_MS, "12 days ago"],
  [240 * 24 * HOUR_MS, "8 months ago"],
  [1_000 * 24 * HOUR_MS, "2 years ago"],
])("what was %d ms ago was %s", (agoMs, text) => {
  expect(agoText(1e13 - agoMs, 1e13)).toBe(text);
});

test.each([
  [-1, "now"],
  [30_000, "in less than a minute"],
  [12 * MINUTE_MS, "in 12 min"],
  [30 * HOUR_MS, "in 30 h"],
  [5 * 24 * HOUR_MS, "in 5 days"],
])("what is %d ms ahead comes %s", (aheadMs, text) => {
  expect(untilText(1e12 + aheadMs, 1e12)).toBe(text);
});

test("a moment names day and time", () => {
  expect(momentText(Date.UTC(2026, 10, 21, 17, 5), "UTC")).toBe("21 Nov 2026, 17:05");
});

test("numbers of things agree with their nouns", () => {
  expect(countText(0, "follower")).toBe("0 followers");
  expect(countText(1, "follower")).toBe("1 follower");
  expect(countText(1_200, "key")).toBe("1,200 keys");
});

test("leave is renewed before it ends, and leave without an end is not", () => {
  const marginMs = RENEWAL_MARGIN_MS;
  expect(renewalDelayMs(null, 0, marginMs)).toBeNull();
  expect(renewalDelayMs(12 * HOUR_MS, 0, marginMs)).toBe(12 * HOUR_MS - marginMs);
  expect(renewalDelayMs(MINUTE_MS, 0, marginMs)).toBe(MINUTE_MS / 2);
  expect(renewalDelayMs(MINUTE_MS, 0, 0)).toBe(MINUTE_MS);
  expect(renewalDelayMs(0, MINUTE_MS, marginMs)).toBe(5_000);
  expect(renewalDelayMs(90 * 24 * HOUR_MS, 0, marginMs)).toBe(24 * HOUR_MS);
});

test("tags are read from one line as people write them", () => {
  expect(tagsOf(" #speedrun, retro games,, Retro Games , #")).toEqual(["speedrun", "Retro Games"]);
  expect(tagsOf("")).toEqual([]);
  expect(tagsOf(tagLine(["one", "two"]))).toEqual(["one", "two"]);
});

test("categories and languages have names, known or not", () => {
  expect(categoryName("gaming")).toBe("Gaming");
  expect(categoryName("board-games")).toBe("Board games");
  expect(languageName("pt-BR")).toBe("Brazilian Portuguese");
  expect(languageName("not a tag")).toBe("not a tag");
});

test("a broadcast says how long it was and who watched at most", () => {
  const past = { durationMs: HOUR_MS, endedAt: "2026-11-21T17:00:00Z" };
  expect(broadcastFacts({ ...past, peakViewers: 0 })).toEqual(["1 h"]);
  expect(broadcastFacts({ ...past, peakViewers: 1 })).toEqual(["1 h", "1 viewer at most"]);
  expect(broadcastFacts({ ...past, endedAt: null, peakViewers: 1_500 })).toEqual([
    "On air now",
    "1,500 viewers at most",
  ]);
});

test("a form offers languages by name, and the one that a channel has", () => {
  const offered = languageChoices("gsw");
  expect(offered).toContainEqual(["en", "English"]);
  expect(offered).toContainEqual(["gsw", "Swiss German"]);
  expect(languageChoices(null).map(([tag]) => tag)).not.toContain("gsw");
});

test("a channel without a title is called by its name", () => {
  expect(shownTitle({ name: "studio", title: "" })).toBe("studio");
  expect(shownTitle({ name: "studio", title: "Evenings" })).toBe("Evenings");
});
