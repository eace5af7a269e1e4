import type { ReactiveControllerHost } from "lit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { ChannelView, Visibility } from "../src/api/channel-names.js";
import { ApiClient } from "../src/api/client.js";
import { ChannelAccess } from "../src/channels/channel-access.js";
import { ServerClock } from "../src/status/server-clock.js";
import { channelView } from "./channel-view.js";

const HOUR_MS = 3_600_000;

class Host implements ReactiveControllerHost {
  readonly updateComplete = Promise.resolve(true);
  addController(): void {
    // Connected from the start, and for good.
  }
  removeController(): void {
    // As above.
  }
  requestUpdate(): void {
    // Tests read the controller itself.
  }
}

/** A server that knows one channel, and gives leave until it is told not to. */
class Server {
  view: ChannelView | null;
  given = 0;
  refusal: number | null = null;

  constructor(visibility: Visibility, standing: Partial<ChannelView["standing"]> = {}) {
    this.view = channelView(visibility, standing);
  }

  readonly respond = (url: string, request: RequestInit): Promise<Response> => {
    if (request.method === "GET") {
      return Promise.resolve(
        this.view === null ? problem(404) : Response.json(this.view, { headers: { ETag: '"1-a"' } }),
      );
    }
    expect(url).toBe("/api/v1/channels/studio/playback");
    if (this.refusal !== null) return Promise.resolve(problem(this.refusal));
    this.given += 1;
    return Promise.resolve(
      Response.json({
        channel: channelView("private", {}),
        hls: `/live/~token${this.given}/studio/index.m3u8`,
        dash: `/live/~token${this.given}/studio/manifest.mpd`,
        expiresAt: new Date(Date.now() + 12 * HOUR_MS).toISOString(),
      }),
    );
  };
}

function problem(status: number): Response {
  return Response.json({ status, title: "No", code: "no" }, { status });
}

async function looking(server: Server, link: string | null = null): Promise<ChannelAccess> {
  vi.stubGlobal("fetch", server.respond);
  const access = new ChannelAccess(new Host(), new ApiClient(), new ServerClock());
  access.look("studio", link);
  await settled();
  return access;
}

/** Lets everything be answered that can be answered now. */
async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("an open channel is watched without asking for leave", async () => {
  const server = new Server("public");
  const access = await looking(server);
  expect(access.access).toEqual({ kind: "open" });
  expect([access.token, access.etag, server.given]).toEqual([null, '"1-a"', 0]);
});

test("leave for a private channel is renewed before it ends", async () => {
  const server = new Server("private");
  const access = await looking(server);
  expect(access.token).toBe("token1");
  await vi.advanceTimersByTimeAsync(12 * HOUR_MS - 20 * 60_000);
  expect(access.token).toBe("token1");
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(access.token).toBe("token2");
});

test("whoever is shut out while the show went away is told so", async () => {
  const server = new Server("private");
  const access = await looking(server);
  server.refusal = 403;
  access.doubt();
  await settled();
  expect(access.access).toEqual({ kind: "over" });
});

test("a server that is away takes no leave back", async () => {
  const server = new Server("private");
  const access = await looking(server);
  server.refusal = 503;
  access.doubt();
  await settled();
  expect(access.token).toBe("token1");
  server.refusal = null;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(access.token).toBe("token2");
});

test("a link opens a channel that is otherwise not there", async () => {
  const server = new Server("private");
  server.view = null;
  expect((await looking(server)).access).toEqual({ kind: "not-found" });
  expect((await looking(server, "abc")).token).toBe("token1");
  server.refusal = 404;
  expect((await looking(server, "abc")).access).toEqual({ kind: "bad-link" });
});
