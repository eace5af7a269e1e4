import { expect, test } from "vitest";

import {
  amountText,
  isQueueInTrouble,
  overviewCharts,
  overviewFigures,
  shortTimeText,
  sizeText,
  uptimeText,
} from "../src/admin/overview-model.js";
import type { ServerOverview, ServerSample } from "../src/api/operations-names.js";

function sample(at: string): ServerSample {
  return {
    at,
    cpuCores: 0.5,
    memoryBytes: 1e8,
    lagP99Ms: 1,
    lagMaxMs: 2,
    inBps: 4e6,
    outBps: 8e6,
    publishers: 1,
    viewers: 2,
    connections: 3,
    fullestQueue: 0.01,
    databaseMs: null,
  };
}

const overview: ServerOverview = {
  at: "2026-11-22T12:00:00.000Z",
  version: "0.1.0",
  startedAt: "2026-11-22T11:00:00.000Z",
  uptimeS: 3600,
  process: { cpuCores: null, cores: 2, memoryBytes: 1.5e8, openFiles: null, openFilesLimit: 1024 },
  loop: { p50Ms: 0.2, p99Ms: 12, maxMs: 1500 },
  garbage: { collections: 3, pauseMs: 20, longestMs: 9 },
  publishers: 1,
  viewers: 1200,
  shows: 1,
  inBps: 4e6,
  outBps: 0,
  connections: [],
  queues: [],
  storage: null,
  database: null,
  errors: [],
  topChannels: [],
  sampleIntervalS: 10,
  samples: [sample("2026-11-22T11:59:00.000Z"), sample("2026-11-22T11:59:10.000Z")],
};

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_200, "1.2 kB"],
  [999_600, "1.0 MB"],
  [83_225_333_760, "83 GB"],
])("%d bytes read %s", (sizeBytes, text) => {
  expect(sizeText(sizeBytes)).toBe(text);
});

test.each([
  [0, "0 ms"],
  [0.04, "0.04 ms"],
  [0.4, "0.4 ms"],
  [9.96, "10 ms"],
  [1500, "1.5 s"],
])("%d ms read %s", (timeMs, text) => {
  expect(shortTimeText(timeMs)).toBe(text);
});

test("what is not known is left out or said to be unknown", () => {
  const figures = overviewFigures(overview);
  expect(figures.map(({ name }) => name)).not.toContain("Open files");
  expect(figures.map(({ name }) => name)).not.toContain("Database");
  expect(figures.find(({ name }) => name === "Processor")?.value).toBe("–");
  expect(figures.find(({ name }) => name === "Free disk")?.hint).toBe("not known yet");
  expect(figures.find(({ name }) => name === "Viewers")?.value).toBe("1,200");
});

test("a database that is away is said to be", () => {
  const database = { kind: "postgresql", latencyMs: null, isAway: true, outages: 1 } as const;
  const figure = overviewFigures({ ...overview, database }).find(({ name }) => name === "Database");
  expect(figure).toMatchObject({ value: "away", hint: "PostgreSQL, away once" });
});

test("charts have a hole where the server did not look", () => {
  const samples = [...overview.samples, sample("2026-11-22T11:59:50.000Z")];
  const chart = overviewCharts({ ...overview, samples })[0];
  expect(chart?.model.series[0]?.values).toEqual([2, 2, null, 2]);
  expect(chart?.model.times).toHaveLength(4);
});

test("a queue is in trouble when it is nearly full, or has dropped something", () => {
  const queue = { name: "chat", unit: "items", waiting: 0, capacity: 10, dropped: 0 } as const;
  expect(isQueueInTrouble(queue)).toBe(false);
  expect(isQueueInTrouble({ ...queue, waiting: 8 })).toBe(true);
  expect(isQueueInTrouble({ ...queue, dropped: 1 })).toBe(true);
  expect(isQueueInTrouble({ ...queue, capacity: 1, waiting: 1 })).toBe(false);
});

test("amounts and times read as what they are", () => {
  expect(amountText(67_108_864, "bytes")).toBe("67 MB");
  expect(amountText(10_000, "items")).toBe("10,000");
  expect(uptimeText(90)).toBe("2 min");
  expect(uptimeText(3 * 86_400)).toBe("3 days");
});
