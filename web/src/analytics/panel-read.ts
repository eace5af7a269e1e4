import type { ReactiveController, ReactiveControllerHost } from "lit";

/** What a panel shows: nothing yet, an answer, or why there is none. */
export type PanelState<Answer> =
  | { readonly kind: "loading" }
  | { readonly kind: "ready"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly error: unknown };

/** Reads for one panel, so that one that fails leaves the others as they are. */
export class PanelRead<Answer> implements ReactiveController {
  state: PanelState<Answer> = { kind: "loading" };
  /** Whether another answer is on its way while the one before is still shown. */
  isRenewing = false;

  readonly #host: ReactiveControllerHost;
  readonly #read: (signal: AbortSignal) => Promise<Answer>;
  #reading = new AbortController();

  constructor(host: ReactiveControllerHost, read: (signal: AbortSignal) => Promise<Answer>) {
    this.#host = host;
    this.#read = read;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#reading.abort();
  }

  /** Reads anew. The last answer stays until there is another, or a failure. */
  async load(): Promise<void> {
    this.#reading.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.isRenewing = this.state.kind === "ready";
    if (this.state.kind === "failed") this.state = { kind: "loading" };
    this.#host.requestUpdate();
    let next: PanelState<Answer>;
    try {
      next = { kind: "ready", answer: await this.#read(reading.signal) };
    } catch (error) {
      next = { kind: "failed", error };
    }
    if (reading.signal.aborted) return;
    this.state = next;
    this.isRenewing = false;
    this.#host.requestUpdate();
  }
}
