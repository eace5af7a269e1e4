import { expect, test } from "vitest";

import type { PictureFacts } from "../src/player/player-state.js";
import { playerState } from "../src/player/player-state.js";
import { sourceOf } from "../src/player/source.js";
import { phaseAfter } from "../src/status/channel-phase.js";
import type { ChannelStatus } from "../src/status/channel-status.js";

const NOTHING: PictureFacts = {
  hasSource: false,
  hasFailed: false,
  hasPlayed: false,
  isPaused: true,
  isStarved: true,
  hasReachedEnd: false,
};
const RUNNING: PictureFacts = {
  ...NOTHING,
  hasSource: true,
  hasPlayed: true,
  isPaused: false,
  isStarved: false,
};
const STARVED: PictureFacts = { ...RUNNING, isStarved: true };

test.each(["offline", "starting", "interrupted", "ended", "unreachable"] as const)(
  "without a source the viewer is told that the channel is %s",
  (phase) => {
    expect(playerState(phase, NOTHING)).toBe(phase);
  },
);

test("moving pictures win over every word of the server", () => {
  for (const phase of ["live", "interrupted", "ended", "unreachable", "offline"] as const) {
    expect(playerState(phase, RUNNING)).toBe("playing");
  }
});

test("a picture that stands still is explained by what the server says", () => {
  expect(playerState("interrupted", STARVED)).toBe("interrupted");
  expect(playerState("ended", STARVED)).toBe("ended");
  expect(playerState("offline", STARVED)).toBe("ended");
  expect(playerState("unreachable", STARVED)).toBe("unreachable");
  expect(playerState("live", STARVED)).toBe("buffering");
});

test("waiting for the first picture is loading, not buffering", () => {
  expect(playerState("live", { ...STARVED, hasPlayed: false })).toBe("loading");
});

test("a viewer's pause stays a pause while the show is interrupted", () => {
  expect(playerState("interrupted", { ...STARVED, isPaused: true })).toBe("paused");
});

test("a refused autoplay is a pause as soon as there is something to play", () => {
  expect(playerState("live", { ...RUNNING, hasPlayed: false, isPaused: true })).toBe("paused");
});

test("a failure and the end of the media are told whatever the server says", () => {
  expect(playerState("live", { ...RUNNING, hasFailed: true })).toBe("error");
  expect(playerState("live", { ...RUNNING, hasReachedEnd: true })).toBe("ended");
});

test("a show that was seen on air and is gone has ended", () => {
  expect(phaseAfter("live", "offline")).toBe("ended");
  expect(phaseAfter("interrupted", "offline")).toBe("ended");
  expect(phaseAfter("ended", "offline")).toBe("ended");
});

test("a channel that was never seen on air is offline", () => {
  expect(phaseAfter("loading", "offline")).toBe("offline");
  expect(phaseAfter("starting", "offline")).toBe("offline");
});

function status(changes: Partial<ChannelStatus>): ChannelStatus {
  return {
    channel: "studio",
    state: "live",
    startedAtMs: 1_000,
    revision: 1,
    playlist: "/live/studio/index.m3u8",
    partTargetMs: 334,
    serverTimeMs: 2_000,
    tracks: [],
    ...changes,
  };
}

const LOADED = { key: "1000#1", url: "/live/studio/index.m3u8" };

test("a live channel is loaded once", () => {
  const source = sourceOf(status({}), null);
  expect(source).toEqual(LOADED);
  expect(sourceOf(status({}), LOADED)).toBe("keep");
});

test("another set of tracks and another broadcast are loaded anew", () => {
  expect(sourceOf(status({ revision: 2 }), LOADED)).toMatchObject({ key: "1000#2" });
  expect(sourceOf(status({ startedAtMs: 9_000 }), LOADED)).toMatchObject({ key: "9000#1" });
});

test("an interrupted show keeps its source, an ended one plays out", () => {
  expect(sourceOf(status({ state: "interrupted" }), LOADED)).toBe("keep");
  expect(sourceOf(status({ state: "ended" }), LOADED)).toBe("keep");
});

test("an ended show is not begun", () => {
  expect(sourceOf(status({ state: "ended" }), null)).toBe("keep");
});

test("an offline or starting channel has nothing to play", () => {
  expect(sourceOf(status({ state: "offline", playlist: null }), LOADED)).toBe("none");
  expect(sourceOf(status({ state: "starting", playlist: null }), null)).toBe("none");
});
