import { expect, test } from "vitest";

import { ServerClock } from "../src/status/server-clock.js";

test("the clock is unknown, and taken for ours, before the first answer", () => {
  const clock = new ServerClock();
  expect(clock.offsetMs).toBeNull();
  expect(clock.at(5_000)).toBe(5_000);
});

test("half of the round trip is taken for the way back", () => {
  const clock = new ServerClock();
  clock.observe(10_050, 1_000, 1_100);
  expect(clock.offsetMs).toBe(9_000);
  expect(clock.at(2_000)).toBe(11_000);
});

test("the answer with the shortest round trip is believed", () => {
  const clock = new ServerClock();
  clock.observe(1_000 + 20, 0, 40);
  clock.observe(1_000 + 900, 100, 1_100);
  expect(clock.offsetMs).toBe(1_000);
});

test("old answers are forgotten, so that a clock that was set is followed", () => {
  const clock = new ServerClock();
  clock.observe(1_000, 0, 0);
  for (let sentMs = 0; sentMs < 8; sentMs += 1) clock.observe(5_025 + sentMs, sentMs, sentMs + 50);
  expect(clock.offsetMs).toBe(5_000);
});

test("an answer that came before its question is ignored", () => {
  const clock = new ServerClock();
  clock.observe(1_000, 500, 400);
  expect(clock.offsetMs).toBeNull();
});
