import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import "../brand/rill-art.js";
import { controlStyle } from "./control-style.js";
import type { PlaybackFailure } from "./playback-failure.js";
import { failureWords } from "./playback-failure.js";
import { PlayerCommandEvent } from "./player-command.js";
import type { PlayerState } from "./player-state.js";

interface Notice {
  readonly title: string;
  readonly text: string;
  /** Something is being waited for, and the page goes on by itself. */
  readonly isWaiting: boolean;
  readonly retry: string | null;
}

/** What stands over the stage when there is no moving picture. */
@customElement("rillcast-player-overlay")
export class PlayerOverlay extends LitElement {
  static override styles: CSSResultGroup = [
    controlStyle,
    css`
      :host {
        position: absolute;
        inset: 0;
        display: grid;
        place-items: center;
        container-type: size;
        pointer-events: none;
      }
      :host(.above-controls) .notice {
        margin-bottom: 3.25rem;
      }
      rillcast-rill-art,
      .veil {
        position: absolute;
        inset: 0;
      }
      rillcast-rill-art {
        opacity: 0.55;
      }
      .veil {
        background: radial-gradient(circle at 50% 45%, rgb(6 10 12 / 80%), rgb(6 10 12 / 58%));
        /* The last picture stays, but words in it no longer compete with the notice. */
        backdrop-filter: blur(10px);
      }
      .notice {
        position: relative;
        max-width: 40rem;
        padding: var(--space-4) var(--space-5);
        color: #eef4f5;
        text-align: center;
        pointer-events: auto;
      }
      h2 {
        margin: 0 0 var(--space-2);
        font-size: clamp(1.125rem, 0.8rem + 1.6vw, 1.75rem);
        letter-spacing: -0.01em;
        line-height: 1.2;
        overflow-wrap: anywhere;
        text-wrap: balance;
      }
      p {
        margin: 0;
        color: #c4d1d5;
        font-size: clamp(0.875rem, 0.8rem + 0.4vw, 1rem);
      }
      .watching {
        display: inline-block;
        width: 0.625rem;
        height: 0.625rem;
        margin-bottom: var(--space-3);
        border-radius: 50%;
        background: #3fd8c3;
        animation: breathe 2.4s ease-in-out infinite;
      }
      .retry {
        margin-top: var(--space-4);
        padding: 0 var(--space-4);
        background: #eef4f5;
        color: #0a0f12;
      }
      .retry:hover {
        background: #fff;
      }
      /* A phone held upright: the picture is as high as eight lines. */
      @container (max-height: 17rem) {
        .notice {
          padding: var(--space-1) var(--space-4);
        }
        .watching {
          margin-bottom: var(--space-1);
        }
        h2 {
          margin-bottom: var(--space-1);
        }
        .retry {
          height: 2.25rem;
          margin-top: var(--space-2);
        }
      }
      .spinner {
        width: 3rem;
        height: 3rem;
        border: 4px solid rgb(255 255 255 / 22%);
        border-top-color: #fff;
        border-radius: 50%;
        /* A hiccup of a tenth of a second shows nothing. */
        opacity: 0;
        animation:
          turn 0.9s linear infinite,
          appear 0.2s 0.35s forwards;
      }
      @keyframes turn {
        to {
          transform: rotate(1turn);
        }
      }
      @keyframes appear {
        to {
          opacity: 1;
        }
      }
      @keyframes breathe {
        50% {
          opacity: 0.25;
          transform: scale(0.75);
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .watching {
          animation: none;
        }
        .spinner {
          animation:
            turn 3s linear infinite,
            appear 0s 0.35s forwards;
        }
      }
    `,
  ];

  @property({ attribute: false }) state: PlayerState = "loading";
  @property({ attribute: false }) failure: PlaybackFailure | null = null;
  @property() channel = "";
  /** The browser knows of no network at all. */
  @property({ type: Boolean }) isOffline = false;
  /** There is a last picture to see through the veil. */
  @property({ type: Boolean }) hasPicture = false;

  override render(): TemplateResult | typeof nothing {
    if (this.state === "playing" || this.state === "paused") return nothing;
    const art = this.hasPicture
      ? nothing
      : html`<rillcast-rill-art .name=${this.channel}></rillcast-rill-art>`;
    const notice = noticeOf(this.state, this.channel, this.isOffline, this.failure);
    if (notice === null) return html`${art}<span class="spinner"></span>`;
    return html`${art}
      <div class="veil"></div>
      <div class="notice">
        ${notice.isWaiting ? html`<span class="watching"></span>` : nothing}
        <h2>${notice.title}</h2>
        <p>${notice.text}</p>
        ${notice.retry === null
          ? nothing
          : html`<button type="button" class="retry" @click=${this.#retry}>${notice.retry}</button>`}
      </div>`;
  }

  readonly #retry = (): void => {
    this.dispatchEvent(new PlayerCommandEvent({ type: "retry" }));
  };
}

function noticeOf(
  state: PlayerState,
  channel: string,
  isOffline: boolean,
  failure: PlaybackFailure | null,
): Notice | null {
  switch (state) {
    case "offline":
      return {
        title: `${channel} is offline`,
        text: "The show starts here by itself when the channel goes live.",
        isWaiting: true,
        retry: null,
      };
    case "starting":
      return {
        title: `${channel} is about to start`,
        text: "The streamer is connected. The first pictures are on their way.",
        isWaiting: true,
        retry: null,
      };
    case "interrupted":
      return {
        title: "The streamer’s connection dropped",
        text: "Waiting for them to return. The show goes on here by itself.",
        isWaiting: true,
        retry: null,
      };
    case "ended":
      return {
        title: "The show has ended",
        text: "Stay here, and the next one starts by itself.",
        isWaiting: false,
        retry: null,
      };
    case "unreachable":
      return {
        title: isOffline ? "You are offline" : "Reconnecting to the stream…",
        text: isOffline
          ? "The show goes on here by itself as soon as you have a connection again."
          : "The server does not answer right now. The show goes on here by itself.",
        isWaiting: true,
        retry: isOffline ? null : "Try now",
      };
    case "error": {
      const words = failureWords(failure ?? { reason: "broken", detail: "" });
      return { title: words.title, text: words.advice, isWaiting: false, retry: "Try again" };
    }
    case "loading":
    case "buffering":
    case "playing":
    case "paused":
      return null;
  }
}
