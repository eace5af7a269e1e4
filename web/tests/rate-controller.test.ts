import { expect, test } from "vitest";

import { isAtLiveEdge } from "../src/player/live-edge.js";
import { LowWater } from "../src/player/low-water.js";
import type { Steering } from "../src/player/rate-controller.js";
import { RateController } from "../src/player/rate-controller.js";

const TICK_MS = 100;

interface Link {
  readonly partTargetS: number;
  readonly targetS: number;
  /** What the playhead's distance from the edge is in the beginning. */
  readonly distanceS: number;
  /** How late part number `part` is, in seconds. */
  readonly lateS?: (part: number) => number;
  /** Media seconds that the encoder makes in a second. */
  readonly encoderRate?: number;
}

interface Outcome {
  readonly rates: readonly number[];
  readonly jumps: number;
  readonly stalledS: number;
  readonly lagS: number;
}

/** Plays for a while what arrives part by part, in steps of a tick. */
function play(link: Link, seconds: number): Outcome {
  const { partTargetS, targetS, distanceS, lateS = () => 0, encoderRate = 1 } = link;
  const controller = new RateController();
  const rates: number[] = [];
  let jumps = 0;
  let stalledS = 0;
  let playheadS = 100 - distanceS;
  let lagS = 0;
  for (let tick = 0; tick < seconds * 10; tick += 1) {
    const elapsedS = tick / 10;
    const edgeS = 100 + elapsedS * encoderRate;
    let bufferedS = Math.floor(edgeS / partTargetS) * partTargetS;
    while ((edgeS - bufferedS) / encoderRate < lateS(Math.round(bufferedS / partTargetS))) {
      bufferedS -= partTargetS;
    }
    const bufferS = Math.max(0, bufferedS - playheadS);
    lagS = edgeS - playheadS - targetS;
    const steering = controller.observe({ lagS, bufferS, partTargetS }, tick * TICK_MS);
    rates.push(steering.rate);
    if (steering.seekToLive) {
      jumps += 1;
      playheadS = edgeS - targetS;
    }
    const playedS = Math.min(bufferS, steering.rate / 10);
    stalledS += steering.rate / 10 - playedS;
    playheadS += playedS;
  }
  return { rates, jumps, stalledS, lagS };
}

const LOW = { partTargetS: 0.2, targetS: 0.6 };
const PROFILES = [LOW, { partTargetS: 1 / 3, targetS: 1 }, { partTargetS: 1, targetS: 3 }];

test.each(PROFILES)("a playhead on target of $targetS s plays at its natural speed", (profile) => {
  const { rates, stalledS } = play({ ...profile, distanceS: profile.targetS }, 60);
  expect(new Set(rates)).toEqual(new Set([1]));
  expect(stalledS).toBeCloseTo(0);
});

test.each(PROFILES)("a lag of half a second behind $targetS s is caught up", (profile) => {
  const { rates, lagS, jumps, stalledS } = play(
    { ...profile, distanceS: profile.targetS + 0.5 },
    30,
  );
  expect(Math.abs(lagS)).toBeLessThan(0.1);
  expect(Math.max(...rates)).toBeLessThanOrEqual(1.06);
  expect(rates.at(-1)).toBe(1);
  expect(jumps).toBe(0);
  expect(stalledS).toBeCloseTo(0);
});

test("the speed never leaves 0.96 to 1.08 and changes by 2 % at a time", () => {
  const { rates } = play({ ...LOW, distanceS: 4, lateS: (part) => (part % 17) / 40 }, 120);
  expect(Math.max(...rates)).toBeCloseTo(1.08);
  expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.96);
  const steps = rates.slice(1).map((rate, index) => Math.abs(rate - (rates[index] ?? rate)));
  expect(Math.max(...steps)).toBeLessThan(0.021);
});

test("speed changes seldom, whatever the jitter of a fair network", () => {
  const jitter = (part: number): number => ((part * 7919) % 100) / 1000;
  const { rates, stalledS } = play({ ...LOW, distanceS: 0.9, lateS: jitter }, 120);
  const changes = rates.filter((rate, index) => index > 0 && rate !== rates[index - 1]).length;
  expect(changes).toBeLessThan(12);
  expect(stalledS).toBeCloseTo(0);
});

test("a buffer that parts leave nearly empty is not spent on catching up", () => {
  const { rates, lagS } = play({ ...LOW, distanceS: 1.2, lateS: () => 0.85 }, 60);
  expect(Math.max(...rates)).toBe(1);
  expect(lagS).toBeGreaterThan(0.5);
});

test("a short buffer is stretched before it runs out", () => {
  const { rates, stalledS, lagS } = play({ ...LOW, distanceS: 0.6, lateS: () => 0.3 }, 60);
  expect(Math.min(...rates)).toBeLessThan(1);
  expect(rates.at(-1)).toBe(1);
  expect(lagS).toBeGreaterThan(0.1);
  expect(stalledS).toBeCloseTo(0);
});

test("an encoder a little slower than time does not make the picture stop", () => {
  const { stalledS } = play({ ...LOW, distanceS: 0.6, encoderRate: 0.97 }, 120);
  expect(stalledS).toBeCloseTo(0);
});

test("a lag that speed cannot mend in reasonable time is jumped over, once", () => {
  const { jumps, lagS } = play({ ...LOW, distanceS: 5 }, 20);
  expect(jumps).toBe(1);
  expect(Math.abs(lagS)).toBeLessThan(0.1);
});

test("after a reset the controller observes anew before it changes the speed", () => {
  const controller = new RateController();
  const late = { lagS: 1, bufferS: 2, partTargetS: 0.2 };
  const observe = (fromMs: number): Steering[] =>
    Array.from({ length: 12 }, (_, tick) => controller.observe(late, fromMs + tick * TICK_MS));
  expect(observe(0).map(({ rate }) => rate)).toContain(1.02);
  controller.reset();
  expect(observe(5_000)[0]).toEqual({ rate: 1, seekToLive: false });
});

test("low water is the least of the window and nothing before a window has passed", () => {
  const water = new LowWater();
  const readings = [0.5, 0.2, 0.4, 0.9, 0.8].map((bufferS, index) =>
    water.observe(bufferS, index * 100, 300),
  );
  expect(readings).toEqual([null, null, null, 0.2, 0.4]);
});

test("the live badge allows for the lag that catching up mends", () => {
  expect(isAtLiveEdge(1.4)).toBe(true);
  expect(isAtLiveEdge(1.6)).toBe(false);
});
