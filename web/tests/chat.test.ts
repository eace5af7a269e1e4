import { expect, test } from "vitest";

import { Announcer } from "../src/chat/announcer.js";
import type { ChatMessage } from "../src/chat/chat-message.js";
import { compareIds } from "../src/chat/chat-message.js";
import {
  WINDOW_SIZE,
  WINDOW_STEP,
  heldWindow,
  newerWindow,
  newestWindow,
  olderWindow,
} from "../src/chat/list-window.js";
import { messageRuns } from "../src/chat/message-run.js";
import { NAME_HUES, NAME_SHADES, hueIndex } from "../src/chat/name-colour.js";
import { refusalText, secondsLeft } from "../src/chat/refusal-text.js";
import { Transcript } from "../src/chat/transcript.js";

function message(id: number, accountId = "acc_1"): ChatMessage {
  return {
    id: String(id),
    atMs: id,
    author: { accountId, displayName: accountId, role: "viewer", avatar: null },
    text: `text ${id}`,
    emotes: [],
    mentions: [],
    replyTo: null,
    isAction: false,
    isDeleted: false,
  };
}

function texts(transcript: Transcript): string[] {
  return transcript.slice(transcript.first, transcript.end).map(({ message: { text } }) => text);
}

test("ids are numbers, whatever their length", () => {
  expect(["100", "9", "20", "99"].sort(compareIds)).toEqual(["9", "20", "99", "100"]);
});

test("history and events are one list, each message once and in order", () => {
  const transcript = new Transcript();
  expect(transcript.add([message(10), message(12)])).toBe(2);
  expect(transcript.add([message(9), message(10), message(11), message(12)])).toBe(2);
  expect(texts(transcript)).toEqual(["text 9", "text 10", "text 11", "text 12"]);
});

test("places stay when older messages are added, and when the oldest are forgotten", () => {
  const transcript = new Transcript();
  transcript.add([message(10), message(11), message(12)]);
  const place = transcript.slice(0, 9).find(({ message: { id } }) => id === "11")?.place;
  expect(transcript.addOlder([message(8), message(9), message(10)])).toBe(2);
  expect(transcript.slice(1, 2)[0]?.message.id).toBe("11");
  expect(place).toBe(1);
  transcript.keep(2);
  expect(transcript.slice(1, 2)[0]?.message.id).toBe("11");
  expect(transcript.first).toBe(1);
});

test("a deleted message loses its words, also if it is deleted before it comes", () => {
  const transcript = new Transcript();
  transcript.add([message(1, "a"), message(2, "b"), message(3, "a")]);
  transcript.delete("2");
  transcript.delete("4");
  transcript.add([message(4, "b")]);
  expect(texts(transcript)).toEqual(["text 1", "", "text 3", ""]);
  transcript.clear("a");
  expect(texts(transcript)).toEqual(["", "", "", ""]);
});

test("the run of messages in the page is bounded, whatever there is", () => {
  const extent = { first: 0, end: 10_000 };
  let window = newestWindow(extent);
  expect(window).toEqual({ from: 10_000 - WINDOW_SIZE, until: 10_000 });
  for (let steps = 0; steps < 1_000; steps += 1) {
    window = olderWindow(window, extent);
    expect(window.until - window.from).toBeLessThanOrEqual(WINDOW_SIZE);
  }
  expect(window).toEqual({ from: 0, until: WINDOW_SIZE });
  expect(newerWindow(window, extent)).toEqual({ from: WINDOW_STEP, until: WINDOW_SIZE + WINDOW_STEP });
  expect(newestWindow({ first: -5, end: 3 })).toEqual({ from: -5, until: 3 });
});

test("who reads back stays where they are, however much is said", () => {
  const window = { from: 40, until: 160 };
  expect(heldWindow(window, { first: 0, end: 5_000 })).toEqual(window);
  expect(heldWindow({ from: 0, until: 10 }, { first: 0, end: 11 })).toEqual({ from: 0, until: 11 });
  expect(heldWindow(window, { first: 100, end: 5_000 })).toEqual({ from: 100, until: 220 });
});

