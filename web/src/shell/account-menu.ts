import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, query } from "lit/decorators.js";

import { buttonStyle } from "../button-style.js";
import { Submission } from "../forms/submission.js";
import { session } from "../session/current.js";
import { SessionWatch } from "../session/session-watch.js";
import { shellTexts } from "../texts/shell.js";
import "./avatar.js";
import { navigate } from "./navigate.js";

/** The pages of who is signed in, and the way out. */
@customElement("rillcast-account-menu")
export class AccountMenu extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    css`
      :host {
        display: block;
      }
      .face {
        width: 2.75rem;
        min-height: 2.75rem;
        padding: 0;
        border-color: transparent;
        border-radius: 50%;
      }
      nav {
        position: fixed;
        inset: calc(var(--header-height) + var(--space-1)) var(--gutter) auto auto;
        width: min(16rem, calc(100vw - 2rem));
        margin: 0;
        padding: var(--space-2);
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      .who {
        margin: 0;
        padding: var(--space-2) var(--space-3);
        overflow-wrap: anywhere;
      }
      .who b {
        display: block;
      }
      .who span,
      .failed {
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      nav a,
      nav button {
        display: flex;
        justify-content: flex-start;
        align-items: center;
        width: 100%;
        min-height: 2.75rem;
        padding: 0 var(--space-3);
        border: 0;
        border-radius: var(--radius-m);
        color: inherit;
        font: 500 var(--text-m) / 1.2 var(--font);
        text-decoration: none;
      }
      nav a:hover {
        background: var(--raised);
      }
      .failed {
        margin: 0;
        padding: 0 var(--space-3) var(--space-2);
      }
      hr {
        margin: var(--space-2) 0;
        border: 0;
        border-top: 1px solid var(--line);
      }
    `,
  ];

  @query("nav") private readonly menu!: HTMLElement;
  readonly #session = new SessionWatch(this);
  readonly #signingOut = new Submission(this);

  override render(): TemplateResult | typeof nothing {
    const { me } = this.#session;
    if (me === null) return nothing;
    return html`<button
        type="button"
        class="face"
        aria-label=${`${shellTexts.accountMenu}: ${me.displayName}`}
        popovertarget="menu"
      >
        <rillcast-avatar .name=${me.displayName} .src=${me.avatar?.small ?? null}></rillcast-avatar>
      </button>
      <nav id="menu" popover aria-label=${shellTexts.accountPages} @click=${this.#onClick}>
        <p class="who"><b>${me.displayName}</b><span>${me.email}</span></p>
        <hr />
        <a href="/following">${shellTexts.following}</a>
        <a href="/dashboard">${shellTexts.dashboard}</a>
        <a href="/settings">${shellTexts.settings}</a>
        ${me.role === "admin" ? html`<a href="/admin">${shellTexts.admin}</a>` : nothing}
        <hr />
        <button type="button" aria-disabled=${this.#signingOut.isBusy} @click=${this.#signOut}>
          ${shellTexts.signOut}
        </button>
        ${this.#signingOut.failure === null
          ? nothing
          : html`<p class="failed" role="alert">${this.#signingOut.failure.text}</p>`}
      </nav>`;
  }

  readonly #onClick = (event: Event): void => {
    if (event.target instanceof HTMLAnchorElement) this.menu.hidePopover();
  };

  readonly #signOut = async (): Promise<void> => {
    if (await this.#signingOut.run(() => session.signOut())) navigate("/");
  };
}
