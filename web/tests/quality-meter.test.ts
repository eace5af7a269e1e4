import { describe, expect, it } from "vitest";

import type { QualitySample } from "../src/player/quality-meter.js";
import { QualityMeter, codeOf } from "../src/player/quality-meter.js";

const IDLE: QualitySample = {
  isPlaying: false,
  isStarved: false,
  isHeldBack: false,
  bitrateBps: null,
  totalFrames: 0,
  droppedFrames: 0,
};
const PLAYING: QualitySample = { ...IDLE, isPlaying: true };
const STARVED: QualitySample = { ...IDLE, isStarved: true };

/** Feeds [at, sample] pairs to a meter that began at 1000 ms. */
function metered(samples: readonly (readonly [number, QualitySample])[]): QualityMeter {
  const meter = new QualityMeter(1000);
  for (const [atMs, sample] of samples) meter.sample(sample, atMs);
  return meter;
}

describe("QualityMeter", () => {
  it("says when there was a picture, and nothing before", () => {
    expect(metered([[1300, STARVED]]).sums.startupMs).toBeNull();
    const { sums } = metered([[1300, STARVED], [1700, PLAYING], [3700, IDLE], [9000, PLAYING]]);
    expect(sums.startupMs).toBe(700);
    expect(sums.watchedMs).toBe(2000);
    expect(sums.stalls).toBe(0);
  });

  it("does not count how long the viewer took to touch the page", () => {
    const held = { ...IDLE, isHeldBack: true };
    expect(metered([[1500, held], [60_000, held], [60_400, PLAYING]]).sums.startupMs).toBe(400);
  });

  it("counts a stall once, with all of its time", () => {
    const { sums } = metered([
      [1500, PLAYING],
      [2500, STARVED],
      [2600, STARVED],
      [2800, STARVED],
      [3500, PLAYING],
      [4500, IDLE],
    ]);
    expect(sums.stalls).toBe(1);
    expect(sums.stalledMs).toBe(1000);
    expect(sums.watchedMs).toBe(2000);
  });

  it("passes over what nobody notices, and what is a pause", () => {
    const { sums } = metered([
      [1500, PLAYING],
      [2500, STARVED],
      [2600, PLAYING],
      [3600, IDLE],
      [9600, IDLE],
    ]);
    expect(sums.stalls).toBe(0);
    expect(sums.stalledMs).toBe(0);
    expect(sums.watchedMs).toBe(2000);
  });

  it("takes no sleep of the machine for watching", () => {
    expect(metered([[1500, PLAYING], [9_001_500, PLAYING]]).sums.watchedMs).toBe(90_000);
  });

  it("counts switches, and frames of each source", () => {
    const { sums } = metered([
      [1500, { ...PLAYING, bitrateBps: 3e6, totalFrames: 10, droppedFrames: 1 }],
      [2500, { ...PLAYING, bitrateBps: 1e6, totalFrames: 40, droppedFrames: 2 }],
      [3500, { ...PLAYING, bitrateBps: null, totalFrames: 5, droppedFrames: 0 }],
      [4500, { ...PLAYING, bitrateBps: 6e6, totalFrames: 15, droppedFrames: 3 }],
    ]);
    expect(sums.switchesUp).toBe(1);
    expect(sums.switchesDown).toBe(1);
    expect(sums.decodedFrames).toBe(55);
    expect(sums.droppedFrames).toBe(5);
  });

  it("counts failures by few codes", () => {
    const meter = new QualityMeter(0);
    meter.noteFailure({ reason: "broken", detail: "fragLoadError" });
    meter.noteFailure({ reason: "broken", detail: "bufferAppendError" });
    meter.noteFailure({ reason: "codec", codecs: ["H.265"] });
    meter.noteFailure({ reason: "codec", codecs: [] });
    expect(meter.sums.errors).toEqual({ network: 1, media: 1, codec: 2 });
    expect(codeOf({ reason: "no-hls" })).toBe("no-hls");
    expect(codeOf({ reason: "broken", detail: "internalException" })).toBe("other");
  });
});
