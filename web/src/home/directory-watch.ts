import type { ReactiveController, ReactiveControllerHost } from "lit";

import type { Category, ChannelCard, Recommendation } from "../api/channel-names.js";
import type { ApiClient } from "../api/client.js";
import { Poller } from "../status/poller.js";
import { personal } from "./recommended.js";

const INTERVAL_MS = 15_000;
/** What home shows of each list; the page of results shows all. */
const LIVE_LIMIT = 48;
const RECENT_LIMIT = 12;
const RECOMMENDED_LIMIT = 24;
const RECOMMENDED_EVERY_MS = 60_000;
/** Two rows of a wide window: what comes after fits less and less. */
const RECOMMENDED_SHOWN = 8;

/** What home shows, at one moment. */
export interface DirectoryLists {
  readonly live: readonly ChannelCard[];
  readonly followed: readonly ChannelCard[];
  /** What is recommended for a reason of the viewer's own; empty for who wants none. */
  readonly recommended: readonly Recommendation[];
  readonly recent: readonly ChannelCard[];
  readonly categories: readonly Category[];
}

/** Keeps a host element told of what is and was live. */
export class DirectoryWatch implements ReactiveController {
  /** Null until the first answer; kept through outages. */
  lists: DirectoryLists | null = null;
  /** Why the last question got no good answer. */
  error: unknown = null;

  readonly #host: ReactiveControllerHost;
  readonly #api: ApiClient;
  readonly #isSignedIn: () => boolean;
  #poller: Poller | null = null;
  #recommendedAtMs: number | null = null;

  constructor(host: ReactiveControllerHost, api: ApiClient, isSignedIn: () => boolean) {
    this.#host = host;
    this.#api = api;
    this.#isSignedIn = isSignedIn;
    host.addController(this);
  }

  hostConnected(): void {
    this.#poller = new Poller({
      poll: (signal) => this.#ask(signal),
      whenHidden: "pause",
      intervalMs: INTERVAL_MS,
    });
    this.#poller.start();
  }

  hostDisconnected(): void {
    this.#poller?.stop();
    this.#poller = null;
  }

  /** Asks at once: on the viewer's wish, or since somebody has signed in. */
  retry(): void {
    this.#poller?.hasten();
  }

  async #ask(signal: AbortSignal): Promise<number> {
    try {
      this.lists = await this.#read(signal);
      this.error = null;
      return INTERVAL_MS;
    } catch (error) {
      if (!signal.aborted) this.error = error;
      throw error;
    } finally {
      if (!signal.aborted) this.#host.requestUpdate();
    }
  }

  async #read(signal: AbortSignal): Promise<DirectoryLists> {
    const api = this.#api;
    const [live, recent, categories, followed, recommended] = await Promise.all([
      api.get("/directory/live", { query: { order: "viewers", limit: LIVE_LIMIT }, signal }),
      api.get("/directory/recent", { query: { limit: RECENT_LIMIT }, signal }),
      api.get("/directory/categories", { signal }),
      this.#isSignedIn()
        ? api.get("/me/following", { query: { live: true, limit: RECENT_LIMIT }, signal })
        : null,
      this.#recommend(signal),
    ]);
    return {
      live: live.body.items,
      recent: recent.body.items,
      categories: categories.body.items,
      followed: (followed?.body.items ?? []).map(({ channel }) => channel),
      recommended,
    };
  }

  /** Taste changes slowly, and home is home without it: asked now and then, and never in the way. */
  async #recommend(signal: AbortSignal): Promise<readonly Recommendation[]> {
    if (!this.#isSignedIn()) {
      this.#recommendedAtMs = null;
      return [];
    }
    const nowMs = performance.now();
    const before = this.lists?.recommended ?? [];
    if (this.#recommendedAtMs !== null && nowMs < this.#recommendedAtMs + RECOMMENDED_EVERY_MS) {
      return before;
    }
    try {
      const query = { limit: RECOMMENDED_LIMIT };
      const { body } = await this.#api.get("/me/recommendations", { query, signal });
      this.#recommendedAtMs = nowMs;
      return personal(body.items).slice(0, RECOMMENDED_SHOWN);
    } catch {
      return before;
    }
  }
}

/** What is live beside the channels that one follows or is recommended, which have their lists. */
export function othersLive(lists: DirectoryLists): readonly ChannelCard[] {
  const listed = new Set(lists.followed.map(({ id }) => id));
  for (const { channel } of lists.recommended) listed.add(channel.id);
  return lists.live.filter(({ id }) => !listed.has(id));
}
