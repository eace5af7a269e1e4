import { describe, expect, test } from "vitest";

import { staysText } from "../src/analytics/broadcast-model.js";
import { changeOf } from "../src/analytics/change.js";
import { NEWEST_FIRST, orderAfter, ordered } from "../src/analytics/comparison-order.js";
import { groupName } from "../src/analytics/group-name.js";
import { healthOf } from "../src/analytics/health-light.js";
import {
  choiceOf,
  daysProblem,
  searchOf,
  spanBefore,
  spanOf,
  stepFor,
} from "../src/analytics/range.js";
import { uptimeText } from "../src/analytics/uptime.js";
import { TRAIL_MS, trailAfter, trailLine } from "../src/analytics/viewer-trail.js";
import type { TrailPoint } from "../src/analytics/viewer-trail.js";
import { followersModel, stepsOf, viewersModel } from "../src/analytics/viewers-model.js";
import type {
  BroadcastAnalytics,
  BroadcastFigures,
  ChannelIngest,
  ChannelViewers,
} from "../src/api/analytics-names.js";
import { shareText, shortTimeText, watchText } from "../src/texts/analytics.js";

const NOW_MS = Date.UTC(2026, 10, 22, 6);
const DAY_MS = 86_400_000;

describe("a time is chosen by the address", () => {
  test.each([
    ["", "?range=28d"],
    ["?range=last", "?range=last"],
    ["?range=nothing", "?range=28d"],
    ["?from=2026-11-01&to=2026-11-03", "?from=2026-11-01&to=2026-11-03"],
    ["?from=2026-11-03&to=2026-11-01", "?range=28d"],
  ])("%s is %s", (search, said) => {
    expect(searchOf(choiceOf(search))).toBe(said);
  });

  test("days are whole, in UTC, today included", () => {
    const span = spanOf(choiceOf("?range=7d"), null, NOW_MS);
    expect(span).toEqual({ fromMs: Date.UTC(2026, 10, 16), toMs: Date.UTC(2026, 10, 23) });
    expect(spanOf(choiceOf("?from=2026-11-01&to=2026-11-01"), null, NOW_MS)).toEqual({
      fromMs: Date.UTC(2026, 10, 1),
      toMs: Date.UTC(2026, 10, 2),
    });
    expect(spanBefore({ fromMs: 10, toMs: 14 })).toEqual({ fromMs: 6, toMs: 10 });
  });

  test("the last broadcast is none where there was none", () => {
    const last = { fromMs: 1, toMs: 2 };
    expect(spanOf(choiceOf("?range=last"), last, NOW_MS)).toBe(last);
    expect(spanOf(choiceOf("?range=last"), null, NOW_MS)).toBeNull();
  });

  test.each([
    ["2026-11-01", "", "missing"],
    ["2026-11-02", "2026-11-01", "order"],
    ["2020-01-01", "2026-11-01", "long"],
    ["2026-11-01", "2026-11-01", null],
  ])("from %s to %s: %s", (from, to, problem) => {
    expect(daysProblem(from, to)).toBe(problem);
  });

  test.each([
    [2 * 3_600_000, "minute"],
    [7 * DAY_MS, "hour"],
    [28 * DAY_MS, "day"],
  ])("%i ms are shown in steps of a %s", (lengthMs, step) => {
    expect(stepFor({ fromMs: 0, toMs: lengthMs })).toBe(step);
  });
});

test.each([
  [112, 100, { direction: "more", text: "+12 %" }],
  [50, 100, { direction: "less", text: "−50 %" }],
  [100.2, 100, { direction: "same", text: "±0 %" }],
  [1200, 100, { direction: "more", text: "×12" }],
  [3, 0, null],
])("%d after %d", (now, before, change) => {
  expect(changeOf(now, before)).toEqual(change);
});

const POINT = { mean: 2.5, unique: 3, started: 4, messages: 5, followersGained: 0, followersLost: 1 } as const;

/** Three hours: a show in the first two of which one was watched, and a follower in the third. */
const VIEWERS: ChannelViewers = {
  since: "2026-11-21T18:00:00Z",
  until: "2026-11-21T21:00:00Z",
  step: "hour",
  stepMs: 3_600_000,
  computedUntil: "2026-11-22T05:00:00Z",
  points: [
    { ...POINT, at: "2026-11-21T18:00:00Z", peak: 7, watchMs: 60_000 },
    {
      ...POINT,
      at: "2026-11-21T20:00:00Z",
      peak: 0,
      watchMs: 0,
      mean: 0,
      messages: 0,
      followersGained: 2,
      followersLost: 0,
    },
  ],
  totals: {
    watchMs: 60_000,
    mean: 2.5,
    peak: 7,
    sessions: 4,
    unique: 3,
    messages: 5,
    followersGained: 2,
    followersLost: 1,
    renditions: {},
  },
  followers: 10,
  titles: [
    { at: "2026-11-21T18:00:30Z", broadcast: "b", title: "One", category: null },
    { at: "2026-11-21T18:10:00Z", broadcast: "b", title: "One", category: "music" },
  ],
  broadcasts: [{ id: "b", startedAt: "2026-11-21T18:00:00Z", endedAt: "2026-11-21T19:30:00Z" }],
};

