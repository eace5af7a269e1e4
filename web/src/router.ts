import type { ReactiveController, ReactiveControllerHost } from "lit";

import type { Route } from "./route.js";
import { routeOf } from "./route.js";

/**
 * Keeps a host element on the page that the address bar names.
 *
 * Follows the back button and clicks on links of this site, wherever in the shadow trees they are.
 */
export class Router implements ReactiveController {
  /** Whether words such as "settings" name pages; set it as soon as the server has said. */
  hasAccounts = true;

  readonly #host: ReactiveControllerHost;
  readonly #onNavigate: () => void;

  /** `onNavigate` is called after the route has changed, not for the first one. */
  constructor(host: ReactiveControllerHost, onNavigate: () => void) {
    this.#host = host;
    this.#onNavigate = onNavigate;
    host.addController(this);
  }

  get route(): Route {
    return routeOf(location.pathname, location.search, this.hasAccounts);
  }

  hostConnected(): void {
    window.addEventListener("popstate", this.#follow);
    document.addEventListener("click", this.#interceptClick);
  }

  hostDisconnected(): void {
    window.removeEventListener("popstate", this.#follow);
    document.removeEventListener("click", this.#interceptClick);
  }

  readonly #follow = (): void => {
    this.#host.requestUpdate();
    this.#onNavigate();
  };

  readonly #interceptClick = (event: MouseEvent): void => {
    const isPlainClick =
      event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (event.defaultPrevented || !isPlainClick) return;
    const anchor = event
      .composedPath()
      .find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement);
    if (anchor?.target !== "" || anchor.hasAttribute("download")) return;
    const isAnotherPage = anchor.origin === location.origin && anchor.hash === "";
    if (!isAnotherPage || routeOf(anchor.pathname, "", this.hasAccounts).page === "not-found") return;
    event.preventDefault();
    if (anchor.href !== location.href) history.pushState(null, "", anchor.href);
    this.#follow();
  };
}
