import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import {
  fullscreenIcon,
  pauseIcon,
  pictureIcon,
  playIcon,
  statsIcon,
  windowedIcon,
} from "../icons.js";
import { controlStyle } from "./control-style.js";
import type { QualityChoice } from "./engine.js";
import "./live-badge.js";
import type { MediaSnapshot } from "./media-state.js";
import { UNKNOWN_MEDIA } from "./media-state.js";
import type { PlayerCommand } from "./player-command.js";
import { PlayerCommandEvent } from "./player-command.js";
import "./quality-menu.js";
import "./volume-control.js";

/** The bar under the picture. Renders what it is given and asks by PlayerCommandEvent. */
@customElement("rillcast-player-controls")
export class PlayerControls extends LitElement {
  static override styles: CSSResultGroup = [
    controlStyle,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--space-1);
        padding: var(--space-2);
        color: #fff;
        text-shadow: 0 1px 2px rgb(0 0 0 / 60%);
      }
      rillcast-live-badge {
        flex: 1;
      }
      @media (max-width: 40rem) {
        :host {
          gap: 0;
          padding: var(--space-1);
        }
        /* The latency opens the statistics as well, and room is scarce. */
        .stats {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) media: MediaSnapshot = UNKNOWN_MEDIA;
  @property({ attribute: false }) quality: QualityChoice | null = null;
  @property({ type: Boolean }) isOnAir = false;
  @property({ type: Boolean }) isAtEdge = false;
  @property({ attribute: false }) latencyMs: number | null = null;
  @property({ type: Boolean }) showsStats = false;

  override render(): TemplateResult {
    const { isPaused, isFullscreen, canFullscreen, isInPicture, canBeInPicture } = this.media;
    return html`${this.#button(
        { type: "toggle-play" },
        isPaused ? playIcon : pauseIcon,
        isPaused ? "Play" : "Pause",
        "K",
      )}
      <rillcast-volume-control .media=${this.media}></rillcast-volume-control>
      <rillcast-live-badge
        ?isOnAir=${this.isOnAir}
        ?isAtEdge=${this.isAtEdge}
        .latencyMs=${this.latencyMs}
      ></rillcast-live-badge>
      ${this.#button(
        { type: "toggle-stats" },
        statsIcon,
        this.showsStats ? "Hide statistics" : "Show statistics",
        "I",
        "stats",
      )}
      ${this.quality === null
        ? nothing
        : html`<rillcast-quality-menu .choice=${this.quality}></rillcast-quality-menu>`}
      ${canBeInPicture
        ? this.#button(
            { type: "toggle-picture-in-picture" },
            pictureIcon,
            isInPicture ? "Leave picture in picture" : "Picture in picture",
            "P",
          )
        : nothing}
      ${canFullscreen
        ? this.#button(
            { type: "toggle-fullscreen" },
            isFullscreen ? windowedIcon : fullscreenIcon,
            isFullscreen ? "Leave full screen" : "Full screen",
            "F",
          )
        : nothing}`;
  }

  #button(
    command: PlayerCommand,
    icon: TemplateResult,
    name: string,
    key: string,
    className: string | typeof nothing = nothing,
  ): TemplateResult {
    return html`<button
      type="button"
      class=${className}
      aria-label=${name}
      title="${name} (${key})"
      @click=${() => {
        this.dispatchEvent(new PlayerCommandEvent(command));
      }}
    >
      ${icon}
    </button>`;
  }
}
