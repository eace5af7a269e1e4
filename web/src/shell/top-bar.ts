import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import "../brand/wordmark.js";
import { buttonStyle } from "../button-style.js";
import { broadcastIcon, searchIcon } from "../icons.js";
import "../notifications/bell.js";
import { signInPath } from "../session/return-path.js";
import type { SessionState } from "../session/session-state.js";
import { SessionWatch } from "../session/session-watch.js";
import { shellTexts } from "../texts/shell.js";
import "./account-menu.js";
import { presentPath } from "./navigate.js";
import "./search-box.js";

/**
 * The way home, to search, to one's own pages and to going live.
 *
 * Where there are no accounts, only home and a guide for going live, which "open-guide" asks for.
 */
@customElement("rillcast-top-bar")
export class TopBar extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    css`
      :host {
        display: block;
      }
      .bar {
        border-bottom: 1px solid var(--line);
        background: var(--surface);
        display: grid;
        grid-template-columns: auto 1fr;
        align-items: center;
        gap: var(--space-2);
        height: var(--header-height);
        padding: 0 var(--gutter);
      }
      .ways {
        display: flex;
        grid-column: -2;
        align-items: center;
        justify-content: end;
        gap: var(--space-2);
      }
      .home {
        display: inline-flex;
        align-items: center;
        justify-self: start;
        min-height: 2.75rem;
        border-radius: var(--radius-s);
        text-decoration: none;
      }
      button,
      .button {
        flex: none;
        min-height: 2.5rem;
      }
      rillcast-search-box {
        display: none;
        width: var(--search-width);
      }
      .icon-only {
        width: 2.75rem;
        padding: 0;
        border-color: transparent;
      }
      /* What has no visible edge is in line with the page by its picture. */
      .icon-only:last-child {
        margin-right: calc(-1 * var(--space-3));
      }
      .sign-up {
        display: none;
      }
      @media (min-width: 44rem) {
        /* Half of the window is left of the search's middle, with and without a scroll bar and
           whatever stands at the right: it stays where it is on every page. */
        .bar {
          --search-width: clamp(12rem, 100vw - 44rem, 26rem);
          grid-template-columns:
            minmax(
              min-content,
              calc(50vw - var(--search-width) / 2 - var(--gutter) - var(--space-2))
            )
            auto 1fr;
        }
        rillcast-search-box {
          display: block;
        }
        .search-link {
          display: none;
        }
        .sign-up {
          display: inline-flex;
        }
      }
      @media (max-width: 27rem) {
        .has-accounts .go-live span {
          display: none;
        }
        .has-accounts .go-live {
          width: 2.75rem;
          padding: 0;
        }
        .has-accounts .ways {
          gap: 0;
        }
      }
    `,
  ];

  /** What the present page has searched for. */
  @property() searched = "";
  /** Whether this is a page for coming in: it needs no link to itself. */
  @property({ type: Boolean }) isComingIn = false;

  readonly #session = new SessionWatch(this);

  override render(): TemplateResult {
    const { kind } = this.#session.state;
    const hasAccounts = kind === "signed-in" || kind === "signed-out";
    return html`<div class=${hasAccounts ? "bar has-accounts" : "bar"}>
      <a class="home" href="/" aria-label=${shellTexts.home}>
        <rillcast-wordmark></rillcast-wordmark>
      </a>
      ${hasAccounts
        ? html`<rillcast-search-box .text=${this.searched}></rillcast-search-box>`
        : nothing}
      <div class="ways">${this.#renderWays(kind)}</div>
    </div>`;
  }

  #renderWays(kind: SessionState["kind"]): TemplateResult {
    return html`${kind === "signed-in" || kind === "signed-out"
        ? html`<a class="button icon-only search-link" href="/search" aria-label=${shellTexts.search}>
            ${searchIcon}
          </a>`
        : nothing}
      ${kind === "no-accounts"
        ? html`<button type="button" @click=${this.#openGuide}>
            ${broadcastIcon} ${shellTexts.goLive}
          </button>`
        : nothing}
      ${kind === "signed-in"
        ? html`<a class="button go-live" href="/dashboard" aria-label=${shellTexts.goLive}>
              ${broadcastIcon} <span>${shellTexts.goLive}</span>
            </a>
            <rillcast-bell></rillcast-bell>
            <rillcast-account-menu></rillcast-account-menu>`
        : nothing}
      ${kind === "signed-out" ? this.#renderWayIn() : nothing}`;
  }

  #renderWayIn(): TemplateResult | typeof nothing {
    if (this.isComingIn) return nothing;
    const signIn = signInPath(presentPath());
    // Whom nobody lets in without an invitation has one way in: the link that came with it.
    if (this.#session.registration !== "open") {
      return html`<a class="button primary" href=${signIn}>${shellTexts.signIn}</a>`;
    }
    return html`<a class="button" href=${signIn}>${shellTexts.signIn}</a>
      <a class="button primary sign-up" href="/sign-up">${shellTexts.signUp}</a>`;
  }

  readonly #openGuide = (): void => {
    this.dispatchEvent(new CustomEvent("open-guide"));
  };
}