test("a show that nobody watches is zero, and no show is a gap", () => {
  const model = viewersModel(VIEWERS, "studio");
  expect(model.series.map(({ values }) => values)).toEqual([
    [7, 0, null],
    [2.5, 0, null],
    [5, 0, null],
  ]);
  expect(model.markers).toEqual([{ at: Date.UTC(2026, 10, 21, 18), label: "One" }]);
});

test("nothing is said of what has not been counted yet", () => {
  const early = { ...VIEWERS, points: VIEWERS.points.slice(0, 1), computedUntil: "2026-11-21T18:40:00Z" };
  expect(stepsOf(early).times).toEqual([Date.UTC(2026, 10, 21, 18)]);
});

test("followers are counted back from those of now", () => {
  const before = Date.UTC(2026, 10, 21, 20, 30);
  expect(followersModel(VIEWERS, before).series.map(({ values }) => values)).toEqual([
    [8, 8, 10],
    [0, 0, 2],
    [1, 0, 0],
  ]);
  const over = followersModel(VIEWERS, NOW_MS).series.map(({ label }) => label);
  expect(over).toEqual(["New followers", "Stopped following"]);
});

test("broadcasts are sorted by a column, the most first, and then the least", () => {
  const show = (id: string, startedAt: string, peak: number): BroadcastFigures =>
    ({ id, startedAt, peak }) as BroadcastFigures;
  const shows = [show("a", "2026-11-01T00:00:00Z", 5), show("b", "2026-11-02T00:00:00Z", 5), show("c", "2026-11-03T00:00:00Z", 1)];
  const ids = (order: typeof NEWEST_FIRST): string => ordered(shows, order).map(({ id }) => id).join("");
  const byPeak = orderAfter(NEWEST_FIRST, "peak");
  expect([ids(NEWEST_FIRST), ids(byPeak), ids(orderAfter(byPeak, "peak"))]).toEqual(["cba", "bac", "cba"]);
});

test("a trail holds ten minutes, one number for each five seconds", () => {
  let trail: readonly TrailPoint[] = [];
  for (let second = 0; second < 3_600; second += 1) trail = trailAfter(trail, second * 1000, second);
  expect(trail).toHaveLength(120);
  expect(trail.at(-1)).toEqual({ atMs: 3_595_000, viewers: 3_599 });
  expect((trail.at(-1)?.atMs ?? 0) - (trail[0]?.atMs ?? 0)).toBeLessThan(TRAIL_MS);
  expect(trailAfter(trail, 1_000, 5)).toBe(trail);
  expect(trailLine(trail.slice(0, 1), 0, 100, 10)).toBe("");
  expect(trailLine([{ atMs: 0, viewers: 0 }, { atMs: TRAIL_MS, viewers: 4 }], TRAIL_MS, 100, 10)).toBe("0.0,10.0 100.0,0.0");
});

test("the light is that of the worst that is found", () => {
  const ingest = (isPublishing: boolean, ...severities: string[]): ChannelIngest =>
    ({
      report: { isPublishing, findings: severities.map((severity) => ({ severity, title: severity })) },
    }) as unknown as ChannelIngest;
  expect(healthOf(ingest(true, "good")).light).toBe("good");
  const worse = healthOf(ingest(true, "advice", "problem"));
  expect([worse.light, worse.finding?.title]).toEqual(["problem", "problem"]);
  expect([healthOf(ingest(false, "good")).name, healthOf(null).name]).toEqual([
    "Nothing comes in",
    "Not known",
  ]);
});

test("figures read as people say them", () => {
  expect([watchText(720_000), watchText(45_000_000), watchText(4_320_000_000)]).toEqual(["12 min", "12.5 h", "1,200 h"]);
  expect([shareText(0), shareText(0.0008), shareText(0.004), shareText(0.62)]).toEqual(["0 %", "0.08 %", "0.4 %", "62 %"]);
  expect([shortTimeText(340), shortTimeText(1_840), shortTimeText(12_400)]).toEqual(["340 ms", "1.8 s", "12 s"]);
  expect([uptimeText(425_000), uptimeText(43_200_000)]).toEqual(["0:07:05", "12:00:00"]);
});

test("groups have names", () => {
  expect([
    groupName("browser", "firefox"),
    groupName("country", "de"),
    groupName("language", "pt"),
    groupName("player", "hls.js"),
    groupName("country", "unknown"),
    groupName("country", "not a code"),
  ]).toEqual(["Firefox", "Germany", "Portuguese", "hls.js", "Not known", "not a code"]);
});

describe("how long half of the viewers stay", () => {
  const ENDED = "2026-11-22T05:00:00Z";

  test.each([
    [[1, 0.4], ENDED, "More than half of your viewers leave within a minute."],
    [[1, 0.5, 0.4], ENDED, "Half of your viewers stay for 1 min or longer."],
    [[1, 0.9, 0.6, 0.49, 0.1], ENDED, "Half of your viewers stay for 2 min or longer."],
    [[1, 0.9, null], ENDED, "More than half of your viewers stay to the end."],
    [[1, 0.9], null, "More than half of your viewers have stayed up to now."],
    [[], null, "More than half of your viewers have stayed up to now."],
  ])("%j, over at %s: %s", (stayed, endedAt, text) => {
    const analytics = {
      broadcast: { endedAt },
      retention: stayed.map((share, minute) => ({ minute, stayed: share, present: 0 })),
    } as unknown as BroadcastAnalytics;
    expect(staysText(analytics)).toBe(text);
  });
});
