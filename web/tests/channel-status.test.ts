import { expect, test } from "vitest";

import { mainAudio, mainVideo, readChannelStatus, readLiveChannels } from "../src/status/channel-status.js";
import { MalformedAnswer } from "../src/status/json-reader.js";

const LIVE = {
  channel: "studio",
  state: "live",
  startedAt: "2026-11-21T07:30:00Z",
  revision: 3,
  playlist: "/live/studio/index.m3u8",
  partTargetMs: 334,
  targetDurationS: 2,
  serverTime: "2026-11-21T07:33:20.125Z",
  tracks: [
    { name: "video", kind: "video", codec: "H.264", width: 1280, height: 720, frameRate: 30 },
    { name: "audio", kind: "audio", codec: "AAC", sampleRateHz: 48000, channelCount: 2 },
  ],
};
const OFFLINE = {
  channel: "studio",
  state: "offline",
  startedAt: null,
  revision: 0,
  playlist: null,
  partTargetMs: null,
  targetDurationS: null,
  serverTime: "2026-11-21T07:33:20.125Z",
  tracks: [],
};

test("a live channel's answer is read with its times in milliseconds", () => {
  const status = readChannelStatus(LIVE);
  expect(status.state).toBe("live");
  expect(status.serverTimeMs - (status.startedAtMs ?? 0)).toBe(200_125);
  expect(mainVideo(status)).toEqual({
    kind: "video",
    codec: "H.264",
    width: 1280,
    height: 720,
    frameRate: 30,
  });
  expect(mainAudio(status)?.channelCount).toBe(2);
});

test("an offline channel has neither a playlist nor tracks", () => {
  const status = readChannelStatus(OFFLINE);
  expect(status.playlist).toBeNull();
  expect(mainVideo(status)).toBeNull();
  expect(mainAudio(status)).toBeNull();
});

test("members that this page does not know are no error", () => {
  expect(readChannelStatus({ ...LIVE, viewers: 12 }).revision).toBe(3);
});

test("members that do not apply to a track may be null or absent", () => {
  const status = readChannelStatus({
    ...LIVE,
    tracks: [{ name: "v", kind: "video", codec: "AV1", width: null, sampleRateHz: null }],
  });
  expect(mainVideo(status)).toMatchObject({ width: null, height: null, frameRate: null });
});

test.each([
  ["a list instead of an object", [], /^: expected an object/],
  ["no channel", { ...LIVE, channel: undefined }, /^channel: expected a string, got nothing/],
  ["an unknown state", { ...LIVE, state: "paused" }, /^state: expected one of offline/],
  ["a text for a number", { ...LIVE, revision: "3" }, /^revision: expected a number/],
  ["no time", { ...LIVE, serverTime: "yesterday" }, /^serverTime: expected an RFC 3339 time/],
  ["no tracks", { ...LIVE, tracks: null }, /^tracks: expected a list/],
  ["a strange track", { ...LIVE, tracks: [{ kind: "text", codec: "x" }] }, /^tracks\[0\]\.kind/],
])("%s is refused with the place of the fault", (_, answer, message) => {
  expect(() => readChannelStatus(answer)).toThrow(MalformedAnswer);
  expect(() => readChannelStatus(answer)).toThrow(message);
});

test("a fault in the list of live channels names the channel's index", () => {
  expect(readLiveChannels({ channels: [LIVE] })).toHaveLength(1);
  expect(() => readLiveChannels({ channels: [LIVE, { ...LIVE, state: 1 }] })).toThrow(
    /^channels\[1\]\.state/,
  );
});
