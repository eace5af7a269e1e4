const LONG_PRESS_MS = 500;

/** Notices a finger or a pen that stays; a mouse has a button and a menu of its own. */
export class LongPress {
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** A pointer came down: tell when it has stayed. */
  begin(event: PointerEvent, stayed: () => void): void {
    if (event.pointerType === "mouse") return;
    this.end();
    this.#timer = setTimeout(stayed, LONG_PRESS_MS);
  }

  /** The pointer was lifted, or what it was on is gone. */
  readonly end = (): void => {
    clearTimeout(this.#timer);
  };

  /** Where a long press is a right click, as on Android; with a mouse the browser's own menu stays. */
  takeMenu(event: MouseEvent, stayed: () => void): void {
    if (!(event instanceof PointerEvent) || event.pointerType === "mouse") return;
    event.preventDefault();
    this.end();
    stayed();
  }
}
