import { expect, test } from "vitest";

import { accessSaid, mayPlay } from "../src/channels/access.js";
import { channelView } from "./channel-view.js";

test.each(["public", "unlisted"] as const)("a %s channel is watched without a token", (visibility) => {
  expect(accessSaid(channelView(visibility, {}))).toEqual({ kind: "open" });
});

test.each(["followers", "private"] as const)("leave is asked for a %s channel", (visibility) => {
  expect(accessSaid(channelView(visibility, {}))).toBe("ask-leave");
});

test("who could follow is told to; who is shut out is refused", () => {
  const stranger = channelView("followers", { mayWatch: false });
  expect(accessSaid(stranger)).toEqual({ kind: "for-followers" });
  const banned = channelView("followers", { mayWatch: false, mayFollow: false });
  expect(accessSaid(banned)).toEqual({ kind: "refused" });
  expect(accessSaid(channelView("public", { mayWatch: false }))).toEqual({ kind: "refused" });
});

test("the owner of a closed channel is told why nobody may watch it", () => {
  const closed = { ...channelView("public", { isOwner: true, mayWatch: false }), ban: { at: "", reason: "spam" } };
  expect(accessSaid(closed)).toEqual({ kind: "closed", reason: "spam" });
  expect(mayPlay({ kind: "closed", reason: "spam" })).toBe(false);
});

test("a show that is open plays before everything is known of it", () => {
  expect(mayPlay({ kind: "asking" })).toBe(true);
  expect(mayPlay({ kind: "leave", token: "abc" })).toBe(true);
  expect(mayPlay({ kind: "over" })).toBe(false);
});
