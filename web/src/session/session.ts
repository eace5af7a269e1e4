import type { ApiClient } from "../api/client.js";
import type { Me } from "../api/schema-names.js";
import type { StatusClient } from "../status/status-client.js";
import type { RegistrationMode, SessionState } from "./session-state.js";

/** Asks who is signed in, once, and tells everybody who wants to know. */
export class Session {
  #state: SessionState = { kind: "asking" };
  readonly #listeners = new Set<() => void>();
  readonly #api: ApiClient;
  readonly #status: StatusClient;
  #asking: Promise<void> | null = null;
  #registration: RegistrationMode = "closed";

  constructor(api: ApiClient, status: StatusClient) {
    this.#api = api;
    this.#status = status;
    api.onSignedOut = () => {
      if (this.#state.kind === "signed-in") this.#become({ kind: "signed-out" });
    };
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Who may make an account here; "closed" until the server has said. */
  get registration(): RegistrationMode {
    return this.#registration;
  }

  /** Returns how to stop listening. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when it is known who is signed in, or that nobody says. Never rejects. */
  start(): Promise<void> {
    this.#asking ??= this.#ask();
    return this.#asking;
  }

  /** Asks anew: somebody has signed in, or nobody answered before. Never rejects. */
  refresh(): Promise<void> {
    this.#asking = this.#ask();
    return this.#asking;
  }

  /** Takes what an answer says of the person who is signed in. */
  accept(me: Me): void {
    this.#become({ kind: "signed-in", me });
  }

  /** Ends the log-in here. Throws what the API throws, unless it had ended already. */
  async signOut(): Promise<void> {
    try {
      await this.#api.delete("/me/session", {});
    } catch (error) {
      // Read anew, for the answer above may have changed it.
      if (this.state.kind === "signed-in") throw error;
    }
    this.forget();
  }

  /** The log-in has ended. */
  forget(): void {
    this.#become({ kind: "signed-out" });
  }

  async #ask(): Promise<void> {
    const { signal } = new AbortController();
    try {
      const { hasAccounts } = await this.#status.publishAddress(signal);
      if (!hasAccounts) {
        this.#become({ kind: "no-accounts" });
        return;
      }
      const { body } = await this.#api.get("/session", { signal });
      this.#registration = body.registration;
      this.#become(
        body.account === null ? { kind: "signed-out" } : { kind: "signed-in", me: body.account },
      );
    } catch {
      if (this.#state.kind === "asking") this.#become({ kind: "unknown" });
    }
  }

  #become(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
