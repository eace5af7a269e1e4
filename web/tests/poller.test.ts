import type { Mock } from "vitest";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { FIRST_RETRY_MS, LONGEST_DELAY_MS, pollDelayMs } from "../src/status/poll-delay.js";
import type { PollerOptions } from "../src/status/poller.js";
import { Poller } from "../src/status/poller.js";
import { ServerUnreachable, retryAfterMs } from "../src/status/server-unreachable.js";

class Tab extends EventTarget {
  hidden = false;

  turn(hidden: boolean): void {
    this.hidden = hidden;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("the delay is the wanted pace, give or take an eighth", () => {
  expect(pollDelayMs(2_000, 0, 0, 0)).toBe(1_750);
  expect(pollDelayMs(2_000, 0, 0, 0.5)).toBe(2_000);
  expect(pollDelayMs(2_000, 0, 0, 0.999)).toBeLessThan(2_250);
});

test("after a failure the next question comes soon, then ever later up to a bound", () => {
  expect([1, 2, 3, 100].map((failures) => pollDelayMs(4_000, failures, 0, 0.5))).toEqual([
    FIRST_RETRY_MS,
    2 * FIRST_RETRY_MS,
    4 * FIRST_RETRY_MS,
    LONGEST_DELAY_MS,
  ]);
});

test("a server that asks for time gets it", () => {
  expect(pollDelayMs(4_000, 1, 5_000, 0.5)).toBe(5_000);
  expect(pollDelayMs(4_000, 100, 5_000, 0.5)).toBe(LONGEST_DELAY_MS);
});

test("Retry-After is read as seconds, within reason", () => {
  expect(["5", "0", "86400", "Wed, 21 Oct 2026 07:28:00 GMT", "", null].map(retryAfterMs)).toEqual([
    5_000, 0, 60_000, 0, 0, 0,
  ]);
});

interface Setup {
  readonly poll: Mock<PollerOptions["poll"]>;
  readonly tab: Tab;
  readonly network: EventTarget;
  readonly poller: Poller;
}

function setUp(whenHidden: number | "pause"): Setup {
  const poll = vi.fn<PollerOptions["poll"]>().mockResolvedValue(2_000);
  const tab = new Tab();
  const network = new EventTarget();
  const poller = new Poller({ poll, whenHidden, intervalMs: 2_000, tab, network });
  return { poll, tab, network, poller };
}

test("the poller asks at once and then at the pace of the last answer", async () => {
  const { poll, poller } = setUp("pause");
  poll.mockResolvedValueOnce(5_000);
  poller.start();
  expect(poll).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(poll).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(poll).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(poll).toHaveBeenCalledTimes(3);
  poller.stop();
});

test("failures slow the poller down until an answer comes", async () => {
  const { poll, poller } = setUp("pause");
  poll.mockRejectedValueOnce(new Error("no")).mockRejectedValueOnce(new Error("no"));
  poller.start();
  await vi.advanceTimersByTimeAsync(999);
  expect(poll).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1 + 2_000);
  expect(poll).toHaveBeenCalledTimes(3);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(poll).toHaveBeenCalledTimes(4);
  poller.stop();
});

test("the poller waits as long as the server asks", async () => {
  const { poll, poller } = setUp("pause");
  poll.mockRejectedValueOnce(new ServerUnreachable("busy", { retryAfterMs: 3_000 }));
  poller.start();
  await vi.advanceTimersByTimeAsync(2_999);
  expect(poll).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(poll).toHaveBeenCalledTimes(2);
  poller.stop();
});

test("a poller that pauses in hidden tabs asks at once when the tab is shown", async () => {
  const { poll, tab, poller } = setUp("pause");
  poller.start();
  await vi.advanceTimersByTimeAsync(0);
  tab.turn(true);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(poll).toHaveBeenCalledTimes(1);
  tab.turn(false);
  expect(poll).toHaveBeenCalledTimes(2);
  poller.stop();
});

test("a poller that slows in hidden tabs goes on asking", async () => {
  const { poll, tab, poller } = setUp(12_000);
  poller.start();
  await vi.advanceTimersByTimeAsync(0);
  tab.turn(true);
  await vi.advanceTimersByTimeAsync(11_999);
  expect(poll).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(poll).toHaveBeenCalledTimes(2);
  poller.stop();
});

test("the poller asks at once when the network returns", async () => {
  const { poll, network, poller } = setUp("pause");
  poller.start();
  await vi.advanceTimersByTimeAsync(100);
  network.dispatchEvent(new Event("online"));
  expect(poll).toHaveBeenCalledTimes(2);
  poller.stop();
});

test("the poller never asks twice at a time", async () => {
  const { poll, poller } = setUp("pause");
  let answer: (intervalMs: number) => void = vi.fn();
  poll.mockReturnValueOnce(
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  poller.start();
  poller.hasten();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(poll).toHaveBeenCalledTimes(1);
  answer(1_000);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(poll).toHaveBeenCalledTimes(2);
  poller.stop();
});

test("a stopped poller aborts its question and asks no more", async () => {
  const { poll, tab, poller } = setUp("pause");
  poller.start();
  const [signal] = poll.mock.calls[0] ?? [];
  poller.stop();
  expect(signal?.aborted).toBe(true);
  tab.turn(false);
  poller.hasten();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(poll).toHaveBeenCalledTimes(1);
});
