import type { ReactiveController, ReactiveControllerHost } from "lit";

import type { ChannelIngest } from "../api/analytics-names.js";
import { ApiProblem } from "../api/api-problem.js";
import type { ChannelView } from "../api/channel-names.js";
import { api } from "../api/server.js";
import type { LiveEvent } from "../events/event-types.js";
import type { TopicListener } from "../events/event-line.js";
import { TopicWatch } from "../events/topic-watch.js";
import { Poller } from "../status/poller.js";
import { serverClock } from "../status/server.js";
import { LiveFigures } from "./live-figures.js";

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
  figures = new LiveFigures();
  ingest: ChannelIngest | null = null;
  /** Half of the viewers are at most this far behind; null while nobody has measured it. */
  latencyMs: number | null = null;
  /** Why the channel cannot be shown; what fails later is only late. */
  error: unknown = null;
  isLate = false;

  readonly #host: ReactiveControllerHost;
  readonly #channelTopic: TopicWatch;
  readonly #chatTopic: TopicWatch;
  readonly #ownTopic: TopicWatch;
  #channel = "";
  #poller: Poller | null = null;
  #turn = 0;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    const listener: TopicListener = {
      onEvent: (event) => { this.#take(event); },
      onBegin: (resumed) => {
        if (resumed !== "exact") this.#poller?.hasten();
      },
    };
    this.#channelTopic = new TopicWatch(host, listener);
    this.#chatTopic = new TopicWatch(host, listener);
    this.#ownTopic = new TopicWatch(host, { onEvent: (event) => { this.#take(event); } });
    host.addController(this);
  }

  get isLive(): boolean {
    return this.view?.isLive === true;
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
    this.figures = new LiveFigures();
    this.ingest = null;
    this.latencyMs = null;
    this.error = null;
    this.isLate = false;
    this.#turn = 0;
    this.#channelTopic.hear(`channel:${channel}`);
    this.#chatTopic.hear(`chat:${channel}`);
    this.#ownTopic.hear(null);
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
        this.figures.count(event.viewers, Date.parse(event.at));
        break;
      case "chat.message":
        // The next tick shows it: hundreds a second are not drawn one by one.
        this.figures.noteMessage(Date.parse(event.at));
        return;
      case "follower.gained":
        if (event.channel !== this.view?.name) return;
        this.figures.noteFollower(Date.parse(event.at));
        break;
      case "channel.live":
      case "channel.offline":
      case "channel.changed":
      case "publisher.findings":
        this.#poller?.hasten();
        break;
      default:
        return;
    }
    this.#host.requestUpdate();
  }

  async #ask(channel: string, signal: AbortSignal): Promise<number> {
    const isSlowTurn = this.#turn % SLOW_TURNS === 0;
    this.#turn += 1;
    const wasLive = this.isLive;
    try {
      const { body } = await api.get("/channels/{channel}", { path: { channel }, signal });
      this.view = body;
      this.error = null;
      // Who follows is told to the owner alone; others are answered every few seconds.
      this.#ownTopic.hear(body.standing.isOwner ? "me" : null);
      if (body.isLive) {
        this.isLate = !(await this.#askLive(channel, body.viewerCount, signal));
        const isDue = isSlowTurn || !wasLive;
        await Promise.all([
          ...(isDue ? [this.#keep(this.#askLatency(channel, signal))] : []),
          this.#keep(this.#askIngest(channel, signal)),
        ]);
      } else {
        this.isLate = false;
        this.ingest = null;
        this.latencyMs = null;
        this.figures.end();
      }
      return INTERVAL_MS;
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
      throw error;
    } finally {
      if (!signal.aborted) this.#host.requestUpdate();
    }
  }

  /** Asks for what was before this page was opened, or was not told. */
  async #askLive(channel: string, viewerCount: number, signal: AbortSignal): Promise<boolean> {
    const sentMs = Date.now();
    return this.#keep(
      api.get("/channels/{channel}/analytics/live", { path: { channel }, signal }).then(({ body }) => {
        const receivedMs = Date.now();
        serverClock.observe(Date.parse(body.at), sentMs, receivedMs);
        this.figures.answer(body);
        if (body.samples.length > 0) return;
        // Another server has the show. The channel's own count is seconds old; what was told is newer.
        const told = this.#channelTopic.isTold ? this.figures.viewers : null;
        this.figures.count(told ?? viewerCount, serverClock.at(receivedMs));
      }),
    );
  }

  async #askLatency(channel: string, signal: AbortSignal): Promise<void> {
    const from = new Date(serverClock.at(Date.now()) - LATENCY_SPAN_MS).toISOString();
    const { body } = await api.get("/channels/{channel}/analytics/quality", {
      path: { channel },
      query: { from, step: "minute" },
      signal,
    });
    this.latencyMs = body.total.latencyMs?.p50 ?? null;
  }

  async #askIngest(channel: string, signal: AbortSignal): Promise<void> {
    const { body } = await api.get("/channels/{channel}/ingest", { path: { channel }, signal });
    this.ingest = body;
  }

  /** Waits for one of several answers, each of which may fail alone; returns whether it came. */
  async #keep(answer: Promise<unknown>): Promise<boolean> {
    try {
      await answer;
      return true;
    } catch {
      // What was known before is still shown.
      return false;
    }
  }

  #fail(error: unknown): void {
    const isRefused = error instanceof ApiProblem && (error.status === 403 || error.status === 404);
    if (isRefused || this.view === null) this.error = error;
    else this.isLate = true;
  }
}
