import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { CLOSE_CODES, reconnectDelayMs } from "../src/events/back-off.js";
import type { Carrier, CarrierListener } from "../src/events/carrier.js";
import { EventLine } from "../src/events/event-line.js";
import { TopicCounts } from "../src/events/topic-counts.js";
import type { WireMessage } from "../src/events/wire-message.js";
import { readMessage } from "../src/events/wire-message.js";

class Tab extends EventTarget {
  hidden = false;
}

/** A connection that the test is the other end of. */
class Connection implements Carrier {
  readonly sent: Record<string, unknown>[] = [];
  isClosed = false;
  readonly takesCommands: boolean;
  readonly topics: readonly string[];
  readonly after: string | null;
  readonly listener: CarrierListener;

  constructor(takesCommands: boolean, topics: readonly string[], after: string | null, listener: CarrierListener) {
    this.takesCommands = takesCommands;
    this.topics = topics;
    this.after = after;
    this.listener = listener;
  }

  send(command: object): void {
    this.sent.push({ ...command });
  }

  close(): void {
    this.isClosed = true;
  }

  say(message: object): void {
    this.listener.onMessage(message as WireMessage);
  }

  /** Answers the subscriptions that have not been answered. */
  grant(resumed?: string): void {
    for (const { topics, after, ref } of this.sent.splice(0)) {
      if (topics !== undefined) this.say({ type: "subscribed", ref, topics, refused: [], ...(after === undefined ? {} : { resumed }) });
    }
  }
}

interface Setup {
  readonly line: EventLine;
  readonly sockets: Connection[];
  readonly streams: Connection[];
  readonly tab: Tab;
  readonly network: EventTarget;
  readonly onSignedOut: ReturnType<typeof vi.fn>;
}

function setUp(): Setup {
  const sockets: Connection[] = [];
  const streams: Connection[] = [];
  const tab = new Tab();
  const network = new EventTarget();
  const onSignedOut = vi.fn();
  const opens = (list: Connection[], takesCommands: boolean) =>
    (topics: readonly string[], after: string | null, listener: CarrierListener): Carrier => {
      const connection = new Connection(takesCommands, topics, after, listener);
      list.push(connection);
      return connection;
    };
  const ways = [opens(sockets, true), opens(streams, false)];
  const line = new EventLine({ ways, tab, network, onSignedOut });
  line.permit();
  return { line, sockets, streams, tab, network, onSignedOut };
}

function last(list: readonly Connection[]): Connection {
  const connection = list.at(-1);
  if (connection === undefined) throw new Error("nothing was opened");
  return connection;
}

