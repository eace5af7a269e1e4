import { afterEach, expect, test, vi } from "vitest";

import { fetchSession, sessionIn, sessionOf, withSession } from "../src/player/session-name.js";
import { withToken } from "../src/player/token-path.js";

const PLAYLIST = `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",NAME="Sound",URI="e1/audio/index.m3u8?s=k3J0c2Vz_-lv"
#EXT-X-STREAM-INF:BANDWIDTH=4000000,AUDIO="aac"
e1/video/index.m3u8?s=k3J0c2Vz_-lv
`;

afterEach(() => {
  vi.unstubAllGlobals();
});

test("a session stands in the addresses of media playlists", () => {
  const url = "https://a.example/live/studio/e1/video/index.m3u8?s=k3J0c2Vz_-lv";
  expect(sessionOf(url)).toBe("k3J0c2Vz_-lv");
  expect(sessionOf(`${url}&_HLS_msn=5`)).toBe("k3J0c2Vz_-lv");
  expect(sessionOf(withToken(url.replace("/live/", "/live/~a/"), "b"))).toBe("k3J0c2Vz_-lv");
  for (const other of ["", "/index.m3u8", "?s=short", "?s=k3J0c2Vz_-lv0", "?ss=k3J0c2Vz_-lv", "#?s=k3J0c2Vz_-lv"])
    expect(sessionOf(other)).toBeNull();
});

test("a session is read from the playlist that lists them, and from no other", () => {
  expect(sessionIn(PLAYLIST)).toBe("k3J0c2Vz_-lv");
  expect(sessionIn(PLAYLIST.split("\n").slice(3).join("\n"))).toBe("k3J0c2Vz_-lv");
  expect(sessionIn(PLAYLIST.replaceAll("?s=k3J0c2Vz_-lv", ""))).toBeNull();
  expect(sessionIn("not live")).toBeNull();
});

test("a system's player is told which session to go on with", () => {
  expect(withSession("/live/studio/index.m3u8", "k3J0c2Vz_-lv")).toBe("/live/studio/index.m3u8?s=k3J0c2Vz_-lv");
  expect(withSession("/live/studio/index.m3u8", null)).toBe("/live/studio/index.m3u8");
});

test("nothing goes wrong where there is no session to have", async () => {
  const answers = [
    () => Promise.resolve(new Response(PLAYLIST)),
    () => Promise.resolve(new Response("", { status: 404 })),
    () => Promise.reject(new TypeError("offline")),
  ];
  vi.stubGlobal("fetch", () => answers.shift()?.());
  expect(await fetchSession("/live/studio/index.m3u8")).toBe("k3J0c2Vz_-lv");
  expect(await fetchSession("/live/studio/index.m3u8")).toBeNull();
  expect(await fetchSession("/live/studio/index.m3u8")).toBeNull();
});
