import type { ReactiveController, ReactiveControllerHost } from "lit";

import type { Registration } from "../api/schema-names.js";
import { api } from "../api/server.js";

/** The least that passwords have where the server has not said. */
const USUAL_CHARACTERS_MIN = 10;

/** How people come in here: who may register, and with whom they can sign in. */
export class RegistrationFacts implements ReactiveController {
  /** Null until the server has said. */
  facts: Registration | null = null;
  error: unknown = null;
  readonly #host: ReactiveControllerHost;
  #asking: AbortController | null = null;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get charactersMin(): number {
    return this.facts?.passwordCharactersMin ?? USUAL_CHARACTERS_MIN;
  }

  hostConnected(): void {
    void this.ask();
  }

  hostDisconnected(): void {
    this.#asking?.abort();
  }

  async ask(): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    this.error = null;
    try {
      this.facts = (await api.get("/registration", { signal: asking.signal })).body;
    } catch (error) {
      if (asking.signal.aborted) return;
      this.error = error;
    }
    this.#host.requestUpdate();
  }
}
