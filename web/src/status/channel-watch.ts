import type { ReactiveController, ReactiveControllerHost } from "lit";

import type { ChannelPhase } from "./channel-phase.js";
import { phaseAfter, statusIntervalMs } from "./channel-phase.js";
import type { ChannelState, ChannelStatus } from "./channel-status.js";
import { Poller } from "./poller.js";
import { ServerUnreachable } from "./server-unreachable.js";
import type { StatusClient } from "./status-client.js";
import { ChannelUnknown } from "./status-client.js";

/** A tab in the background still starts by itself, a little later. */
const HIDDEN_INTERVAL_MS = 12_000;

/** While what happens is told, questions only find what nobody tells. */
const TOLD_INTERVAL_MS = 20_000;

/** One lost answer is no outage: the phase changes at the second in a row. */
const FAILURES_UNTIL_UNREACHABLE = 2;

/** Keeps a host element told of one channel's status. */
export class ChannelWatch implements ReactiveController {
  /** The last good answer, kept through outages. */
  status: ChannelStatus | null = null;
  phase: ChannelPhase = "loading";
  /** Whether somebody tells when a show begins or ends, and calls `hasten` then. */
  isTold = false;

  readonly #host: ReactiveControllerHost;
  readonly #client: StatusClient;
  #channel: string | null = null;
  #token: string | null = null;
  #poller: Poller | null = null;
  #failures = 0;
  /** The last phase that the server itself told. */
  #toldPhase: ChannelPhase = "loading";

  constructor(host: ReactiveControllerHost, client: StatusClient) {
    this.#host = host;
    this.#client = client;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#poller?.stop();
    this.#poller = null;
    this.#channel = null;
  }

  /** Watches another channel, or with other rights, from nothing; or goes on with a new token. */
  watch(channel: string, token: string | null = null): void {
    if (channel === this.#channel) {
      if (token === this.#token) return;
      if (token !== null && this.#token !== null) {
        this.#token = token;
        this.hasten();
        return;
      }
    }
    this.#poller?.stop();
    this.#channel = channel;
    this.#token = token;
    this.status = null;
    this.phase = "loading";
    this.#toldPhase = "loading";
    this.#failures = 0;
    this.#poller = new Poller({
      poll: (signal) => this.#ask(channel, signal),
      whenHidden: HIDDEN_INTERVAL_MS,
      intervalMs: statusIntervalMs("offline"),
    });
    this.#poller.start();
  }

  /** Asks at once: somebody has reason to believe that the status has changed. */
  hasten(): void {
    this.#poller?.hasten();
  }

  /** What a publisher's troubles make of a show is told by nobody: it is asked for as ever. */
  #intervalMs(state: ChannelState): number {
    const isQuiet = state === "live" || state === "offline" || state === "ended";
    return this.isTold && isQuiet ? TOLD_INTERVAL_MS : statusIntervalMs(state);
  }

  async #ask(channel: string, signal: AbortSignal): Promise<number> {
    try {
      const status = await this.#client.channel(channel, this.#token, signal);
      this.#failures = 0;
      this.status = status;
      this.#toldPhase = phaseAfter(this.#toldPhase, status.state);
      this.phase = this.#toldPhase;
      return this.#intervalMs(status.state);
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof ChannelUnknown) {
        this.phase = "not-found";
        this.#poller?.stop();
      } else {
        this.#failures += 1;
        const neverHeard = this.status === null;
        // A server that goes down says so, and need not be asked twice.
        const hasSaidSo = error instanceof ServerUnreachable && error.retryAfterMs > 0;
        if (neverHeard || hasSaidSo || this.#failures >= FAILURES_UNTIL_UNREACHABLE) {
          this.phase = "unreachable";
        }
      }
      throw error;
    } finally {
      if (!signal.aborted || this.phase === "not-found") this.#host.requestUpdate();
    }
  }
}
