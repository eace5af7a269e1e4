import { expect, test } from "vitest";

import { isAtLiveEdge, steer } from "../src/player/live-follower.js";

test("a playhead on target plays at its natural speed", () => {
  expect(steer({ lagS: 0.1, bufferS: 1.2, rate: 1 })).toEqual({ rate: 1, seekToLive: false });
  expect(steer({ lagS: -0.4, bufferS: 1.2, rate: 1 })).toEqual({ rate: 1, seekToLive: false });
});

test("the speed grows with the lag and stays under 1.1", () => {
  const speeds = [0.3, 0.7, 1.6, 4.9].map((lagS) => steer({ lagS, bufferS: 2, rate: 1 }).rate);
  expect(speeds).toEqual([1.03, 1.05, 1.08, 1.08]);
});

test("catching up goes on below the lag that began it, until the target is met", () => {
  expect(steer({ lagS: 0.15, bufferS: 1, rate: 1.03 }).rate).toBe(1.03);
  expect(steer({ lagS: 0.05, bufferS: 1, rate: 1.03 }).rate).toBe(1);
});

test("a thin buffer is never spent on catching up", () => {
  expect(steer({ lagS: 1, bufferS: 0.5, rate: 1 }).rate).toBe(1);
  expect(steer({ lagS: 1, bufferS: 0.5, rate: 1.05 }).rate).toBe(1.05);
  expect(steer({ lagS: 1, bufferS: 0.3, rate: 1.05 }).rate).toBe(1);
});

test("a lag that speed cannot mend in reasonable time is jumped over", () => {
  expect(steer({ lagS: 5.1, bufferS: 0, rate: 1 })).toEqual({ rate: 1, seekToLive: true });
});

test("the live badge allows for the lag that catching up mends", () => {
  expect(isAtLiveEdge(1.4)).toBe(true);
  expect(isAtLiveEdge(1.6)).toBe(false);
});
