import { expect, test } from "vitest";

import { hasOnlyMoved, sourceOf } from "../src/player/source.js";
import { tokenOf, withToken } from "../src/player/token-path.js";
import type { ChannelStatus } from "../src/status/channel-status.js";

function live(playlist: string, revision = 1): ChannelStatus {
  return {
    channel: "studio",
    state: "live",
    startedAtMs: 1_000,
    revision,
    playlist,
    partTargetMs: 200,
    serverTimeMs: 2_000,
    tracks: [],
  };
}

function loaded(status: ChannelStatus): { key: string; url: string } {
  const source = sourceOf(status, null);
  if (typeof source === "string") throw new Error(source);
  return source;
}

test("another token moves the source, and nothing is loaded anew", () => {
  const source = loaded(live("/live/~one/studio/index.m3u8"));
  const moved = sourceOf(live("/live/~other/studio/index.m3u8"), source);
  if (typeof moved === "string") throw new Error(moved);
  expect(hasOnlyMoved(source, moved)).toBe(true);
  expect(hasOnlyMoved(source, { ...moved, key: "another broadcast" })).toBe(false);
});

test("a channel that becomes private, or is open again, is loaded anew", () => {
  const open = loaded(live("/live/studio/index.m3u8"));
  const closed = loaded(live("/live/~one/studio/index.m3u8"));
  expect(hasOnlyMoved(open, closed)).toBe(false);
  expect(hasOnlyMoved(closed, open)).toBe(false);
});

test("a token is read from an address and put into older ones", () => {
  expect(tokenOf("/live/studio/index.m3u8")).toBeNull();
  expect(tokenOf("https://example.org/live/~a.b/studio/index.m3u8")).toBe("a.b");
  expect(withToken("/live/~a/studio/v/part-1.m4s?x=1", "b$1")).toBe("/live/~b$1/studio/v/part-1.m4s?x=1");
  expect(withToken("/live/studio/index.m3u8", "b")).toBe("/live/studio/index.m3u8");
});
