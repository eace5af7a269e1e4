import { expect, test } from "vitest";

import type { IngestFinding, IngestReport, SetUpTest } from "../src/api/health-names.js";
import { checksOf } from "../src/health/checks.js";
import { bitrateText, liveFigures, pictureText, rateText, secondsText, soundText, summaryFigures } from "../src/health/figures.js";
import { adviceOf, bySeverity, gradedFindings, sortFindings } from "../src/health/findings.js";

const VIDEO = {
  codec: "H.264",
  profile: "High",
  level: "4.1",
  widthPx: 1920,
  heightPx: 1080,
  bitDepth: 8,
  isHdr: false,
  bitrateBps: 6_020_000,
  meanBitrateBps: 5_950_000,
  peakBitrateBps: null,
  announcedBitrateBps: null,
  frameRate: 29.968,
  nominalFrameRate: 29.97,
  isFrameRateVariable: false,
  keyframeIntervalS: 2.002,
  keyframeIntervalMinS: 2,
  keyframeIntervalMaxS: 2.1,
  bFrameRun: 2,
  reorderMs: 66,
  droppedFrames: 0,
} as const;

const AUDIO = {
  codec: "AAC",
  profile: "LC",
  sampleRateHz: 44_100,
  channelCount: 2,
  bitrateBps: 160_000,
  meanBitrateBps: 159_600,
  announcedBitrateBps: null,
  gapCount: 0,
  gapMs: 0,
} as const;

function finding(code: string, severity: IngestFinding["severity"]): IngestFinding {
  return {
    code,
    severity,
    area: "picture",
    title: code,
    text: "",
    toChange: null,
    measured: null,
    expected: null,
    since: "2026-11-22T05:00:00.000Z",
    until: null,
    heldMs: 0,
    count: 1,
  };
}

function report(changes: Partial<IngestReport> = {}): IngestReport {
  return {
    at: "2026-11-22T05:01:00.000Z",
    startedAt: "2026-11-22T05:00:00.000Z",
    observedMs: 60_000,
    encoder: "OBS",
    isPublishing: true,
    reconnectCount: 0,
    grade: { letter: "A", verdict: "ready", reasons: [] },
    video: VIDEO,
    audio: AUDIO,
    arrival: {
      jitterP50Ms: 2,
      jitterP95Ms: 14,
      jitterP99Ms: 30,
      longestStallMs: 40,
      stallCount: 0,
      clockDriftPpm: null,
    },
    timing: { startOffsetMs: 0, skewMs: 0, skewDriftMsPerMin: null, repairCount: 0, jumpCount: 0 },
    findings: [],
    pastFindings: [],
    points: [],
    ...changes,
  };
}

test("numbers read as people say them", () => {
  expect(bitrateText(6_180_000)).toBe("6.2 Mbit/s");
  expect(bitrateText(96_400)).toBe("96 kbit/s");
  expect(rateText(29.97)).toBe("29.97");
  expect(rateText(60)).toBe("60");
  expect(secondsText(2.002)).toBe("2");
  expect(secondsText(8.33)).toBe("8.3");
});

test("a picture and a sound are one line each", () => {
  expect(pictureText(report())).toBe("1920 × 1080 at 30, H.264 High");
  expect(soundText(report())).toBe("AAC, 44.1 kHz, stereo, 160 kbit/s");
  expect(pictureText(report({ video: null }))).toBeNull();
  expect(soundText(report({ audio: null }))).toBeNull();
  const unmeasured = { ...VIDEO, frameRate: null, nominalFrameRate: null, profile: null, isHdr: true };
  expect(pictureText(report({ video: unmeasured }))).toBe("1920 × 1080, H.264, HDR");
});

test("live figures leave out what there is not, and say what is not known yet", () => {
  const named = (given: IngestReport): object =>
    Object.fromEntries(liveFigures(given).map(({ name, value }) => [name, value]));
  expect(named(report())).toEqual({
    Bitrate: "6.2 Mbit/s",
    "Pictures a second": "30",
    "Keyframe interval": "2 s",
    Jitter: "14 ms",
  });
  const early = report({
    video: { ...VIDEO, bitrateBps: 0, frameRate: null, keyframeIntervalS: null },
    audio: null,
    arrival: { ...report().arrival, jitterP95Ms: null },
  });
  expect(named(early)).toEqual({
    Bitrate: "–",
    "Pictures a second": "–",
    "Keyframe interval": "–",
    Jitter: "–",
  });
  expect(named(report({ video: null }))).toEqual({ Bitrate: "160 kbit/s", Jitter: "14 ms" });
});

test("a summary names losses and reconnects only where there were some", () => {
  const names = (given: IngestReport): string[] => summaryFigures(given).map(({ name }) => name);
  expect(names(report())).toEqual(["Picture", "Sound", "Bitrate", "Keyframe interval", "Jitter"]);
  const bad = report({ video: { ...VIDEO, droppedFrames: 12 }, reconnectCount: 2 });
  expect(names(bad).slice(-2)).toEqual(["Lost pictures", "Reconnects"]);
});

test("the worst comes first, and those of one kind as they came", () => {
  const given = [finding("a", "good"), finding("b", "advice"), finding("c", "problem"), finding("d", "advice")];
  expect(bySeverity(given).map(({ code }) => code)).toEqual(["c", "b", "d", "a"]);
});

test("what held before is told once, and not where it holds again", () => {
  const given = report({
    findings: [finding("now", "warning"), finding("fine", "good")],
    pastFindings: [finding("now", "warning"), finding("before", "problem"), finding("was fine", "good")],
  });
  const { open, good, past } = sortFindings(given);
  expect(open.map(({ code }) => code)).toEqual(["now"]);
  expect(good.map(({ code }) => code)).toEqual(["fine"]);
  expect(past.map(({ code }) => code)).toEqual(["before"]);
  expect(gradedFindings(given).map(({ code }) => code)).toEqual(["before", "now"]);
});

test("what is to be changed for two findings is said once", () => {
  const stalls = { ...finding("Stalls", "warning"), toChange: "Use a cable." };
  const cut = { ...finding("Cut", "advice"), toChange: "Use a cable." };
  const mono = { ...finding("Mono", "advice"), toChange: "Choose stereo." };
  const list = [stalls, cut, mono, finding("good", "good")];
  expect(list.map((each) => adviceOf(each, list))).toEqual([
    "Use a cable.",
    "the same as for “Stalls”.",
    "Choose stereo.",
    null,
  ]);
});

test("a test's checks show what has been seen", () => {
  const begun: SetUpTest = {
    id: "tst_1",
    state: "receiving",
    start: "rct_abcdefghij",
    servers: [],
    createdAt: "2026-11-22T05:00:00.000Z",
    expiresAt: "2026-11-22T05:30:00.000Z",
    encoder: "",
    startedAt: null,
    endedAt: null,
    mediaMs: 0,
    neededMs: 60_000,
    wasTooShort: false,
    report: null,
  };
  expect(checksOf(begun).map(({ seen }) => seen)).toEqual([null, null, null, null, null]);
  expect(checksOf({ ...begun, encoder: "OBS", report: report() }).map(({ seen }) => seen)).toEqual([
    "OBS",
    "1920 × 1080 at 30, H.264 High",
    "AAC, 44.1 kHz, stereo, 160 kbit/s",
    "every 2 s",
    "within 14 ms of on time",
  ]);
});
