import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement } from "lit/decorators.js";

import { api } from "../api/server.js";
import { isChannelName } from "../channel-name.js";
import { mayPlay } from "../channels/access.js";
import { ChannelAccess } from "../channels/channel-access.js";
import { sharedLinkToken } from "../channels/shared-link.js";
import "../player/live-player.js";
import type { ChannelPhase } from "../status/channel-phase.js";
import { ChannelWatch } from "../status/channel-watch.js";
import { serverClock, statusClient } from "../status/server.js";
import { gateTexts } from "../texts/channels.js";
import { embedTexts } from "../texts/embed.js";

const PATH = /^\/embed\/([^/]+)\/?$/;

/**
 * One channel's player in a frame on another site, and a way from there to the channel's page.
 *
 * Knows of nobody's session: browsers send none into frames of other sites, and there is nothing
 * here that one could be led to press. A shared link lets in who watches.
 */
@customElement("rillcast-embed")
export class Embed extends LitElement {
  static override styles: CSSResultGroup = css`
    :host {
      position: relative;
      display: block;
      height: 100%;
      background: #05080a;
      color: #eef4f5;
      font-family: var(--font);
    }
    rillcast-player {
      width: 100%;
      height: 100%;
    }
    a {
      position: absolute;
      top: var(--space-3);
      right: var(--space-3);
      max-width: calc(100% - 2 * var(--space-3));
      padding: 0.5rem var(--space-3);
      overflow: hidden;
      border-radius: var(--radius-s);
      background: rgb(5 8 10 / 78%);
      color: #eef4f5;
      font: 600 var(--text-xs) / 1.2 var(--font);
      text-decoration: none;
      text-overflow: ellipsis;
      white-space: nowrap;
      opacity: 0;
      transition: opacity var(--swift);
    }
    :host(:hover) a,
    a:focus-visible {
      opacity: 1;
    }
    /* No pointer can rest over it: it is always there. */
    @media (hover: none) {
      a {
        opacity: 0.85;
      }
    }
    a:focus-visible {
      outline: 3px solid #7ff0e0;
      outline-offset: 2px;
    }
    .refusal {
      display: grid;
      place-content: center;
      gap: var(--space-2);
      height: 100%;
      padding: var(--space-4);
      text-align: center;
    }
    h1,
    p {
      margin: 0;
    }
    h1 {
      font-size: var(--text-l);
    }
    p {
      color: #c4d1d5;
      font-size: var(--text-s);
    }
  `;

  readonly #channel = PATH.exec(location.pathname)?.[1] ?? "";
  readonly #link = sharedLinkToken(location.hash);
  readonly #startsMuted = new URLSearchParams(location.search).has("muted");
  readonly #access = new ChannelAccess(this, api, serverClock);
  readonly #watch = new ChannelWatch(this, statusClient);
  #lastPhase: ChannelPhase = "loading";

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = embedTexts.title(this.#channel);
    if (this.#link === null) this.#access.openToAll();
    else this.#access.look(this.#channel, this.#link);
  }

  override willUpdate(): void {
    if (!isChannelName(this.#channel)) return;
    this.#watch.watch(this.#channel, this.#access.token);
    const { phase } = this.#watch;
    const wasOnAir = this.#lastPhase === "live" || this.#lastPhase === "interrupted";
    if (wasOnAir && (phase === "ended" || phase === "offline")) this.#access.doubt();
    this.#lastPhase = phase;
  }

  override render(): TemplateResult {
    const { access } = this.#access;
    if (!isChannelName(this.#channel) || this.#watch.phase === "not-found") {
      return refusal(embedTexts.notFoundTitle, embedTexts.notFoundText);
    }
    if (access.kind === "bad-link") return refusal(gateTexts.linkTitle, gateTexts.linkText);
    if (!mayPlay(access)) return refusal(gateTexts.endedTitle, gateTexts.endedText);
    const isAsking = access.kind === "asking" && this.#watch.phase === "offline";
    return html`<rillcast-player
        .channel=${this.#channel}
        .phase=${isAsking ? "loading" : this.#watch.phase}
        .status=${this.#watch.status}
        .clock=${serverClock}
        ?startsMuted=${this.#startsMuted}
        @status-doubt=${this.#onDoubt}
      ></rillcast-player>
      <a href="/${this.#channel}${this.#link === null ? "" : location.hash}" target="_blank" rel="noopener"
        >${embedTexts.open(this.#channel)}</a
      >`;
  }

  readonly #onDoubt = (): void => {
    this.#watch.hasten();
  };
}

function refusal(title: string, text: string): TemplateResult {
  return html`<div class="refusal">
    <h1>${title}</h1>
    <p>${text}</p>
  </div>`;
}
