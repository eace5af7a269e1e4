import type { ReactiveController, ReactiveControllerHost } from "lit";

import type { ChannelStatus } from "./channel-status.js";
import { Poller } from "./poller.js";
import type { StatusClient } from "./status-client.js";

const INTERVAL_MS = 5_000;

/** Keeps a host element told of every channel that is on air. */
export class LiveList implements ReactiveController {
  /** Null until the first answer; kept through outages. */
  channels: readonly ChannelStatus[] | null = null;
  /** True when the last question got no good answer. */
  hasFailed = false;

  readonly #host: ReactiveControllerHost;
  readonly #client: StatusClient;
  #poller: Poller | null = null;

  constructor(host: ReactiveControllerHost, client: StatusClient) {
    this.#host = host;
    this.#client = client;
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

  /** Asks at once, on the viewer's wish. */
  retry(): void {
    this.#poller?.hasten();
  }

  async #ask(signal: AbortSignal): Promise<number> {
    try {
      this.channels = await this.#client.liveChannels(signal);
      this.hasFailed = false;
      return INTERVAL_MS;
    } catch (error) {
      if (!signal.aborted) this.hasFailed = true;
      throw error;
    } finally {
      if (!signal.aborted) this.#host.requestUpdate();
    }
  }
}
