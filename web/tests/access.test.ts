import { expect, test } from "vitest";

import type { ChannelView, Visibility } from "../src/api/channel-names.js";
import { accessSaid, mayPlay } from "../src/channels/access.js";

function channel(visibility: Visibility, standing: Partial<ChannelView["standing"]>): ChannelView {
  return {
    id: "chn_1",
    name: "studio",
    title: "Studio",
    description: "",
    category: null,
    tags: [],
    language: null,
    isMature: false,
    artwork: [],
    visibility,
    followerCount: 0,
    viewerCount: 0,
    isLive: false,
    liveSince: null,
    lastLiveAt: null,
    latencyProfile: "normal",
    graceS: 60,
    createdAt: "2026-11-21T17:00:00.000Z",
    ownerId: "acc_1",
    ban: null,
    standing: {
      isOwner: false,
      isModerator: false,
      isFollowing: false,
      mayFollow: true,
      mayWatch: true,
      ...standing,
    },
  };
}

test.each(["public", "unlisted"] as const)("a %s channel is watched without a token", (visibility) => {
  expect(accessSaid(channel(visibility, {}))).toEqual({ kind: "open" });
});

test.each(["followers", "private"] as const)("leave is asked for a %s channel", (visibility) => {
  expect(accessSaid(channel(visibility, {}))).toBe("ask-leave");
});

test("who could follow is told to; who is shut out is refused", () => {
  const stranger = channel("followers", { mayWatch: false });
  expect(accessSaid(stranger)).toEqual({ kind: "for-followers" });
  const banned = channel("followers", { mayWatch: false, mayFollow: false });
  expect(accessSaid(banned)).toEqual({ kind: "refused" });
  expect(accessSaid(channel("public", { mayWatch: false }))).toEqual({ kind: "refused" });
});

test("a show that is open plays before everything is known of it", () => {
  expect(mayPlay({ kind: "asking" })).toBe(true);
  expect(mayPlay({ kind: "leave", token: "abc" })).toBe(true);
  expect(mayPlay({ kind: "over" })).toBe(false);
});
