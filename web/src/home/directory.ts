import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement } from "lit/decorators.js";

import type { Category } from "../api/channel-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { browsePath } from "../channels/browse-path.js";
import { blockStyle, emptyBlock, errorBlock } from "../forms/blocks.js";
import { signInPath } from "../session/return-path.js";
import { SessionWatch } from "../session/session-watch.js";
import { presentPath } from "../shell/navigate.js";
import { categoryName } from "../texts/channels.js";
import { directoryTexts } from "../texts/directory.js";
import { recommendationTexts } from "../texts/recommendations.js";
import { shellTexts } from "../texts/shell.js";
import { countText } from "../texts/spans.js";
import { cardGrid, cardGridStyle, cardSkeleton } from "./card-grid.js";
import { directoryStyle } from "./directory-style.js";
import type { DirectoryLists } from "./directory-watch.js";
import { DirectoryWatch, othersLive } from "./directory-watch.js";
import { recommendedGrid } from "./recommended.js";

const SKELETONS = 6;

/** What is live now and was lately, and by which categories to look for more. */
@customElement("rillcast-directory")
export class Directory extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    blockStyle,
    cardGridStyle,
    directoryStyle,
    css`
      .invitation {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-4);
        padding: var(--space-5);
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--surface);
      }
      .invitation p {
        max-width: 40rem;
        margin: var(--space-1) 0 0;
        color: var(--text-muted);
      }
      .invitation h2 {
        margin: 0;
      }
    `,
  ];

  readonly #session = new SessionWatch(this);
  readonly #watch = new DirectoryWatch(this, api, () => this.#session.me !== null);
  #askedFor: string | null = null;

  override willUpdate(): void {
    const who = this.#session.me?.id ?? "";
    if (this.#askedFor !== null && who !== this.#askedFor) this.#watch.retry();
    this.#askedFor = who;
  }

  override render(): TemplateResult {
    const { lists, error } = this.#watch;
    return html`<header>
        <h1>${directoryTexts.homeTitle}</h1>
        <p class="count" role="status">${lists === null ? nothing : countLine(lists)}</p>
      </header>
      ${lists === null
        ? error === null
          ? cardSkeleton(SKELETONS)
          : errorBlock(error, this.#retry)
        : html`${error === null ? nothing : html`<p class="stale" role="status">${directoryTexts.stale}</p>`}
            ${this.#renderLists(lists)}`}`;
  }

  #renderLists(lists: DirectoryLists): TemplateResult {
    const others = othersLive(lists);
    return html`${renderCategories(lists.categories)}
      ${lists.followed.length === 0
        ? nothing
        : html`<section aria-labelledby="following">
            <h2 id="following">${directoryTexts.following}</h2>
            ${cardGrid(lists.followed)}
          </section>`}
      ${lists.recommended.length === 0
        ? nothing
        : html`<section aria-labelledby="recommended">
            <h2 id="recommended">${recommendationTexts.heading}</h2>
            ${recommendedGrid(lists.recommended)}
          </section>`}
      <section aria-label=${directoryTexts.homeTitle}>
        ${others.length > 0
          ? html`${others.length < lists.live.length ? html`<h2>${directoryTexts.others}</h2>` : nothing}
              ${cardGrid(others)}`
          : lists.followed.length + lists.recommended.length > 0
            ? html`<p class="quiet">${directoryTexts.nothingMore}</p>`
            : emptyBlock(directoryTexts.nobodyOnAir, directoryTexts.nobodyOnAirText)}
      </section>
      ${lists.recent.length === 0
        ? nothing
        : html`<section aria-labelledby="recent">
            <h2 id="recent">${directoryTexts.recent}</h2>
            ${cardGrid(lists.recent)}
          </section>`}
      ${this.#renderInvitation()}`;
  }

  #renderInvitation(): TemplateResult {
    const isSignedIn = this.#session.me !== null;
    return html`<section class="invitation" aria-labelledby="go-live">
      <div>
        <h2 id="go-live">${directoryTexts.goLive}</h2>
        <p>${directoryTexts.goLiveText}</p>
      </div>
      ${isSignedIn
        ? html`<a class="button primary" href="/dashboard">${directoryTexts.openDashboard}</a>`
        : this.#session.registration === "open"
          ? html`<a class="button primary" href="/sign-up">${shellTexts.signUp}</a>`
          : html`<a class="button primary" href=${signInPath(presentPath())}>${shellTexts.signIn}</a>`}
    </section>`;
  }

  readonly #retry = (): void => {
    this.#watch.retry();
  };
}

/** Those that have somebody on air first; each leads to the page of its channels. */
function renderCategories(categories: readonly Category[]): TemplateResult | typeof nothing {
  if (categories.length === 0) return nothing;
  const sorted = [...categories].sort((one, other) => other.liveCount - one.liveCount);
  return html`<nav class="chips" aria-label=${directoryTexts.categories}>
    ${sorted.map(
      ({ category, liveCount }) =>
        html`<a class="chip" href=${browsePath({ category })}
          >${categoryName(category)}
          ${liveCount === 0
            ? nothing
            : html`<span class="number"
                >${liveCount}<span class="hidden-text"> ${directoryTexts.live}</span></span
              >`}</a
        >`,
    )}
  </nav>`;
}

function countLine({ live }: DirectoryLists): string {
  return live.length === 0
    ? directoryTexts.nobodyOnAir
    : directoryTexts.count(countText(live.length, "channel"));
}
