import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import { buttonStyle } from "../button-style.js";
import "../copy-button.js";
import "../elapsed-time.js";
import "../player/live-player.js";
import "../state-badge.js";
import { mainAudio, mainVideo } from "../status/channel-status.js";
import { ChannelWatch } from "../status/channel-watch.js";
import { serverClock, statusClient } from "../status/server.js";
import { audioFacts, videoFacts } from "../wording.js";
import "./not-found-page.js";
import "./watch-elsewhere.js";

/** One channel: its player, and what there is to say about the show. */
@customElement("rillcast-channel-page")
export class ChannelPage extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    css`
      :host {
        display: block;
      }
      .theatre {
        background: #05080a;
      }
      rillcast-player {
        /* As wide as the page, unless the picture would then be taller than the window. */
        width: min(100%, calc((100dvh - var(--header-height) - 9rem) * 16 / 9));
        min-width: min(100%, 40rem);
        margin: 0 auto;
        aspect-ratio: 16 / 9;
      }
      .about {
        display: grid;
        grid-template:
          "title copy" auto "facts facts" auto "elsewhere elsewhere" auto
          / minmax(0, 1fr) auto;
        gap: var(--space-1) var(--space-4);
        align-items: center;
        max-width: var(--page-width);
        margin: 0 auto;
        padding: var(--space-4) var(--gutter);
      }
      @media (min-width: 48rem) {
        .about {
          grid-template:
            "title copy" auto "facts copy" auto "elsewhere elsewhere" auto
            / minmax(0, 1fr) auto;
        }
      }
      rillcast-copy-button {
        grid-area: copy;
      }
      rillcast-watch-elsewhere {
        grid-area: elsewhere;
      }
      h1 {
        grid-area: title;
        margin: 0;
        font-size: var(--text-xl);
        letter-spacing: -0.02em;
        line-height: 1.25;
        overflow-wrap: anywhere;
      }
      .facts {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-3);
        grid-area: facts;
        min-height: 1.75rem;
        margin: 0;
        color: var(--text-muted);
        font-size: var(--text-s);
      }
    `,
  ];

  @property() channel = "";

  readonly #watch = new ChannelWatch(this, statusClient);

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("channel")) this.#watch.watch(this.channel);
    const { phase } = this.#watch;
    document.title = `${phase === "live" ? "● " : ""}${this.channel} · Rillcast`;
  }

  override render(): TemplateResult {
    const { phase, status } = this.#watch;
    if (phase === "not-found") return html`<rillcast-not-found-page></rillcast-not-found-page>`;
    const startedAtMs = status?.startedAtMs ?? null;
    // While nobody answers, the last word holds: a show that was on air is still told of.
    const state = phase === "unreachable" ? status?.state : phase;
    const isOnAir = state === "live" || state === "interrupted";
    return html`<div class="theatre">
        <rillcast-player
          .channel=${this.channel}
          .phase=${phase}
          .status=${status}
          .clock=${serverClock}
          @status-doubt=${this.#onDoubt}
        ></rillcast-player>
      </div>
      <section class="about" aria-label="About this channel">
        <h1>${this.channel}</h1>
        <p class="facts">
          <rillcast-state-badge .phase=${phase}></rillcast-state-badge>
          ${isOnAir && startedAtMs !== null
            ? html`<rillcast-elapsed-time .sinceMs=${startedAtMs}></rillcast-elapsed-time>`
            : nothing}
          ${isOnAir ? this.#renderFacts() : nothing}
        </p>
        <rillcast-copy-button
          text=${location.href}
          label="Copy link"
          icon="link"
        ></rillcast-copy-button>
        <rillcast-watch-elsewhere .channel=${this.channel}></rillcast-watch-elsewhere>
      </section>`;
  }

  #renderFacts(): TemplateResult | typeof nothing {
    const { status } = this.#watch;
    if (status === null) return nothing;
    const video = mainVideo(status);
    const audio = mainAudio(status);
    const facts = [
      video === null ? null : videoFacts(video).join(" · "),
      audio === null ? null : audioFacts(audio).join(" · "),
    ];
    return html`${facts.map((fact) => (fact === null ? nothing : html`<span>${fact}</span>`))}`;
  }

  readonly #onDoubt = (): void => {
    this.#watch.hasten();
  };
}
