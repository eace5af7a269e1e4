import { describe, expect, test } from "vitest";

import { csvOf } from "../src/charts/chart-csv.js";
import type { ChartModel } from "../src/charts/chart-model.js";
import { drawnShape, hasValues, markerAt, markerTexts, structureOf } from "../src/charts/chart-model.js";
import {
  indexAfter,
  rangeOf,
  readingAt,
  readingText,
  summaryText,
} from "../src/charts/chart-reading.js";
import { tickTexts, timeText } from "../src/charts/chart-times.js";

const NOON_MS = Date.UTC(2026, 10, 21, 12);

const MODEL: ChartModel = {
  timeKind: "span",
  times: [0, 60_000, 120_000],
  series: [
    { label: "Viewers", values: [3, null, 12], text: String, shape: "area", colour: 1 },
    { label: "Chat, a minute", values: [0, 4, 1], text: String, shape: "bars", colour: 2, axis: "right" },
  ],
  markers: [
    { at: -5_000, label: "Warming up" },
    { at: 61_000, label: '=cmd "x"' },
  ],
  markersLabel: "Title",
};

test("a file of values is quoted, and no spreadsheet runs a title", () => {
  expect(csvOf(MODEL).split("\r\n")).toEqual([
    'seconds,Viewers,"Chat, a minute",Title',
    "0,3,0,Warming up",
    '60,,4,"\'=cmd ""x"""',
    "120,12,1,",
    "",
  ]);
  const moments: ChartModel = { ...MODEL, timeKind: "moment", times: [NOON_MS], markers: [] };
  expect(csvOf(moments)).toBe(
    'time,Viewers,"Chat, a minute"\r\n2026-11-21T12:00:00.000Z,3,0\r\n',
  );
});

test.each([
  ["a;=1", "a;'=1"],
  ["a; @SUM", "a;' @SUM"],
  ["  =1", "'  =1"],
  ["\uff1d1", "'\uff1d1"],
  ["day; night - and day", "day; night - and day"],
])("text %j is no formula in a file, whatever separates its fields", (label, expected) => {
  const markers = [{ at: 61_000, label }];
  expect(csvOf({ ...MODEL, markers })).toContain(expected);
});

test("what happened stands with the time before it, and what was before with the first", () => {
  expect(markerTexts(MODEL)).toEqual(["Warming up", '=cmd "x"', ""]);
  expect(markerAt(MODEL.markers ?? [], 61_000)?.label).toBe('=cmd "x"');
  expect(markerAt(MODEL.markers ?? [], -5_001)).toBeNull();
});

test("a reading says the time, each value that is shown, and what holds", () => {
  const reading = readingAt(MODEL, 1);
  expect(reading === null ? "" : readingText(reading)).toBe(
    "1:00: Viewers –, Chat, a minute 4. Warming up",
  );
  const part = readingAt(MODEL, 2, ({ label }) => label === "Viewers");
  expect(part === null ? "" : readingText(part)).toBe('2:00: Viewers 12. =cmd "x"');
  expect(readingAt(MODEL, 3)).toBeNull();
});

test("a summary says from when to when, and how high", () => {
  expect(summaryText(MODEL)).toContain("From 0:00 to 2:00. Viewers: 3 to 12. Chat, a minute: 0 to 4.");
  expect(summaryText({ ...MODEL, times: [] })).toBe("There is nothing to draw yet.");
});

test("a chart without a value has nothing to draw", () => {
  const empty = MODEL.series.map((series) => ({ ...series, values: [null, null, null] }));
  expect([hasValues(MODEL), hasValues({ ...MODEL, series: empty })]).toEqual([true, false]);
});

test("new values are drawn by the chart that is there, other series by another", () => {
  expect(structureOf({ ...MODEL, times: [1], markers: [] })).toBe(structureOf(MODEL));
  expect(structureOf({ ...MODEL, series: MODEL.series.slice(1) })).not.toBe(structureOf(MODEL));
});

test("more bars than the screen has columns are drawn as an area", () => {
  const bars = (count: number): ChartModel["series"][number] => ({
    label: "Chat",
    values: Array.from({ length: count }, () => 1),
    text: String,
    shape: "bars",
    colour: 3,
  });
  expect([drawnShape(bars(2_000)), drawnShape(bars(86_400))]).toEqual(["bars", "area"]);
});

test("a range is found among more values than a call takes arguments", () => {
  const values = Array.from({ length: 300_000 }, (_, index) => (index % 7 === 0 ? null : index));
  expect(rangeOf(values)).toEqual({ least: 1, most: 299_998 });
  expect(rangeOf([null])).toBeNull();
});

describe("keys lead through a chart", () => {
  test.each([
    ["ArrowRight", 5, 6],
    ["ArrowLeft", 0, 0],
    ["ArrowUp", 99, 99],
    ["PageUp", 5, 15],
    ["PageDown", 5, 0],
    ["Home", 50, 0],
    ["End", 50, 99],
    ["x", 50, null],
  ])("%s from %i to %s", (key, index, target) => {
    expect(indexAfter(key, index, 100)).toBe(target);
  });
});

describe("times read as people say them", () => {
  test.each([
    ["moment", NOON_MS, "21 Nov 2026, 12:00"],
    ["moment", NOON_MS + 5_000, "21 Nov 2026, 12:00:05"],
    ["day", NOON_MS, "21 Nov 2026"],
    ["span", 3_723_000, "1:02:03"],
  ] as const)("%s %i", (kind, time, text) => {
    expect(timeText(time, kind, "UTC")).toBe(text);
  });

  test.each([
    ["hours name the day once", "moment", 6 * 3_600_000, ["12:00\n21 Nov", "18:00", "00:00\n22 Nov"]],
    ["days", "day", 86_400_000, ["21 Nov", "22 Nov", "23 Nov"]],
    ["months", "day", 28 * 86_400_000, ["Nov 2026", "Dec 2026", "Jan 2027"]],
    ["no hours of days", "day", 12 * 3_600_000, ["", "22 Nov", ""]],
  ] as const)("%s", (_what, kind, stepMs, texts) => {
    const ticks = [0, 1, 2].map((step) => NOON_MS + step * stepMs);
    expect(tickTexts(ticks, stepMs, kind, "UTC")).toEqual(texts);
  });

  test("nothing stands before the start of a show", () => {
    expect(tickTexts([-10_000, 0, 10_000], 10_000, "span")).toEqual(["", "0:00", "0:10"]);
  });
});
