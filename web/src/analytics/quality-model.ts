/** Charts of how well a channel played. Pure. */

import type { Quality, QualityFigures } from "../api/analytics-names.js";
import type { ChartModel, TimeKind } from "../charts/chart-model.js";
import { qualityTexts, shareText, shortTimeText } from "../texts/analytics.js";
import { STEP_MS } from "./range.js";

/** Steps without anybody between two with somebody are gaps: a line would say what nobody measured. */
function stepsWithGaps(quality: Quality): {
  readonly timeKind: TimeKind;
  readonly times: readonly number[];
  readonly points: readonly (QualityFigures | null)[];
} {
  const stepMs = STEP_MS[quality.step];
  const times: number[] = [];
  const points: (QualityFigures | null)[] = [];
  for (const point of quality.points) {
    const at = Date.parse(point.at);
    const before = times.at(-1);
    if (before !== undefined && at - before > stepMs) {
      times.push(before + stepMs);
      points.push(null);
    }
    times.push(at);
    points.push(point);
  }
  return { timeKind: quality.step === "day" ? "day" : "moment", times, points };
}

/** Start-up and latency through a time. */
export function delaysModel(quality: Quality): ChartModel {
  const { timeKind, times, points } = stepsWithGaps(quality);
  return {
    timeKind,
    times,
    series: [
      {
        label: qualityTexts.startupHalf,
        values: points.map((point) => point?.startupMs?.p50 ?? null),
        text: shortTimeText,
        shape: "line",
        colour: 1,
        ticks: "time",
      },
      {
        label: qualityTexts.startupMost,
        values: points.map((point) => point?.startupMs?.p95 ?? null),
        text: shortTimeText,
        shape: "dashed",
        colour: 1,
      },
      {
        label: qualityTexts.latencyHalf,
        values: points.map((point) => point?.latencyMs?.p50 ?? null),
        text: shortTimeText,
        shape: "line",
        colour: 2,
      },
    ],
  };
}

/** How much of their time viewers waited. */
export function stallsModel(quality: Quality): ChartModel {
  const { timeKind, times, points } = stepsWithGaps(quality);
  return {
    timeKind,
    times,
    series: [
      {
        label: qualityTexts.stalledSeries,
        values: points.map((point) => point?.stallRatio ?? null),
        text: shareText,
        shape: "bars",
        colour: 4,
      },
    ],
  };
}
