import { expect, test } from "vitest";

import { Recovery } from "../src/player/recovery.js";

test("network errors are retried for ever with growing, bounded waits", () => {
  const recovery = new Recovery();
  const delays = Array.from({ length: 20 }, () => recovery.remedyFor("network", 0)).map(
    (remedy) => remedy.action === "reload" && remedy.delayMs,
  );
  expect(delays.slice(0, 6)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000]);
  expect(delays.at(-1)).toBe(8_000);
});

test("playing makes the next network error a first one", () => {
  const recovery = new Recovery();
  recovery.remedyFor("network", 0);
  recovery.remedyFor("network", 0);
  recovery.notePlaying(10);
  expect(recovery.remedyFor("network", 20)).toEqual({ action: "reload", delayMs: 500 });
});

test("media errors reset the decoder twice, then rebuild the player, then rest between tries", () => {
  const recovery = new Recovery();
  const actions = Array.from({ length: 16 }, () => recovery.remedyFor("media", 0).action);
  const round = ["reset-decoder", "reset-decoder", "rebuild"];
  expect(actions).toEqual([
    ...round,
    ...round,
    ...round,
    ...round,
    "reset-decoder",
    "reset-decoder",
    "rest",
    "rest",
  ]);
});

test("other errors rebuild at once a few times, then after a rest", () => {
  const recovery = new Recovery();
  const actions = Array.from({ length: 5 }, () => recovery.remedyFor("other", 0).action);
  expect(actions).toEqual(["rebuild", "rebuild", "rebuild", "rebuild", "rest"]);
});

test("a remedy that held for half a minute clears the account", () => {
  const recovery = new Recovery();
  for (let count = 0; count < 4; count += 1) recovery.remedyFor("other", 0);
  recovery.notePlaying(1_000);
  recovery.notePlaying(31_000);
  expect(recovery.remedyFor("other", 31_000)).toEqual({ action: "rebuild", delayMs: 500 });
});

test("a remedy that held for a moment does not", () => {
  const recovery = new Recovery();
  for (let count = 0; count < 4; count += 1) recovery.remedyFor("other", 0);
  recovery.notePlaying(1_000);
  expect(recovery.remedyFor("other", 5_000)).toEqual({ action: "rest", delayMs: 15_000 });
});
