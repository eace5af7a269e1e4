/** Charts of one broadcast, from what the API tells of it. Pure. */

import type { BroadcastAnalytics } from "../api/analytics-names.js";
import type { ChartModel } from "../charts/chart-model.js";
import { analyticsTexts, meanText, reportTexts, shareText, wholeText } from "../texts/analytics.js";
import { titleMarkers } from "./viewers-model.js";

const MINUTE_MS = 60_000;

/** Viewers and chat from the beginning of the show on, with its titles. */
export function timelineModel(analytics: BroadcastAnalytics, channel: string): ChartModel {
  const { timeline, titles, broadcast } = analytics;
  const startedMs = Date.parse(broadcast.startedAt);
  return {
    timeKind: "span",
    times: timeline.map(({ offsetMs }) => Math.max(0, offsetMs)),
    series: [
      {
        label: analyticsTexts.peakSeries,
        values: timeline.map(({ peak }) => peak),
        text: wholeText,
        shape: "area",
        colour: 1,
        ticks: "whole",
      },
      {
        label: analyticsTexts.meanSeries,
        values: timeline.map(({ mean }) => mean),
        text: meanText,
        shape: "line",
        colour: 2,
        ticks: "whole",
      },
      {
        label: analyticsTexts.messagesSeries,
        values: timeline.map(({ messages }) => messages),
        text: wholeText,
        shape: "bars",
        colour: 3,
        axis: "right",
        ticks: "whole",
      },
    ],
    markers: titleMarkers(titles, channel).map(({ at, label }) => ({
      at: Math.max(0, at - startedMs),
      label,
    })),
    markersLabel: analyticsTexts.title,
  };
}

/** Who stayed how long, and who watched which minute; as parts of a whole. */
export function retentionModel({ retention }: BroadcastAnalytics): ChartModel {
  return {
    timeKind: "span",
    times: retention.map(({ minute }) => minute * MINUTE_MS),
    series: [
      {
        label: reportTexts.stayedSeries,
        values: retention.map(({ stayed }) => stayed),
        text: shareText,
        shape: "area",
        colour: 1,
      },
      {
        label: reportTexts.presentSeries,
        values: retention.map(({ present }) => present),
        text: shareText,
        shape: "dashed",
        colour: 5,
      },
    ],
  };
}

/** How long half of the viewers stay, as a sentence. Nobody has stayed to the end of what goes on. */
export function staysText({ retention, broadcast }: BroadcastAnalytics): string {
  const left = retention.find(({ stayed }) => stayed !== null && stayed < 0.5);
  if (left !== undefined) {
    return left.minute < 2 ? reportTexts.halfLeave : reportTexts.halfStay(left.minute - 1);
  }
  return broadcast.endedAt === null ? reportTexts.mostStayYet : reportTexts.mostStay;
}
