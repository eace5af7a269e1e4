import type { ReactiveController, ReactiveControllerHost } from "lit";

import type { Me } from "../api/schema-names.js";
import { session } from "./current.js";
import type { RegistrationMode, SessionState } from "./session-state.js";
import { personOf } from "./session-state.js";

/** Renders its host again whenever somebody signs in or out. */
export class SessionWatch implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #stop: () => void = () => undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get state(): SessionState {
    return session.state;
  }

  get registration(): RegistrationMode {
    return session.registration;
  }

  get me(): Me | null {
    return personOf(session.state);
  }

  hostConnected(): void {
    this.#stop = session.subscribe(() => {
      this.#host.requestUpdate();
    });
    void session.start();
  }

  hostDisconnected(): void {
    this.#stop();
  }
}
