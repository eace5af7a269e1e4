import { expect, test } from "vitest";

import { isChannelName } from "../src/channel-name.js";
import { routeOf } from "../src/route.js";

test("the root is home", () => {
  expect(routeOf("/")).toEqual({ page: "home" });
});

test("one segment that can be a name is a channel, with or without a slash behind it", () => {
  expect(routeOf("/studio")).toEqual({ page: "channel", channel: "studio" });
  expect(routeOf("/studio/")).toEqual({ page: "channel", channel: "studio" });
});

test.each(["/api", "/Live", "/live", "/-x", "/a.b", "/a/b", "/%20"])("%s is no page", (path) => {
  expect(routeOf(path)).toEqual({ page: "not-found", path });
});

test("names are 1 to 64 characters", () => {
  expect(isChannelName("")).toBe(false);
  expect(isChannelName("a")).toBe(true);
  expect(isChannelName("a".repeat(64))).toBe(true);
  expect(isChannelName("a".repeat(65))).toBe(false);
});
