/** What a viewer can ask of the player, from a control or from the keyboard. */
export type PlayerCommand =
  | { readonly type: "toggle-play" }
  | { readonly type: "toggle-mute" }
  | { readonly type: "set-volume"; readonly volume: number }
  | { readonly type: "change-volume"; readonly by: number }
  | { readonly type: "toggle-fullscreen" }
  | { readonly type: "toggle-picture-in-picture" }
  | { readonly type: "go-to-live" }
  | { readonly type: "toggle-stats" }
  | { readonly type: "choose-quality"; readonly level: number | "auto" }
  | { readonly type: "retry" };

const EVENT = "player-command";

/** Carries a command from a control up to the player, through shadow roots. */
export class PlayerCommandEvent extends Event {
  static readonly type = EVENT;
  readonly command: PlayerCommand;

  constructor(command: PlayerCommand) {
    super(EVENT, { bubbles: true, composed: true });
    this.command = command;
  }
}

declare global {
  interface HTMLElementEventMap {
    [EVENT]: PlayerCommandEvent;
  }
}

/** The keys, for the list in the stats panel and for the table below. */
export const SHORTCUTS: readonly (readonly [keys: string, meaning: string])[] = [
  ["Space, K", "Play or pause"],
  ["M", "Mute or unmute"],
  ["↑ ↓", "Volume"],
  ["L", "Go to live"],
  ["F", "Full screen"],
  ["P", "Picture in picture"],
  ["I", "Statistics"],
];

const VOLUME_STEP = 0.1;

/** The command behind a key, or null. `key` is KeyboardEvent.key; modifiers are the caller's. */
export function commandForKey(key: string): PlayerCommand | null {
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case " ":
    case "k":
      return { type: "toggle-play" };
    case "m":
      return { type: "toggle-mute" };
    case "ArrowUp":
      return { type: "change-volume", by: VOLUME_STEP };
    case "ArrowDown":
      return { type: "change-volume", by: -VOLUME_STEP };
    case "l":
      return { type: "go-to-live" };
    case "f":
      return { type: "toggle-fullscreen" };
    case "p":
      return { type: "toggle-picture-in-picture" };
    case "i":
      return { type: "toggle-stats" };
    default:
      return null;
  }
}
