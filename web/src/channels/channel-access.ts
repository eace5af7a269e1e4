import type { ReactiveController, ReactiveControllerHost } from "lit";

import { ApiProblem } from "../api/api-problem.js";
import type { ChannelCard, ChannelView } from "../api/channel-names.js";
import type { ApiClient } from "../api/client.js";
import { tokenOf } from "../player/token-path.js";
import type { ServerClock } from "../status/server-clock.js";
import type { Access } from "./access.js";
import { accessSaid } from "./access.js";
import { RENEWAL_MARGIN_MS, renewalDelayMs } from "./leave-renewal.js";

/** After a renewal that nobody answered. */
const RETRY_MS = 30_000;

/**
 * Keeps a host element told of a channel and of its viewer's leave to watch it.
 *
 * Leave is renewed while the element is shown; what is refused then has ended.
 */
export class ChannelAccess implements ReactiveController {
  /** What the channel says of itself; null until it is known, and for who comes by a link. */
  view: ChannelView | null = null;
  /** The version of the view, for edits. */
  etag: string | null = null;
  /** As much as lists show; known to whoever may watch. */
  card: ChannelCard | null = null;
  access: Access = { kind: "asking" };

  readonly #host: ReactiveControllerHost;
  readonly #api: ApiClient;
  readonly #clock: ServerClock;
  #channel = "";
  #link: string | null = null;
  #asking = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, api: ApiClient, clock: ServerClock) {
    this.#host = host;
    this.#api = api;
    this.#clock = clock;
    host.addController(this);
  }

  get token(): string | null {
    return this.access.kind === "leave" ? this.access.token : null;
  }

  hostDisconnected(): void {
    this.#stop();
    this.#channel = "";
  }

  /** Looks at another channel, from nothing; by a shared link's token if there is one. */
  look(channel: string, link: string | null): void {
    this.#channel = channel;
    this.#link = link;
    this.view = null;
    this.etag = null;
    this.card = null;
    this.access = { kind: "asking" };
    this.reload();
  }

  /** Takes the channel for one that everybody may watch: the server has no accounts. */
  openToAll(): void {
    this.#stop();
    this.access = { kind: "open" };
    this.#host.requestUpdate();
  }

  /** Asks again: somebody signed in or followed, or wants another try. */
  reload(): void {
    this.#stop();
    if (this.#channel !== "") void this.#ask(this.#asking.signal);
  }

  /** Takes the channel as an edit has left it. */
  accept(view: ChannelView, etag: string | null): void {
    this.view = view;
    this.card = view;
    this.etag = etag;
    this.#host.requestUpdate();
  }

  /** Takes what the channel was heard to say of itself. */
  hear(said: { readonly title: string; readonly category: string | null }): void {
    if (this.view !== null) this.view = { ...this.view, ...said };
    if (this.card !== null) this.card = { ...this.card, ...said };
    this.#host.requestUpdate();
  }

  /** The show has gone away while it was watched: perhaps it is the viewer who was shut out. */
  doubt(): void {
    if (this.access.kind === "leave") void this.#renew(this.#asking.signal);
    else if (this.view !== null) this.reload();
  }

  /** Reads again what the channel says of itself, such as its title and who watches. */
  async refresh(): Promise<void> {
    const { signal } = this.#asking;
    if (this.view === null) return;
    try {
      const { body, etag } = await this.#api.get("/channels/{channel}", {
        path: { channel: this.#channel },
        signal,
      });
      if (!signal.aborted) this.accept(body, etag);
    } catch {
      // The page shows what it knew, and asks again soon.
    }
  }

  #stop(): void {
    this.#asking.abort();
    this.#asking = new AbortController();
    clearTimeout(this.#timer);
  }

  async #ask(signal: AbortSignal): Promise<void> {
    try {
      const access = this.#link === null ? await this.#askByRight(signal) : await this.#leave(signal);
      this.#become(access, signal);
    } catch (error) {
      this.#become(this.#refusal(error), signal);
    }
  }

  async #askByRight(signal: AbortSignal): Promise<Access> {
    const { body, etag } = await this.#api.get("/channels/{channel}", {
      path: { channel: this.#channel },
      signal,
    });
    signal.throwIfAborted();
    this.accept(body, etag);
    const said = accessSaid(body);
    return said === "ask-leave" ? this.#leave(signal) : said;
  }

  async #leave(signal: AbortSignal): Promise<Access> {
    const { body } = await this.#api.post("/channels/{channel}/playback", {
      path: { channel: this.#channel },
      body: { link: this.#link },
      signal,
    });
    signal.throwIfAborted();
    this.card = body.channel;
    const token = tokenOf(body.hls);
    this.#schedule(body.expiresAt === null ? null : Date.parse(body.expiresAt), signal);
    return token === null ? { kind: "open" } : { kind: "leave", token };
  }

  #schedule(expiresAtMs: number | null, signal: AbortSignal): void {
    // A link's token stays the same: there is nothing to be had before it ends.
    const marginMs = this.#link === null ? RENEWAL_MARGIN_MS : 0;
    const delayMs = renewalDelayMs(expiresAtMs, this.#clock.at(Date.now()), marginMs);
    clearTimeout(this.#timer);
    if (delayMs !== null) this.#timer = setTimeout(() => void this.#renew(signal), delayMs);
  }

  async #renew(signal: AbortSignal): Promise<void> {
    try {
      this.#become(await this.#leave(signal), signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiProblem && (error.status === 403 || error.status === 404)) {
        this.#become({ kind: "over" }, signal);
        return;
      }
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#renew(signal), RETRY_MS);
    }
  }

  #refusal(error: unknown): Access {
    if (!(error instanceof ApiProblem)) return { kind: "unreadable" };
    if (error.status === 403) return { kind: "refused" };
    if (error.status !== 404) return { kind: "unreadable" };
    return { kind: this.#link === null ? "not-found" : "bad-link" };
  }

  #become(access: Access, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.access = access;
    this.#host.requestUpdate();
  }
}
