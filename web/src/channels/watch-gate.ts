import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { ChannelView } from "../api/channel-names.js";
import type { components } from "../api/schema.js";
import { api } from "../api/server.js";
import "../brand/rill-art.js";
import { buttonStyle } from "../button-style.js";
import { signInPath } from "../session/return-path.js";
import { SessionWatch } from "../session/session-watch.js";
import { gateTexts } from "../texts/channels.js";
import { momentText } from "../texts/spans.js";
import type { Access } from "./access.js";
import "./follow-button.js";

type Refusal = components["schemas"]["RefusalView"];

/**
 * What stands in the player's place for who may not watch, and what can be done about it.
 *
 * @fires retry - the person wants the server asked again
 */
@customElement("rillcast-watch-gate")
export class WatchGate extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    css`
      :host {
        position: relative;
        display: grid;
        place-items: center;
        min-height: min(26rem, 60dvh);
        overflow: hidden;
        color: #eef4f5;
      }
      rillcast-rill-art,
      .veil {
        position: absolute;
        inset: 0;
      }
      .veil {
        background: radial-gradient(circle at 50% 45%, rgb(6 10 12 / 84%), rgb(6 10 12 / 66%));
      }
      .words {
        position: relative;
        display: grid;
        gap: var(--space-3);
        justify-items: center;
        max-width: 36rem;
        padding: var(--space-5);
        text-align: center;
      }
      h1,
      h2,
      p {
        margin: 0;
      }
      h1,
      h2 {
        font-size: var(--text-xl);
        letter-spacing: -0.02em;
        line-height: 1.2;
        text-wrap: balance;
      }
      p {
        color: #c4d1d5;
      }
      .words > a,
      .words > button {
        margin-top: var(--space-2);
        border-color: transparent;
        background: #eef4f5;
        color: #0a0f12;
      }
      .words > a:hover,
      .words > button:hover {
        background: #fff;
      }
    `,
  ];

  @property() name = "";
  @property({ attribute: false }) access: Access = { kind: "asking" };
  @property({ attribute: false }) channel: ChannelView | null = null;

  /** Why they may not, if it was said. */
  @state() private why: Refusal | null = null;
  readonly #session = new SessionWatch(this);

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has("access")) return;
    this.why = null;
    if (this.access.kind === "refused" && this.#session.me !== null) void this.#askWhy();
  }

  override render(): TemplateResult {
    return html`<rillcast-rill-art .name=${this.name}></rillcast-rill-art>
      <div class="veil"></div>
      <div class="words">${this.#renderWords()}</div>`;
  }

  #renderWords(): TemplateResult | typeof nothing {
    const isVisitor = this.#session.me === null;
    switch (this.access.kind) {
      case "asking":
      case "open":
      case "leave":
        return nothing;
      case "closed":
        return headline(
          gateTexts.closedTitle,
          this.access.reason === "" ? gateTexts.closedText : gateTexts.closedBecause(this.access.reason),
        );
      case "for-followers":
        return html`${headline(gateTexts.followersTitle, gateTexts.followersText)}
          <rillcast-follow-button .channel=${this.channel}></rillcast-follow-button>`;
      case "refused":
        return isVisitor
          ? html`${headline(gateTexts.followersTitle, gateTexts.followersSignIn)} ${signInLink()}`
          : this.#renderRefused();
      case "over":
        return html`${headline(gateTexts.endedTitle, gateTexts.endedText)}
          ${isVisitor ? signInLink() : this.#renderRetry()}`;
      case "bad-link":
        return html`${pageHeadline(gateTexts.linkTitle, gateTexts.linkText)}
          ${isVisitor ? signInLink() : homeLink()}`;
      case "not-found":
        return html`${pageHeadline(gateTexts.privateTitle, gateTexts.privateText)}
          ${isVisitor ? signInLink() : homeLink()}`;
      case "unreadable":
        return html`${headline(gateTexts.unreadableTitle, gateTexts.unreadableText)}
          ${this.#renderRetry()}`;
    }
  }

  #renderRefused(): TemplateResult {
    const { why } = this;
    if (why?.code !== "banned") return headline(gateTexts.refusedTitle, gateTexts.refusedText);
    const waitMs = (why.retryAfterS ?? 0) * 1000;
    const until = waitMs === 0 ? "" : momentText(Date.now() + waitMs);
    return html`${headline(gateTexts.bannedTitle, gateTexts.bannedText(until))}
      ${why.reason === "" ? nothing : html`<p>${gateTexts.reasonIs(why.reason)}</p>`}`;
  }

  /** Whoever was shut out is told why by the room, which knows. */
  async #askWhy(): Promise<void> {
    try {
      const { body } = await api.get("/channels/{channel}/chat", { path: { channel: this.name } });
      this.why = body.standing.whyNot;
    } catch {
      // What is known stays on the page: they may not watch.
    }
  }

  #renderRetry(): TemplateResult {
    return html`<button type="button" @click=${this.#retry}>${gateTexts.tryAgain}</button>`;
  }

  readonly #retry = (): void => {
    this.dispatchEvent(new Event("retry"));
  };
}

function headline(title: string, text: string): TemplateResult {
  return html`<h2>${title}</h2>
    <p>${text}</p>`;
}

/** Where there is nothing else on the page. */
function pageHeadline(title: string, text: string): TemplateResult {
  return html`<h1>${title}</h1>
    <p>${text}</p>`;
}

function homeLink(): TemplateResult {
  return html`<a class="button" href="/">${gateTexts.home}</a>`;
}

function signInLink(): TemplateResult {
  const from = location.pathname + location.search;
  return html`<a class="button" href=${signInPath(from)}>${gateTexts.signIn}</a>`;
}
