import type { ReactiveController, ReactiveControllerHost } from "lit";

import { ApiProblem } from "../api/api-problem.js";
import type { SetUpTest } from "../api/health-names.js";
import { api } from "../api/server.js";
import { Poller } from "../status/poller.js";

const RECEIVING_INTERVAL_MS = 1_000;
const WAITING_INTERVAL_MS = 2_000;
/** Whoever starts an encoder has another window before this one. */
const HIDDEN_INTERVAL_MS = 4_000;

/** Keeps a host element told of one test, until that is over. */
export class TestWatch implements ReactiveController {
  test: SetUpTest | null = null;
  /** The server did not answer the last question; `test` is what it said before. */
  isStale = false;
  /** There is no such test any more. */
  isGone = false;

  readonly #host: ReactiveControllerHost;
  #poller: Poller | null = null;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Looks at this test from now on; at none if it is null. */
  look(channel: string, test: SetUpTest | null): void {
    this.#poller?.stop();
    this.#poller = null;
    this.test = test;
    this.isStale = this.isGone = false;
    this.#host.requestUpdate();
    if (test === null || isOver(test)) return;
    const poller = new Poller({
      poll: (signal) => this.#ask(channel, test.id, signal),
      whenHidden: HIDDEN_INTERVAL_MS,
      intervalMs: WAITING_INTERVAL_MS,
    });
    this.#poller = poller;
    poller.start();
  }

  hostDisconnected(): void {
    this.#poller?.stop();
    this.#poller = null;
  }

  async #ask(channel: string, test: string, signal: AbortSignal): Promise<number> {
    try {
      const { body } = await api.get("/channels/{channel}/tests/{test}", {
        path: { channel, test },
        signal,
      });
      this.test = body;
      this.isStale = false;
      if (isOver(body)) this.#poller?.stop();
      return body.state === "receiving" ? RECEIVING_INTERVAL_MS : WAITING_INTERVAL_MS;
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof ApiProblem && error.status === 404) {
        this.isGone = true;
        this.#poller?.stop();
      } else {
        this.isStale = true;
      }
      throw error;
    } finally {
      this.#host.requestUpdate();
    }
  }
}

/** Whether nothing more will come of a test. */
export function isOver({ state }: SetUpTest): boolean {
  return state === "graded" || state === "expired";
}
