import type { ReactiveController, ReactiveControllerHost } from "lit";

import type { BroadcastFigures, ChannelIngest } from "../api/analytics-names.js";
import { ApiProblem } from "../api/api-problem.js";
import type { ChannelView } from "../api/channel-names.js";
import { api } from "../api/server.js";
import type { LiveEvent } from "../events/event-types.js";
import { TopicWatch } from "../events/topic-watch.js";
import { Poller } from "../status/poller.js";
import { MessageRate } from "./message-rate.js";
import type { TrailPoint } from "./viewer-trail.js";
import { trailAfter, trailOf } from "./viewer-trail.js";

const INTERVAL_MS = 5_000;
/** Somebody may look at the screen through a capture of it: it goes on, slower. */
const HIDDEN_INTERVAL_MS = 30_000;
/** What changes slowly is asked for at every so many questions. */
const SLOW_TURNS = 6;
/** Of the last minutes: older latency is not what viewers have now. */
const LATENCY_SPAN_MS = 900_000;

/**
 * All that a streamer's second screen shows: told as it happens, and asked for now and then.
 *
 * What cannot be had stays as it was. Holds the last minutes alone, however long it runs.
 */
export class BoardWatch implements ReactiveController {
  view: ChannelView | null = null;
  /** The last broadcast, which may go on. */
  broadcast: BroadcastFigures | null = null;
  ingest: ChannelIngest | null = null;
  /** Half of the viewers are at most this far behind; null while nobody has measured it. */
  latencyMs: number | null = null;
  viewers: number | null = null;
  trail: readonly TrailPoint[] = [];
  /** Why the channel cannot be shown; what fails later is only late. */
  error: unknown = null;
  isLate = false;

  readonly #host: ReactiveControllerHost;
  readonly #rate = new MessageRate();
  readonly #channelTopic: TopicWatch;
  readonly #chatTopic: TopicWatch;
  #channel = "";
  #poller: Poller | null = null;
  #turn = 0;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    this.#channelTopic = new TopicWatch(host, { onEvent: (event) => { this.#take(event); } });
    this.#chatTopic = new TopicWatch(host, {
      onEvent: ({ type }) => {
        if (type === "chat.message") this.#rate.note(Date.now());
      },
    });
    host.addController(this);
  }

  get isLive(): boolean {
    return this.view?.isLive === true;
  }

  /** Messages in the last minute, while the page has heard of them. */
  messagesWithin(nowMs: number): number {
    return this.#rate.within(nowMs);
  }

  /** Watches another channel, from nothing. */
  watch(channel: string): void {
    if (channel === this.#channel) return;
    this.#stop();
    this.#channel = channel;
    if (channel !== "") this.#start(channel);
  }

  hasten(): void {
    this.#turn = 0;
    this.#poller?.hasten();
  }

  hostDisconnected(): void {
    this.#stop();
    this.#channel = "";
  }

  #start(channel: string): void {
    this.view = null;
    this.broadcast = null;
    this.ingest = null;
    this.latencyMs = null;
    this.viewers = null;
    this.trail = [];
    this.error = null;
    this.#turn = 0;
    this.#channelTopic.hear(`channel:${channel}`);
    this.#chatTopic.hear(`chat:${channel}`);
    this.#poller = new Poller({
      poll: (signal) => this.#ask(channel, signal),
      whenHidden: HIDDEN_INTERVAL_MS,
      intervalMs: INTERVAL_MS,
    });
    this.#poller.start();
  }

  #stop(): void {
    this.#poller?.stop();
    this.#poller = null;
  }

  #take(event: LiveEvent): void {
    switch (event.type) {
      case "channel.viewers":
        this.#count(event.viewers);
        break;
      case "channel.live":
      case "channel.offline":
      case "channel.changed":
      case "publisher.findings":
        this.hasten();
        break;
      default:
        return;
    }
    this.#host.requestUpdate();
  }

  #count(viewers: number): void {
    this.viewers = viewers;
    this.trail = trailAfter(this.trail, Date.now(), viewers);
  }

  async #ask(channel: string, signal: AbortSignal): Promise<number> {
    const isSlowTurn = this.#turn % SLOW_TURNS === 0;
    this.#turn += 1;
    const wasLive = this.isLive;
    try {
      const { body } = await api.get("/channels/{channel}", { path: { channel }, signal });
      this.view = body;
      this.error = null;
      this.isLate = false;
      // The channel's own count is seconds old; what was told is newer.
      const isTold = this.#channelTopic.isTold && this.viewers !== null;
      if (body.isLive) this.#count(isTold ? (this.viewers ?? 0) : body.viewerCount);
      else {
        this.viewers = null;
        this.trail = [];
      }
      if (isSlowTurn || body.isLive !== wasLive) await this.#askSlowly(channel, body.isLive, signal);
      if (body.isLive && this.trail.length < 2) await this.#keep(this.#askTrail(channel, signal));
      await this.#keep(this.#askIngest(channel, body.isLive, signal));
      return INTERVAL_MS;
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
      throw error;
    } finally {
      if (!signal.aborted) this.#host.requestUpdate();
    }
  }

  async #askSlowly(channel: string, isLive: boolean, signal: AbortSignal): Promise<void> {
    const path = { channel };
    const nowMs = Date.now();
    await Promise.all([
      this.#keep(
        api
          .get("/channels/{channel}/analytics/broadcasts", { path, query: { limit: 1 }, signal })
          .then(({ body }) => { this.broadcast = body.items[0] ?? null; }),
      ),
      this.#keep(
        isLive
          ? api
              .get("/channels/{channel}/analytics/quality", {
                path,
                query: { from: new Date(nowMs - LATENCY_SPAN_MS).toISOString(), step: "minute" },
                signal,
              })
              .then(({ body }) => { this.latencyMs = body.total.latencyMs?.p50 ?? null; })
          : Promise.resolve(),
      ),
    ]);
  }

  /** What was before this page was opened. */
  async #askTrail(channel: string, signal: AbortSignal): Promise<void> {
    const { body } = await api.get("/channels/{channel}/analytics/live", {
      path: { channel },
      signal,
    });
    this.trail = trailOf(body.samples);
    this.#count(body.viewers);
  }

  async #askIngest(channel: string, isLive: boolean, signal: AbortSignal): Promise<void> {
    if (!isLive) {
      this.ingest = null;
      return;
    }
    const { body } = await api.get("/channels/{channel}/ingest", { path: { channel }, signal });
    this.ingest = body;
  }

  /** Waits for one of several answers, each of which may fail alone. */
  async #keep(answer: Promise<unknown>): Promise<void> {
    try {
      await answer;
    } catch {
      // What was known before is still shown.
    }
  }

  #fail(error: unknown): void {
    const isRefused = error instanceof ApiProblem && (error.status === 403 || error.status === 404);
    if (isRefused || this.view === null) this.error = error;
    else this.isLate = true;
  }
}
