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

test.each([
  ["/sign-in", { page: "sign-in" }],
  ["/reset-password/", { page: "reset-password" }],
  ["/settings", { page: "settings", section: "" }],
  ["/settings/security", { page: "settings", section: "security" }],
  ["/admin/invitations", { page: "admin", section: "invitations" }],
  ["/dashboard", { page: "dashboard", channel: null, section: "", item: null }],
  [
    "/dashboard/studio/keys",
    { page: "dashboard", channel: "studio", section: "keys", item: null },
  ],
  [
    "/dashboard/studio/broadcasts/b1",
    { page: "dashboard", channel: "studio", section: "broadcasts", item: "b1" },
  ],
  ["/dashboard/studio/live", { page: "board", channel: "studio" }],
])("with accounts, %s is a page", (path, route) => {
  expect(routeOf(path)).toEqual(route);
});

test("without accounts there are no such pages, and their words are names where they can be", () => {
  expect(routeOf("/sign-in", "", false)).toEqual({ page: "channel", channel: "sign-in" });
  expect(routeOf("/search", "?q=a", false)).toEqual({ page: "channel", channel: "search" });
  expect(routeOf("/settings", "", false)).toEqual({ page: "not-found", path: "/settings" });
});

test("a search says what is looked for", () => {
  expect(routeOf("/search", "?q=late%20show")).toEqual({ page: "search", query: "q=late+show" });
});

test("whom one follows can be asked for those that are live", () => {
  expect(routeOf("/following", "?live=1")).toEqual({ page: "following", query: "live=1" });
  expect(routeOf("/following", "", false)).toEqual({ page: "channel", channel: "following" });
});

test.each(["/settings/a/b", "/dashboard/a/b/c", "/sign-in/x"])("%s leads nowhere", (path) => {
  expect(routeOf(path)).toEqual({ page: "not-found", path });
});

test("every link in a mail leads to a page of its own", () => {
  for (const page of ["sign-up", "set-up", "reset-password", "confirm-email", "unsubscribe"]) {
    expect(routeOf(`/${page}`)).toEqual({ page });
  }
});
