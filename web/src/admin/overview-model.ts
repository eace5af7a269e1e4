/** The server's overview as figures and charts. Pure. */

import type { Figure } from "../analytics/figure-cards.js";
import type { ServerOverview, ServerQueue, ServerSample } from "../api/operations-names.js";
import type { ChartModel, ChartSeries } from "../charts/chart-model.js";
import { overviewTexts } from "../texts/admin-overview.js";
import { shareText } from "../texts/analytics.js";
import { countText, durationText } from "../texts/spans.js";
import { bitrateText } from "../wording.js";

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;
const WARN_FULL = 0.8;
/** A queue with a few in thousands of places is empty, and looks so. */
const QUEUE_REACH = 0.1;

/** A chart and what it is of. */
export interface NamedChart {
  readonly name: string;
  readonly fileName: string;
  readonly model: ChartModel;
}

/** A size: "640 B", "1.2 MB", "83 GB". */
export function sizeText(sizeBytes: number): string {
  let value = Math.max(0, sizeBytes);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 9.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? "B"}`;
}

/** A short time: "0.04 ms", "0.4 ms", "12 ms", "1.5 s". Milliseconds in. */
export function shortTimeText(timeMs: number): string {
  if (timeMs === 0) return "0 ms";
  if (timeMs < 0.095) return `${timeMs.toFixed(2)} ms`;
  if (timeMs < 9.95) return `${timeMs.toFixed(1)} ms`;
  if (timeMs < 999.5) return `${Math.round(timeMs)} ms`;
  return `${(timeMs / 1000).toFixed(1)} s`;
}

/** What a queue's numbers count. */
export function amountText(amount: number, unit: ServerQueue["unit"]): string {
  return unit === "bytes" ? sizeText(amount) : amount.toLocaleString("en");
}

/** Whether there is something to look at in a queue. */
export function isQueueInTrouble(queue: ServerQueue): boolean {
  return queue.dropped > 0 || (queue.capacity > 1 && queue.waiting / queue.capacity >= WARN_FULL);
}

/** What the server is like now. */
export function overviewFigures(overview: ServerOverview): Figure[] {
  const texts = overviewTexts;
  const { process, loop, garbage, database, storage } = overview;
  const figures: Figure[] = [
    {
      name: texts.publishers,
      value: overview.publishers.toLocaleString("en"),
      hint: texts.publishersHint(countText(overview.shows, "show")),
    },
    { name: texts.viewers, value: overview.viewers.toLocaleString("en") },
    { name: texts.bandwidthIn, value: bitrateText(overview.inBps), hint: texts.bandwidthInHint },
    { name: texts.bandwidthOut, value: bitrateText(overview.outBps), hint: texts.bandwidthOutHint },
    {
      name: texts.cpu,
      value: process.cpuCores === null ? texts.cpuUnknown : process.cpuCores.toFixed(2),
      hint: texts.cpuHint(countText(process.cores, "core")),
    },
    { name: texts.memory, value: sizeText(process.memoryBytes) },
    {
      name: texts.lag,
      value: shortTimeText(loop.p99Ms),
      hint: texts.lagHint(shortTimeText(loop.p50Ms), shortTimeText(loop.maxMs)),
    },
    {
      name: texts.garbage,
      value: shortTimeText(garbage.longestMs),
      hint: texts.garbageHint(shortTimeText(garbage.pauseMs)),
    },
  ];
  if (database !== null) {
    const kind = database.kind === "sqlite" ? "SQLite" : "PostgreSQL";
    figures.push({
      name: texts.database,
      value: database.latencyMs === null ? texts.databaseAway : shortTimeText(database.latencyMs),
      hint: texts.databaseHint(kind, database.outages),
    });
  }
  figures.push(
    storage === null
      ? { name: texts.disk, value: texts.cpuUnknown, hint: texts.diskUnknown }
      : {
          name: texts.disk,
          value: sizeText(storage.freeBytes),
          hint: texts.diskHint(sizeText(storage.totalBytes), sizeText(storage.dataBytes)),
        },
  );
  if (process.openFiles !== null) {
    figures.push({
      name: texts.openFiles,
      value: process.openFiles.toLocaleString("en"),
      hint: texts.openFilesHint(process.openFilesLimit.toLocaleString("en")),
    });
  }
  return figures;
}

/** The last hour as charts; a hole where the server did not look for longer than usual. */
export function overviewCharts(overview: ServerOverview): NamedChart[] {
  const texts = overviewTexts;
  const samples = withHoles(overview.samples, overview.sampleIntervalS * 1000);
  const times = samples.map(({ at }) => at);
  const series = (
    label: string,
    colour: ChartSeries["colour"],
    value: (sample: ServerSample) => number | null,
    text: (value: number) => string,
    more: Partial<ChartSeries> = {},
  ): ChartSeries => ({
    label,
    colour,
    shape: "line",
    values: samples.map(({ sample }) => (sample === null ? null : value(sample))),
    text,
    ...more,
  });
  const whole = (value: number): string => value.toLocaleString("en");
  const chart = (name: string, fileName: string, ...lines: ChartSeries[]): NamedChart => ({
    name,
    fileName,
    model: { timeKind: "moment", times, series: lines },
  });
  return [
    chart(
      texts.audience,
      "server-audience",
      series(texts.seriesViewers, 1, ({ viewers }) => viewers, whole, { shape: "area", ticks: "whole" }),
      series(texts.seriesPublishers, 2, ({ publishers }) => publishers, whole, { ticks: "whole" }),
      series(texts.seriesConnections, 5, ({ connections }) => connections, whole, { ticks: "whole" }),
    ),
    chart(
      texts.bandwidth,
      "server-bandwidth",
      series(texts.seriesOut, 1, ({ outBps }) => outBps, bitrateText, { shape: "area" }),
      series(texts.seriesIn, 2, ({ inBps }) => inBps, bitrateText),
    ),
    chart(
      texts.load,
      "server-load",
      series(texts.seriesCpu, 3, ({ cpuCores }) => cpuCores, texts.cores, { shape: "area" }),
      series(texts.seriesLag, 4, ({ lagP99Ms }) => lagP99Ms, shortTimeText, { axis: "right" }),
    ),
    chart(
      texts.database60,
      "server-database",
      series(texts.seriesDatabase, 2, ({ databaseMs }) => databaseMs, shortTimeText),
      series(texts.seriesQueue, 3, ({ fullestQueue }) => fullestQueue, shareText, {
        axis: "right",
        reach: QUEUE_REACH,
      }),
    ),
    chart(
      texts.memoryChart,
      "server-memory",
      series(texts.seriesMemory, 6, ({ memoryBytes }) => memoryBytes, sizeText, { shape: "area" }),
    ),
  ];
}

/** For how long the server is up. Seconds in. */
export function uptimeText(uptimeS: number): string {
  const days = Math.floor(uptimeS / 86_400);
  return days >= 2 ? countText(days, "day") : durationText(uptimeS * 1000);
}

interface Slot {
  readonly at: number;
  readonly sample: ServerSample | null;
}

function withHoles(samples: readonly ServerSample[], intervalMs: number): Slot[] {
  const slots: Slot[] = [];
  for (const sample of samples) {
    const at = Date.parse(sample.at);
    const before = slots.at(-1)?.at;
    if (before !== undefined && at - before > 3 * intervalMs) {
      slots.push({ at: before + intervalMs, sample: null });
    }
    slots.push({ at, sample });
  }
  return slots;
}