function event(id: string, topics: string[] = ["live"]): object {
  return { type: "channel.offline", version: 1, id, topics, at: "2026-11-21T15:29:20.123Z", channel: "studio", broadcastId: "b" };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("nothing is opened before somebody wants a topic, nor before it is known who listens", () => {
  const { line, sockets } = setUp();
  expect(sockets).toHaveLength(0);
  line.forbid();
  const stop = line.hear("live", {});
  expect(sockets).toHaveLength(0);
  line.permit();
  expect(sockets).toHaveLength(1);
  stop();
  expect(last(sockets).isClosed).toBe(true);
});

test("one connection serves all, and a topic is asked for once", () => {
  const { line, sockets } = setUp();
  const heard: string[] = [];
  line.hear("live", { onEvent: ({ id }) => heard.push(`one ${id}`) });
  const stop = line.hear("live", { onEvent: ({ id }) => heard.push(`two ${id}`) });
  last(sockets).say({ type: "welcome", id: "r-0-0", pingS: 25 });
  expect(last(sockets).sent).toEqual([{ type: "subscribe", topics: ["live"], ref: 1 }]);
  last(sockets).grant();
  last(sockets).say(event("r-1-1"));
  stop();
  last(sockets).say(event("r-2-2"));
  expect(heard).toEqual(["one r-1-1", "two r-1-1", "one r-2-2"]);
  expect(sockets).toHaveLength(1);
  expect(last(sockets).sent).toEqual([]);
});

test("a leave goes with its topic, and into no address", () => {
  const { line, sockets, streams } = setUp();
  const stop = line.hear("chat:shut", {}, "token");
  line.hear("live", {});
  last(sockets).say({ type: "welcome", id: "r-0-0" });
  const topics = ["chat:shut", "live"];
  expect(last(sockets).sent).toEqual([{ type: "subscribe", topics, ref: 1, leave: "token" }]);
  for (let end = 0; streams.length === 0; end += 1) {
    last(sockets).listener.onEnd(1006);
    vi.advanceTimersByTime(60_000);
    expect(end).toBeLessThan(10);
  }
  expect(last(streams).topics).toEqual(["live"]);
  stop();
  line.hear("chat:shut", {});
  last(streams).listener.onEnd(1006);
  vi.advanceTimersByTime(60_000);
  expect(last([...sockets, ...streams.slice(1)]).topics).toEqual(["live", "chat:shut"]);
});

test("after an end it resumes where it was, and no event is told twice", () => {
  const { line, sockets } = setUp();
  const heard: string[] = [];
  const begun: string[] = [];
  line.hear("live", { onEvent: ({ id }) => heard.push(id), onBegin: (resumed) => begun.push(resumed) });
  last(sockets).say({ type: "welcome", id: "r-0-0" });
  last(sockets).grant();
  last(sockets).say(event("r-1-1"));
  last(sockets).listener.onEnd(CLOSE_CODES.goingAway);
  expect(line.isConnected).toBe(false);
  vi.advanceTimersByTime(1_000);
  last(sockets).say({ type: "welcome", id: "s-0-1" });
  expect(last(sockets).sent).toEqual([{ type: "subscribe", topics: ["live"], ref: 2, after: "r-1-1" }]);
  last(sockets).grant("exact");
  last(sockets).say(event("r-1-1"));
  last(sockets).say(event("r-2-2"));
  expect(heard).toEqual(["r-1-1", "r-2-2"]);
  expect(begun).toEqual(["none", "exact"]);
});

test("a connection that breaks before any event resumes from the welcome", () => {
  const { line, sockets } = setUp();
  line.hear("live", {});
  last(sockets).say({ type: "welcome", id: "r-5-5" });
  last(sockets).grant();
  last(sockets).listener.onEnd(1006);
  vi.advanceTimersByTime(1_000);
  last(sockets).say({ type: "welcome", id: "r-9-9" });
  expect(last(sockets).sent).toMatchObject([{ after: "r-5-5" }]);
});

test("a topic that was not told before is not resumed", () => {
  const { line, sockets } = setUp();
  line.hear("live", {});
  last(sockets).say({ type: "welcome", id: "r-5-5" });
  last(sockets).grant();
  last(sockets).listener.onEnd(1006);
  line.hear("channel:studio", {});
  vi.advanceTimersByTime(1_000);
  last(sockets).say({ type: "welcome", id: "r-9-9" });
  expect(last(sockets).sent).toMatchObject([
    { topics: ["live"], after: "r-5-5" },
    { topics: ["channel:studio"] },
  ]);
  expect(last(sockets).sent[1]).not.toHaveProperty("after");
});

test("events of one fact that share an id are all told", () => {
  const { line, sockets } = setUp();
  const heard: string[] = [];
  line.hear("live", { onEvent: ({ topics }) => heard.push(...topics) });
  line.hear("channel:studio", { onEvent: ({ topics }) => heard.push(...topics) });
  last(sockets).say({ type: "welcome", id: "r-0-0" });
  last(sockets).grant();
  last(sockets).say(event("0-0-7", ["live"]));
  last(sockets).say(event("0-0-7", ["channel:studio"]));
  expect(heard).toEqual(["live", "channel:studio"]);
});

test("where no WebSocket comes through, server-sent events take its place", () => {
  const { line, sockets, streams } = setUp();
  const begun: string[] = [];
  line.hear("live", { onBegin: (resumed) => begun.push(resumed) });
  last(sockets).listener.onEnd(1006);
  vi.advanceTimersByTime(2_000);
  last(sockets).listener.onEnd(1006);
  vi.advanceTimersByTime(3_000);
  expect(streams).toHaveLength(1);
  expect(last(streams).topics).toEqual(["live"]);
  last(streams).say({ type: "welcome", id: "r-3-3" });
  expect(begun).toEqual(["none"]);
  expect(line.takesCommands).toBe(false);
  line.hear("channel:studio", {});
  vi.advanceTimersByTime(100);
  expect(streams).toHaveLength(2);
  expect(last(streams).topics).toEqual(["live", "channel:studio"]);
  expect(last(streams).after).toBe("r-3-3");
});

test("a silent connection is asked for a sign of life, and given up without one", () => {
  const { line, sockets } = setUp();
  line.hear("live", {});
  last(sockets).say({ type: "welcome", id: "r-0-0", pingS: 10 });
  last(sockets).grant();
  vi.advanceTimersByTime(10_000);
  expect(last(sockets).sent).toEqual([{ type: "ping" }]);
  last(sockets).say({ type: "pong" });
  vi.advanceTimersByTime(10_000);
  expect(last(sockets).isClosed).toBe(false);
  vi.advanceTimersByTime(10_000);
  expect(sockets[0]?.isClosed).toBe(true);
  vi.advanceTimersByTime(1_000);
  expect(sockets).toHaveLength(2);
});

test("a page that wakes up finds out soon that its connection is dead", () => {
  const { line, sockets, tab } = setUp();
  line.hear("live", {});
  last(sockets).say({ type: "welcome", id: "r-0-0", pingS: 25 });
  last(sockets).grant();
  tab.dispatchEvent(new Event("visibilitychange"));
  expect(last(sockets).sent).toEqual([{ type: "ping" }]);
  vi.advanceTimersByTime(5_000);
  expect(sockets.length).toBeGreaterThan(1);
});

test("a network that returns is used at once", () => {
  const { line, sockets, network } = setUp();
  line.hear("live", {});
  last(sockets).listener.onEnd(1006);
  network.dispatchEvent(new Event("online"));
  expect(sockets).toHaveLength(2);
});

test("somebody else who signs in is heard as themselves", () => {
  const { line, sockets, onSignedOut } = setUp();
  line.hear("live", {});
  last(sockets).say({ type: "welcome", id: "r-0-0" });
  last(sockets).grant();
  line.permit();
  expect(sockets).toHaveLength(2);
  expect(sockets[0]?.isClosed).toBe(true);
  last(sockets).listener.onEnd(CLOSE_CODES.signedOut);
  expect(onSignedOut).toHaveBeenCalledOnce();
});

test("a refused topic says why", () => {
  const { line, sockets } = setUp();
  const refused: string[] = [];
  line.hear("me", { onRefused: (code) => refused.push(code) });
  last(sockets).say({ type: "welcome", id: "r-0-0" });
  last(sockets).say({ type: "subscribed", topics: [], refused: [{ topic: "me", code: "sign-in" }] });
  last(sockets).say({ type: "unsubscribed", topics: ["me"], reason: "gone" });
  expect(refused).toEqual(["sign-in", "gone"]);
});

test("a command is answered, or not at all when the connection ends", async () => {
  const { line, sockets } = setUp();
  await expect(line.ask({ type: "ping" })).resolves.toBeNull();
  line.hear("chat:studio", {});
  last(sockets).say({ type: "welcome", id: "r-0-0" });
  last(sockets).grant();
  const refused = line.ask({ type: "say", channel: "studio", text: "hi", replyTo: null });
  const { ref } = last(sockets).sent[0] ?? {};
  last(sockets).say({ type: "error", ref, code: "slow-mode", text: "wait", retryAfterS: 5 });
  await expect(refused).resolves.toMatchObject({ type: "error", code: "slow-mode", retryAfterS: 5 });
  const lost = line.ask({ type: "ping" });
  last(sockets).listener.onEnd(1006);
  await expect(lost).resolves.toBeNull();
});

test("topics are wanted as long as one part of the page wants them", () => {
  const counts = new TopicCounts();
  expect([counts.add("a"), counts.add("a"), counts.remove("a"), counts.remove("a"), counts.remove("a")]).toEqual([
    true, false, false, true, false,
  ]);
});

test("the wait grows with every failure up to a bound, and half of it is chance", () => {
  expect([0, 1, 2, 3, 50].map((failures) => reconnectDelayMs(failures, 1006, 1))).toEqual([
    500, 1_000, 2_000, 4_000, 30_000,
  ]);
  expect(reconnectDelayMs(3, 1006, 0)).toBe(2_000);
  expect(reconnectDelayMs(0, CLOSE_CODES.tooManyCommands, 0)).toBe(60_000);
});

test("what is no message is passed over", () => {
  expect(["", "null", "[]", "{}", '{"type":1}', new Blob()].map(readMessage)).toEqual(Array(6).fill(null));
  expect(readMessage('{"type":"pong"}')).toEqual({ type: "pong" });
});
