import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { Playback } from "../src/player/playback.js";
import type { QualitySums } from "../src/player/quality-meter.js";

interface Sent {
  readonly session: string;
  readonly seq: number;
  readonly total: QualitySums;
  readonly told: QualitySums | null;
}

const sent: Sent[] = [];

/** A playback as a reporter sees it; tests change what it says. */
class Played {
  session: string | null = null;
  failure: { reason: "broken"; detail: string } | null = null;
  readonly facts = {
    hasSource: true,
    hasFailed: false,
    hasPlayed: true,
    isPaused: false,
    isStarved: false,
    hasReachedEnd: false,
  };
  readonly autoplay = "playing";
  readonly engineFacts = null;
  readonly latencyMs = null;
  readonly player = "hls.js";
}

async function reporterOf(played: Played) {
  const { QualityReporter } = await import("../src/player/quality-reporter.js");
  const video = {
    addEventListener: () => undefined,
    getVideoPlaybackQuality: () => ({ totalVideoFrames: 0, droppedVideoFrames: 0 }),
    seeking: false,
    buffered: { length: 0 },
  };
  const reporter = new QualityReporter(
    video as unknown as HTMLVideoElement,
    played as unknown as Playback,
  );
  reporter.begin("ada");
  return reporter;
}

function pass(reporter: { measure(): void }, ms: number): void {
  for (let at = 0; at < ms; at += 250) {
    vi.advanceTimersByTime(250);
    reporter.measure();
  }
}

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers({ toFake: ["performance"] });
  sent.length = 0;
  vi.stubGlobal("document", { addEventListener: () => undefined });
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("navigator", { language: "de-AT" });
  vi.stubGlobal("localStorage", { getItem: () => null });
  vi.stubGlobal("fetch", (_: string, { body }: RequestInit) => {
    sent.push(JSON.parse(body as string) as Sent);
    return Promise.resolve({ status: 204 });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("nothing is told before there is a session, and all of it then", async () => {
  const played = new Played();
  const reporter = await reporterOf(played);
  pass(reporter, 40_000);
  expect(sent).toEqual([]);
  played.session = "aaaaaaaaaaaa";
  pass(reporter, 40_000);
  expect(sent[0]?.session).toBe("aaaaaaaaaaaa");
  expect(sent[0]?.told).toBeNull();
  expect(sent[0]?.total.watchedMs).toBeGreaterThan(40_000);
});

test("a player that begins anew is followed: the former session has told what was until then", async () => {
  const played = new Played();
  played.session = "aaaaaaaaaaaa";
  const reporter = await reporterOf(played);
  pass(reporter, 20_000);
  played.failure = { reason: "broken", detail: "levelLoadTimeOut" };
  pass(reporter, 1_000);
  played.failure = null;
  played.session = null;
  pass(reporter, 1_000);
  played.session = "bbbbbbbbbbbb";
  pass(reporter, 20_000);
  reporter.end();
  const last = sent.filter(({ session }) => session === "aaaaaaaaaaaa").at(-1);
  const next = sent.filter(({ session }) => session === "bbbbbbbbbbbb");
  expect(last?.total.errors).toEqual({ network: 1 });
  expect(last?.total.watchedMs).toBeGreaterThan(21_000);
  expect(next[0]).toMatchObject({ seq: 1, told: last?.total });
  expect(next.at(-1)?.total.watchedMs).toBeGreaterThan(41_000);
  expect(next.at(-1)?.total.errors).toEqual({ network: 1 });
});
