import type { ReactiveController, ReactiveControllerHost } from "lit";

import type { PlayerCommand } from "./player-command.js";
import { commandForKey } from "./player-command.js";

/** Elements that want keys for themselves. */
const KEY_TAKERS = "input, textarea, select, [contenteditable], [role=menu] *, dialog *";
/** Elements that Space presses. */
const PRESSABLE = "button, a[href], summary";
/** Elements that a viewer has moved the focus to on purpose. */
const FOCUSED_ON_PURPOSE = `${PRESSABLE}, ${KEY_TAKERS}`;

/**
 * The player's keys.
 *
 * They work while the focus is in the player or on no control at all, so that no other control of
 * the page loses its own keys (WCAG 2.2, 2.1.4).
 */
export class Shortcuts implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #run: (command: PlayerCommand) => void;

  constructor(host: ReactiveControllerHost & HTMLElement, run: (command: PlayerCommand) => void) {
    this.#host = host;
    this.#run = run;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener("keydown", this.#onKey);
  }

  hostDisconnected(): void {
    document.removeEventListener("keydown", this.#onKey);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const path = event.composedPath();
    const [target] = path;
    if (!(target instanceof Element)) return;
    if (!path.includes(this.#host) && target.matches(FOCUSED_ON_PURPOSE)) return;
    if (target.matches(KEY_TAKERS) || document.querySelector("dialog[open]") !== null) return;
    if (event.key === " " && target.matches(PRESSABLE)) return;
    const command = commandForKey(event.key);
    if (command === null || (event.repeat && command.type !== "change-volume")) return;
    event.preventDefault();
    this.#run(command);
  };
}
