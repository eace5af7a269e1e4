import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import { mutedIcon, volumeHighIcon, volumeLowIcon } from "../icons.js";
import { controlStyle } from "./control-style.js";
import type { MediaSnapshot } from "./media-state.js";
import { UNKNOWN_MEDIA } from "./media-state.js";
import { PlayerCommandEvent } from "./player-command.js";

/** Mute button, and a slider where the system lets a page set the volume. */
@customElement("rillcast-volume-control")
export class VolumeControl extends LitElement {
  static override styles: CSSResultGroup = [
    controlStyle,
    css`
      :host {
        display: inline-flex;
        align-items: center;
      }
      input {
        width: 5.5rem;
        height: 2.75rem;
        margin: 0 var(--space-2) 0 0;
        accent-color: #3fd8c3;
        cursor: pointer;
      }
      @media (max-width: 40rem) {
        input {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) media: MediaSnapshot = UNKNOWN_MEDIA;

  override render(): TemplateResult {
    const { isMuted, volume, volumeLevel, canSetVolume } = this.media;
    const audible = isMuted ? 0 : volume;
    return html`<button
        type="button"
        aria-label=${isMuted ? "Unmute" : "Mute"}
        title=${isMuted ? "Unmute (M)" : "Mute (M)"}
        @click=${this.#toggle}
      >
        ${volumeLevel === "off" ? mutedIcon : volumeLevel === "high" ? volumeHighIcon : volumeLowIcon}
      </button>
      ${canSetVolume
        ? html`<input
            type="range"
            min="0"
            max="100"
            step="5"
            aria-label="Volume"
            aria-valuetext="${Math.round(audible * 100)} %"
            .value=${String(Math.round(audible * 100))}
            @input=${this.#set}
          />`
        : nothing}`;
  }

  readonly #toggle = (): void => {
    this.dispatchEvent(new PlayerCommandEvent({ type: "toggle-mute" }));
  };

  readonly #set = (event: Event): void => {
    const slider = event.target as HTMLInputElement;
    const volume = Number(slider.value) / 100;
    this.dispatchEvent(new PlayerCommandEvent({ type: "set-volume", volume }));
  };
}
