import { expect, test } from "vitest";

import type { ChannelCard } from "../src/api/channel-names.js";
import { artworkSources } from "../src/home/artwork.js";
import { othersLive } from "../src/home/directory-watch.js";
import { personal, reasonText } from "../src/home/recommended.js";

function card(id: string): ChannelCard {
  return {
    id,
    name: id,
    title: id,
    category: null,
    tags: [],
    language: null,
    isMature: false,
    artwork: [],
    visibility: "public",
    followerCount: 0,
    viewerCount: 0,
    isLive: true,
    liveSince: null,
    lastLiveAt: null,
  };
}

test("a channel that is followed is not listed twice", () => {
  const lists = {
    live: [card("a"), card("b"), card("c")],
    followed: [card("b")],
    recommended: [{ channel: card("c"), reason: "tag", subject: "go", isFollowed: false }],
    recent: [],
    categories: [],
  } as const;
  expect(othersLive(lists).map(({ id }) => id)).toEqual(["a"]);
});

test("what is recommended for no reason of one's own, or followed, is not recommended again", () => {
  const known = { channel: card("a"), subject: null };
  expect(
    personal([
      { ...known, reason: "popular", isFollowed: false },
      { ...known, reason: "followed", isFollowed: true },
      { ...known, reason: "watched", isFollowed: false },
    ]).map(({ reason }) => reason),
  ).toEqual(["watched"]);
});

test("reasons are told in words", () => {
  const known = { channel: card("a"), isFollowed: false };
  expect(reasonText({ ...known, reason: "category", subject: "gaming" })).toBe(
    "Because you watch Gaming",
  );
  expect(reasonText({ ...known, reason: "tag", subject: "go" })).toBe("Because you watch #go");
  expect(reasonText({ ...known, reason: "language", subject: "pt" })).toBe("In Portuguese");
});

test("browsers choose among a picture's widths", () => {
  expect(artworkSources([])).toBeNull();
  const pictures = [
    { width: 320, url: "/p/a-320.webp" },
    { width: 640, url: "/p/a-640.webp" },
  ];
  expect(artworkSources(pictures)).toEqual({
    src: "/p/a-320.webp",
    srcset: "/p/a-320.webp 320w, /p/a-640.webp 640w",
  });
});
