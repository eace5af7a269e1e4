import type { ReactiveController, ReactiveControllerHost } from "lit";

import { presentPath } from "../shell/navigate.js";
import { fragmentValue } from "./link-token.js";

/** What stands behind the # of the link that led here. Another such link renders its host again. */
export class LinkFragment implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #onChange: () => void;

  /** `onChange` is called when the host appears, and for every other link after that. */
  constructor(host: ReactiveControllerHost, onChange: () => void) {
    this.#host = host;
    this.#onChange = onChange;
    host.addController(this);
  }

  value(name: string): string | null {
    return fragmentValue(location.hash, name);
  }

  /** Takes it out of the address bar and the history: it has been used. */
  clear(): void {
    history.replaceState(null, "", presentPath());
  }

  hostConnected(): void {
    window.addEventListener("hashchange", this.#follow);
    this.#onChange();
  }

  hostDisconnected(): void {
    window.removeEventListener("hashchange", this.#follow);
  }

  readonly #follow = (): void => {
    this.#onChange();
    this.#host.requestUpdate();
  };
}
