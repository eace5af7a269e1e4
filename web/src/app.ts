import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";

import "./brand/wordmark.js";
import { buttonStyle } from "./button-style.js";
import "./home/going-live.js";
import { broadcastIcon, closeIcon } from "./icons.js";
import "./pages/home-page.js";
import "./pages/not-found-page.js";
import { Router } from "./router.js";

/** The frame of every page: the way home, how to go live, and the page itself. */
@customElement("rillcast-app")
export class App extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 100dvh;
      }
      .skip {
        position: absolute;
        z-index: 2;
        top: var(--space-2);
        left: var(--space-2);
        translate: 0 -200%;
        background: var(--surface);
      }
      .skip:focus {
        translate: 0;
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        height: var(--header-height);
        padding: 0 var(--gutter);
        border-bottom: 1px solid var(--line);
        background: var(--surface);
      }
      .home {
        display: inline-flex;
        align-items: center;
        min-height: 2.75rem;
        border-radius: var(--radius-s);
        text-decoration: none;
      }
      header button {
        min-height: 2.5rem;
      }
      main {
        flex: 1;
      }
      main:focus {
        outline: none;
      }
      dialog {
        width: min(34rem, calc(100vw - 2rem));
        max-height: calc(100dvh - 2rem);
        padding: var(--space-5);
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--ground);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      dialog::backdrop {
        background: rgb(4 8 10 / 60%);
      }
      .dialog-head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        margin-bottom: var(--space-4);
      }
      h2 {
        margin: 0;
        font-size: var(--text-l);
        letter-spacing: -0.01em;
      }
      .close {
        width: 2.75rem;
        padding: 0;
        border-color: transparent;
      }
    `,
  ];

  @state() private hasChannelPage = false;
  @query("dialog") private readonly dialog!: HTMLDialogElement;
  @query("main") private readonly main!: HTMLElement;

  readonly #router = new Router(this, () => void this.#arrive());

  override render(): TemplateResult {
    return html`<header>
        <button type="button" class="skip" @click=${this.#skip}>Skip to content</button>
        <a class="home" href="/" aria-label="Rillcast, home">
          <rillcast-wordmark></rillcast-wordmark>
        </a>
        <button type="button" @click=${this.#openGuide}>${broadcastIcon} Go live</button>
      </header>
      <main tabindex="-1">${this.#renderPage()}</main>
      <dialog aria-labelledby="guide-title" @click=${this.#onDialogClick}>
        <div class="dialog-head">
          <h2 id="guide-title">Go live</h2>
          <button type="button" class="close" aria-label="Close" @click=${this.#closeGuide}>
            ${closeIcon}
          </button>
        </div>
        <rillcast-going-live></rillcast-going-live>
      </dialog>`;
  }

  #renderPage(): TemplateResult | typeof nothing {
    const { route } = this.#router;
    switch (route.page) {
      case "home":
        return html`<rillcast-home-page></rillcast-home-page>`;
      case "channel":
        if (!this.hasChannelPage) {
          void this.#loadChannelPage();
          return nothing;
        }
        return html`<rillcast-channel-page .channel=${route.channel}></rillcast-channel-page>`;
      case "not-found":
        return html`<rillcast-not-found-page></rillcast-not-found-page>`;
    }
  }

  /** The player is most of the code, and the list of channels does without it. */
  async #loadChannelPage(): Promise<void> {
    await import("./pages/channel-page.js");
    this.hasChannelPage = true;
  }

  /** Puts the focus where a page load would put it: at the beginning of the new page. */
  async #arrive(): Promise<void> {
    this.dialog.close();
    await this.updateComplete;
    window.scrollTo(0, 0);
    this.main.focus({ preventScroll: true });
  }

  /** A link to a fragment would not find <main>, which is in a shadow root. */
  readonly #skip = (): void => {
    this.main.focus();
  };

  readonly #openGuide = (): void => {
    this.dialog.showModal();
  };

  readonly #closeGuide = (): void => {
    this.dialog.close();
  };

  readonly #onDialogClick = (event: Event): void => {
    // Its padding belongs to the content; only the backdrop has the dialog itself as the target.
    if (event.composedPath()[0] === this.dialog) this.dialog.close();
  };
}