test("emotes and names stand where the server found them, and all else is text", () => {
  const text = "@fay :wave: <b>hi</b> https://example.org/x.";
  const runs = messageRuns(
    {
      text,
      mentions: [{ accountId: "acc_fay", displayName: "fay", start: 0, end: 4 }],
      emotes: [{ code: ":wave:", url: "/pictures/wave.webp", start: 5, end: 11 }],
    },
    "acc_fay",
  );
  expect(runs).toEqual([
    { kind: "mention", text: "@fay", isSelf: true },
    { kind: "text", text: " " },
    { kind: "emote", code: ":wave:", url: "/pictures/wave.webp" },
    { kind: "text", text: " <b>hi</b> " },
    { kind: "link", text: "https://example.org/x", href: "https://example.org/x" },
    { kind: "text", text: "." },
  ]);
});

test("places that the text does not have, or that overlap, are passed over", () => {
  const at = (start: number, end: number): { code: string; url: string; start: number; end: number } => ({
    code: "x",
    url: "/x",
    start,
    end,
  });
  const runs = messageRuns({ text: "abcdef", mentions: [], emotes: [at(0, 3), at(2, 4), at(5, 99), at(4, 4)] }, null);
  expect(runs.map(({ kind }) => kind)).toEqual(["emote", "text"]);
});

test("a screen reader hears one message, and of many how many, but always what is for its person", () => {
  const announcer = new Announcer((count) => `${count} new messages.`);
  const say = (name: string, isForMe = false): void => {
    announcer.note({ name, text: "hello", isForMe });
  };
  say("ann");
  expect(announcer.take(0)).toBe("ann: hello");
  say("ann");
  say("bob", true);
  say("cas");
  expect(announcer.take(1_000)).toBeNull();
  expect(announcer.dueMs(1_000)).toBe(4_000);
  expect(announcer.take(4_000)).toBe("3 new messages. bob: hello");
  expect(announcer.take(9_000)).toBeNull();
});

test("names get colours that differ, and the same one each time", () => {
  const used = new Set(Array.from({ length: 500 }, (_, index) => hueIndex(`acc_${index}`)));
  expect([...used].sort((a, b) => a - b)).toEqual(NAME_HUES.map((_, index) => index));
  expect(hueIndex("acc_7")).toBe(hueIndex("acc_7"));
});

test("every colour of a name can be read on every ground that messages have", () => {
  // Surface, raised ground, and the soft accent of messages for the reader: theme.css.
  const grounds = { dark: ["#11191d", "#18232a", "#10302f"], light: ["#ffffff", "#ffffff", "#dff2ef"] };
  for (const theme of ["dark", "light"] as const) {
    const { lightness, chroma } = NAME_SHADES[theme];
    for (const hue of NAME_HUES) {
      const light = luminanceOf(oklch(lightness, chroma, hue));
      for (const ground of grounds[theme]) {
        expect(contrast(light, luminanceOf(hex(ground))), `${theme} ${hue} on ${ground}`).toBeGreaterThan(4.5);
      }
    }
  }
});

test("how long one has to wait is said in seconds, then in minutes, then not at all", () => {
  const refusal = { code: "slow-mode", text: "", untilMs: 10_000, reason: "" };
  expect(secondsLeft(refusal, 4_500)).toBe(6);
  expect(secondsLeft(refusal, 20_000)).toBe(0);
  expect(secondsLeft({ ...refusal, untilMs: null }, 0)).toBeNull();
  expect(refusalText(refusal, 4_500)).toBe("Slow mode is on: one message at a time. Wait 6 s.");
  expect(refusalText({ ...refusal, code: "new-code", text: "Not today.", untilMs: null }, 0)).toBe("Not today.");
});

type Linear = readonly [number, number, number];

function hex(text: string): Linear {
  const part = (from: number): number => {
    const value = parseInt(text.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

/** Linear sRGB of an OKLCH colour (CSS Color 4, 18.1), cut to what screens show. */
function oklch(lightness: number, chroma: number, hue: number): Linear {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const cut = (value: number): number => Math.min(1, Math.max(0, value));
  return [
    cut(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    cut(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    cut(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function luminanceOf([red, green, blue]: Linear): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}
