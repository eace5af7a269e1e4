import { expect, test } from "vitest";

import { TargetRelaxation } from "../src/player/target-relaxation.js";

test("a raised target comes down by one step after each calm while", () => {
  const relaxation = new TargetRelaxation(0);
  expect(relaxation.nextTargetS(29_999, 1.9, 1)).toBeNull();
  expect(relaxation.nextTargetS(30_000, 1.9, 1)).toBeCloseTo(1.6);
  expect(relaxation.nextTargetS(30_001, 1.6, 1)).toBeNull();
  expect(relaxation.nextTargetS(60_000, 1.1, 1)).toBe(1);
});

test("the playlist's own target is never undercut", () => {
  expect(new TargetRelaxation(0).nextTargetS(1e9, 1, 1)).toBeNull();
});

test("every stall doubles the while up to eight minutes", () => {
  const relaxation = new TargetRelaxation(0);
  relaxation.noteStall(1_000);
  expect(relaxation.nextTargetS(60_999, 2, 1)).toBeNull();
  expect(relaxation.nextTargetS(61_000, 2, 1)).toBeCloseTo(1.7);
  for (let count = 0; count < 20; count += 1) relaxation.noteStall(0);
  expect(relaxation.nextTargetS(479_999, 2, 1)).toBeNull();
  expect(relaxation.nextTargetS(480_000, 2, 1)).not.toBeNull();
});
