import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, query, state } from "lit/decorators.js";

import { buttonStyle, hiddenTextStyle } from "./button-style.js";
import { blockStyle, errorBlock } from "./forms/blocks.js";
import "./home/going-live.js";
import { closeIcon } from "./icons.js";
import "./notifications/toasts.js";
import { renewPushDaily } from "./push/push-renewal.js";
import { Router } from "./router.js";
import { session } from "./session/current.js";
import { signInPath } from "./session/return-path.js";
import { SessionWatch } from "./session/session-watch.js";
import { presentPath, redirect } from "./shell/navigate.js";
import type { RoutedPage } from "./shell/page-table.js";
import { pageAt } from "./shell/page-table.js";
import { pageSkeleton, pageSkeletonStyle } from "./shell/page-skeleton.js";
import "./shell/top-bar.js";
import { ServerUnreachable } from "./status/server-unreachable.js";
import { formTexts } from "./texts/forms.js";
import { shellTexts, titleOf } from "./texts/shell.js";

const COMING_IN: ReadonlySet<string> = new Set(["sign-in", "sign-up", "set-up"]);

/** The frame of every page: the bar above it, the page itself, and who may see it. */
@customElement("rillcast-app")
export class App extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    blockStyle,
    pageSkeletonStyle,
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
      main {
        flex: 1;
      }
      .waiting {
        max-width: 60rem;
        margin: 0 auto;
        padding: var(--space-6) var(--gutter);
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

  /** Pages whose code is there. */
  @state() private loaded: ReadonlySet<string> = new Set();
  /** Why the code of a page did not come. */
  @state() private loadError: unknown = null;
  @query("dialog") private readonly dialog!: HTMLDialogElement | null;
  @query("main") private readonly main!: HTMLElement;

  readonly #loading = new Set<string>();
  readonly #session = new SessionWatch(this);
  #renewedFor: string | null = null;
  readonly #router = new Router(this, () => void this.#arrive());

  override willUpdate(): void {
    this.#router.hasAccounts = this.#session.state.kind !== "no-accounts";
  }

  override render(): TemplateResult {
    const { route } = this.#router;
    const page = pageAt(route);
    if (page.isBare) return html`<main tabindex="-1">${this.#renderPage(page)}</main>`;
    const searched = route.page === "search" ? new URLSearchParams(route.query).get("q") : null;
    return html`<button type="button" class="skip" @click=${this.#skip}>${shellTexts.skip}</button>
      <header>
        <rillcast-top-bar
          .searched=${searched ?? ""}
          .isComingIn=${COMING_IN.has(route.page)}
          @open-guide=${this.#openGuide}
        ></rillcast-top-bar>
      </header>
      <main tabindex="-1">${this.#renderPage(page)}</main>
      <rillcast-toasts></rillcast-toasts>
      <dialog aria-labelledby="guide-title" @click=${this.#onDialogClick}>
        <div class="dialog-head">
          <h2 id="guide-title">${shellTexts.goLive}</h2>
          <button
            type="button"
            class="close"
            aria-label=${formTexts.close}
            @click=${this.#closeGuide}
          >
            ${closeIcon}
          </button>
        </div>
        <rillcast-going-live></rillcast-going-live>
      </dialog>`;
  }

  override updated(changed: PropertyValues): void {
    super.updated(changed);
    const page = pageAt(this.#router.route);
    if (page.title !== null) document.title = titleOf(page.title);
    const isVisitor = this.#session.state.kind === "signed-out";
    this.#renewPush(isVisitor);
    if (page.access !== "anybody" && isVisitor) redirect(signInPath(presentPath()));
    else if (!this.loaded.has(page.name) && this.loadError === null) void this.#load(page);
  }

  /** Once for each person who comes, and when they go. */
  #renewPush(isVisitor: boolean): void {
    const { me } = this.#session;
    const who = isVisitor ? "" : (me?.id ?? null);
    if (who === null || who === this.#renewedFor) return;
    this.#renewedFor = who;
    // Tomorrow is early enough to try again.
    renewPushDaily(me?.id ?? null).catch(() => undefined);
  }

  #renderPage(page: RoutedPage): TemplateResult {
    const { state: who, me } = this.#session;
    if (this.loadError !== null) return renderLoadFailure();
    if (page.access !== "anybody") {
      if (who.kind === "unknown") {
        return html`<div class="waiting">
          ${errorBlock(new ServerUnreachable(who.kind), () => void session.refresh())}
        </div>`;
      }
      if (me === null) return pageSkeleton(page.shape);
      if (page.access === "admin" && me.role !== "admin") return this.#renderNothingHere();
    }
    return this.loaded.has(page.name) ? page.render() : pageSkeleton(page.shape);
  }

  /** To who may not see a page, it is not there. */
  #renderNothingHere(): TemplateResult {
    const page = pageAt({ page: "not-found", path: location.pathname });
    if (this.loaded.has(page.name)) return page.render();
    void this.#load(page);
    return pageSkeleton(page.shape);
  }

  async #load(page: RoutedPage): Promise<void> {
    if (this.#loading.has(page.name)) return;
    this.#loading.add(page.name);
    try {
      await page.load();
      this.loaded = new Set([...this.loaded, page.name]);
    } catch (error) {
      this.loadError = error;
    }
  }

  /** Puts the focus where a page load would put it: at the beginning of the new page. */
  async #arrive(): Promise<void> {
    this.dialog?.close();
    if (this.#session.state.kind === "unknown") void session.refresh();
    await this.updateComplete;
    window.scrollTo(0, 0);
    this.main.focus({ preventScroll: true });
  }

  /** A link to a fragment would not find <main>, which is in a shadow root. */
  readonly #skip = (): void => {
    this.main.focus();
  };

  readonly #openGuide = (): void => {
    this.dialog?.showModal();
  };

  readonly #closeGuide = (): void => {
    this.dialog?.close();
  };

  readonly #onDialogClick = (event: Event): void => {
    // Its padding belongs to the content; only the backdrop has the dialog itself as the target.
    if (event.composedPath()[0] === this.dialog) this.#closeGuide();
  };
}

/** The code of a page is gone when the server has been updated since this page was opened. */
function renderLoadFailure(): TemplateResult {
  return html`<div class="waiting">
    <div class="block" role="alert">
      <h3>${shellTexts.loadFailed}</h3>
      <p>${shellTexts.pageGone}</p>
      <button type="button" class="primary" @click=${() => { location.reload(); }}>
        ${shellTexts.reload}
      </button>
    </div>
  </div>`;
}
