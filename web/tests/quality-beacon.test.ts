import { beforeEach, describe, expect, it, vi } from "vitest";

import { isAskedNotTo } from "../src/player/quality-consent.js";
import type { QualitySums } from "../src/player/quality-meter.js";

const SUMS: QualitySums = {
  startupMs: 700,
  watchedMs: 2000,
  stalls: 0,
  stalledMs: 0,
  switchesUp: 0,
  switchesDown: 0,
  droppedFrames: 1,
  decodedFrames: 60,
  errors: {},
};
const FACTS = {
  channel: "ada",
  language: "de-AT",
  player: "hls.js",
  bitrateBps: 3_200_400,
  latencyMs: 1810.4,
} as const;

interface Sent {
  readonly seq: number;
  readonly session: string;
  readonly bitrateKbps: number;
  readonly latencyMs: number;
  readonly total: QualitySums;
  readonly told: QualitySums | null;
}

async function teller(statuses: readonly (number | null)[]) {
  const { QualityBeacon } = await import("../src/player/quality-beacon.js");
  const sent: Sent[] = [];
  const left = [...statuses];
  const beacon = new QualityBeacon("aaaaaaaaaaaa", (_, { body }) => {
    sent.push(JSON.parse(body as string) as Sent);
    const status = left.shift() ?? null;
    return status === null ? Promise.reject(new TypeError("offline")) : Promise.resolve({ status });
  });
  return { beacon, sent };
}

describe("QualityBeacon", () => {
  beforeEach(() => {
    vi.resetModules();
  });

  it("says what was confirmed, and only that", async () => {
    const { beacon, sent } = await teller([204, null, 429, 204]);
    const later = [2000, 4000, 6000, 8000].map((watchedMs) => ({ ...SUMS, watchedMs }));
    for (const sums of later) await beacon.tell(sums, FACTS);
    expect(sent.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(sent.map(({ told }) => told?.watchedMs)).toEqual([undefined, 2000, 2000, 2000]);
    expect(sent.map(({ total }) => total.watchedMs)).toEqual([2000, 4000, 6000, 8000]);
    expect(new Set(sent.map(({ session }) => session))).toEqual(new Set(["aaaaaaaaaaaa"]));
    expect(sent[0]).toMatchObject({ bitrateKbps: 3200, latencyMs: 1810, player: "hls.js" });
  });

  it("says nothing twice, and fits into what the server takes", async () => {
    const { beacon, sent } = await teller([204, 204]);
    await beacon.tell(SUMS, FACTS);
    await beacon.tell({ ...SUMS }, FACTS);
    expect(sent).toHaveLength(1);
    expect(JSON.stringify(sent[0]).length).toBeLessThan(600);
  });

  it("goes on by another session where the former one ended, and repeats nothing", async () => {
    const { beacon, sent } = await teller([204, null, 204]);
    await beacon.tell(SUMS, FACTS);
    const later = { ...SUMS, watchedMs: 5000 };
    await beacon.tell(later, FACTS);
    const next = beacon.continuedBy("bbbbbbbbbbbb");
    await next.tell(later, FACTS);
    await next.tell({ ...SUMS, watchedMs: 9000 }, FACTS);
    expect(sent.map(({ session }) => session[0])).toEqual(["a", "a", "b"]);
    expect(sent[2]).toMatchObject({ seq: 1, told: later, total: { watchedMs: 9000 } });
  });

  it("begins with nothing told by the first session that there is", async () => {
    const { beacon, sent } = await teller([204]);
    await beacon.continuedBy("bbbbbbbbbbbb").tell(SUMS, FACTS);
    expect(sent[0]).toMatchObject({ session: "bbbbbbbbbbbb", told: null });
  });

  it("is quiet for good where nobody listens", async () => {
    const { beacon, sent } = await teller([404]);
    await beacon.tell(SUMS, FACTS);
    await beacon.tell({ ...SUMS, watchedMs: 9 }, FACTS);
    expect(sent).toHaveLength(1);
  });
});

describe("consent", () => {
  it("follows what the browser asks for", () => {
    expect(isAskedNotTo({ globalPrivacyControl: true })).toBe(true);
    expect(isAskedNotTo({ doNotTrack: "1" })).toBe(true);
    expect(isAskedNotTo({ doNotTrack: null, globalPrivacyControl: false })).toBe(false);
  });
});
