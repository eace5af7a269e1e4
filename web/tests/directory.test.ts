import { expect, test } from "vitest";

import type { ChannelCard } from "../src/api/channel-names.js";
import { artworkSources } from "../src/home/artwork.js";
import { othersLive } from "../src/home/directory-watch.js";

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
  const lists = { live: [card("a"), card("b")], followed: [card("b")], recent: [], categories: [] };
  expect(othersLive(lists).map(({ id }) => id)).toEqual(["a"]);
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
