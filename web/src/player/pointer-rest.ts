import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Long enough to read the bar, short enough to be out of the way. */
const REST_AFTER_MS = 2_600;

/** Knows whether the viewer has left the controls alone for a while. */
export class PointerRest implements ReactiveController {
  isResting = false;

  readonly #host: ReactiveControllerHost & HTMLElement;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener("pointermove", this.#onPointer);
    this.#host.addEventListener("pointerleave", this.rest);
    this.#host.addEventListener("focusin", this.stir);
    this.#host.addEventListener("keydown", this.stir);
    this.stir();
  }

  hostDisconnected(): void {
    this.#host.removeEventListener("pointermove", this.#onPointer);
    this.#host.removeEventListener("pointerleave", this.rest);
    this.#host.removeEventListener("focusin", this.stir);
    this.#host.removeEventListener("keydown", this.stir);
    clearTimeout(this.#timer);
  }

  /** Something has moved: the controls belong on the screen. */
  readonly stir = (): void => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.rest, REST_AFTER_MS);
    this.#set(false);
  };

  /** Takes the controls away, unless somebody is in them with the keyboard. */
  readonly rest = (): void => {
    if (this.#hasVisibleFocus) {
      this.stir();
      return;
    }
    clearTimeout(this.#timer);
    this.#set(true);
  };

  get #hasVisibleFocus(): boolean {
    let focused = this.#host.shadowRoot?.activeElement ?? null;
    while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    return focused?.matches(":focus-visible") ?? false;
  }

  readonly #onPointer = (event: PointerEvent): void => {
    // A finger's way over the screen is a tap or a scroll; the stage handles taps.
    if (event.pointerType !== "touch") this.stir();
  };

  #set(isResting: boolean): void {
    if (isResting === this.isResting) return;
    this.isResting = isResting;
    this.#host.requestUpdate();
  }
}
