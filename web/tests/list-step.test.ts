import { expect, test } from "vitest";

import { stepIn } from "../src/dashboard/list-step.js";

test("arrows walk a list round, and begin at the end that they come from", () => {
  expect(stepIn(3, -1, 1)).toBe(0);
  expect(stepIn(3, -1, -1)).toBe(2);
  expect(stepIn(3, 1, 1)).toBe(2);
  expect(stepIn(3, 2, 1)).toBe(0);
  expect(stepIn(3, 0, -1)).toBe(2);
  expect(stepIn(0, -1, 1)).toBe(-1);
});
