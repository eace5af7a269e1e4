import { describe, expect, test } from "vitest";

import { LiveFigures } from "../src/analytics/live-figures.js";
import { MessageRate } from "../src/analytics/message-rate.js";
import { TRAIL_MS, TRAIL_STEP_MS } from "../src/analytics/viewer-trail.js";
import type { LiveViewers } from "../src/api/analytics-names.js";

const NOW_MS = Date.UTC(2026, 10, 22, 6, 0, 30);
const MINUTE = 60;

/** An answer at NOW_MS: one message in each second, three new followers, ten minutes of viewers. */
function answered(atMs = NOW_MS): LiveViewers {
  return {
    at: new Date(atMs).toISOString(),
    viewers: 12,
    renditions: [],
    players: [],
    samples: Array.from({ length: 120 }, (_, place) => ({
      at: new Date(atMs - (119 - place) * TRAIL_STEP_MS).toISOString(),
      viewers: place,
    })),
    messages: Array.from({ length: MINUTE }, () => 1),
    broadcast: {
      id: "b",
      startedAt: new Date(atMs - 3_600_000).toISOString(),
      followersGained: 3,
      followersLost: 0,
    },
  };
}

describe("messages of the last minute", () => {
  test("count for a minute as they are heard", () => {
    const rate = new MessageRate();
    for (let second = 0; second < 90; second += 1) rate.note(second * 1000);
    expect(rate.within(89_500)).toBe(60);
    expect(rate.within(120_000)).toBe(29);
    expect(rate.within(500_000)).toBe(0);
  });

  test("that were heard and answered count once, and those of either count", () => {
    const rate = new MessageRate();
    rate.answer(100, 5);
    for (let count = 0; count < 3; count += 1) rate.note(100_500);
    rate.note(101_000);
    expect(rate.within(101_000)).toBe(6);
    rate.answer(101, 4);
    rate.answer(100, 5);
    expect(rate.within(101_000)).toBe(9);
  });

  test("that come later than a minute are too late", () => {
    const rate = new MessageRate();
    rate.note(200_000);
    rate.note(140_000);
    rate.answer(140, 9);
    expect(rate.within(200_000)).toBe(1);
  });
});

describe("a screen that is opened in the middle of a show", () => {
  test("says nothing before there is an answer, and all of it with the first", () => {
    const figures = new LiveFigures();
    figures.noteMessage(NOW_MS);
    figures.noteFollower(NOW_MS);
    expect(figures.messagesWithin(NOW_MS)).toBeNull();
    expect(figures.followersGained).toBeNull();
    figures.answer(answered());
    expect(figures.messagesWithin(NOW_MS)).toBe(MINUTE);
    expect(figures.followersGained).toBe(3);
    expect(figures.startedMs).toBe(NOW_MS - 3_600_000);
    expect([figures.viewers, figures.trail.length]).toEqual([12, 120]);
  });

  test("counts on with what is told, and nothing twice", () => {
    const figures = new LiveFigures();
    figures.answer(answered());
    figures.noteMessage(NOW_MS + 1_000);
    figures.noteFollower(NOW_MS - 10); // in the answer
    figures.noteFollower(NOW_MS + 10);
    figures.count(15, NOW_MS + 1_000);
    expect(figures.messagesWithin(NOW_MS + 1_000)).toBe(MINUTE);
    expect([figures.followersGained, figures.viewers]).toEqual([4, 15]);
    figures.answer({ ...answered(NOW_MS + 5_000), messages: Array.from({ length: MINUTE }, () => 2) });
    expect([figures.messagesWithin(NOW_MS + 5_000), figures.followersGained]).toEqual([120, 3]);
  });

  test("keeps its own trail where the server has none, and forgets a show that is over", () => {
    const figures = new LiveFigures();
    figures.count(7, NOW_MS);
    figures.answer({ ...answered(), viewers: 0, samples: [] });
    expect([figures.viewers, figures.trail.length]).toEqual([7, 1]);
    figures.end();
    expect([figures.viewers, figures.trail.length, figures.followersGained, figures.startedMs]).toEqual([
      null, 0, null, null,
    ]);
  });
});

test("hours of a busy show leave no more behind than its last minutes", { timeout: 60_000 }, () => {
  const figures = new LiveFigures();
  for (let second = 0; second < 2 * 3_600; second += 1) {
    const atMs = NOW_MS + second * 1000;
    for (let count = 0; count < 20; count += 1) figures.noteMessage(atMs + count);
    figures.count(second % 500, atMs);
    figures.noteFollower(atMs);
    if (second % 5 === 0) figures.answer(answered(atMs));
  }
  const endMs = NOW_MS + 2 * 3_600_000;
  expect(figures.trail.length).toBeLessThanOrEqual(TRAIL_MS / TRAIL_STEP_MS);
  expect(figures.messagesWithin(endMs - 1)).toBe(20 * MINUTE);
});

test("a rate that nobody can tell any more stays as it was known", () => {
  const figures = new LiveFigures();
  expect(figures.knownMs).toBe(0);
  figures.answer(answered());
  figures.noteMessage(NOW_MS + 2_000);
  expect(figures.knownMs).toBe(NOW_MS + 2_000);
  expect(figures.messagesWithin(figures.knownMs)).toBe(MINUTE - 1);
});
