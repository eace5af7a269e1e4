import type { ReactiveController, ReactiveControllerHost } from "lit";

import type { Failure } from "./failure.js";
import { failureOf } from "./failure.js";

type Host = ReactiveControllerHost & HTMLElement;

/**
 * One form, or one button, that asks the server for something: busy, failed, or neither.
 *
 * Asks for one thing at a time. After a failure the focus goes to the summary, which names what is
 * wrong; put `summary(submission)` into the form.
 */
export class Submission implements ReactiveController {
  failure: Failure | null = null;
  isBusy = false;
  readonly #host: Host;
  #asking: AbortController | null = null;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  /** Does the work, and says whether it was done. What it throws becomes `failure`. */
  async run(work: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    if (this.isBusy) return false;
    const asking = new AbortController();
    this.#asking = asking;
    this.#show(true, null);
    try {
      await work(asking.signal);
      this.#show(false, null);
      return true;
    } catch (error) {
      if (asking.signal.aborted) return false;
      this.#show(false, failureOf(error));
      void this.#focusSummary();
      return false;
    }
  }

  /** Forgets the last failure. */
  clear(): void {
    this.#show(this.isBusy, null);
  }

  hostDisconnected(): void {
    this.#asking?.abort();
    this.isBusy = false;
  }

  #show(isBusy: boolean, failure: Failure | null): void {
    this.isBusy = isBusy;
    this.failure = failure;
    this.#host.requestUpdate();
  }

  async #focusSummary(): Promise<void> {
    await this.#host.updateComplete;
    const summaries = this.#host.shadowRoot?.querySelectorAll<HTMLElement>("[data-summary]") ?? [];
    for (const summary of summaries) {
      if (summary.dataset.summary === this.failure?.text) {
        summary.focus();
        return;
      }
    }
  }
}
