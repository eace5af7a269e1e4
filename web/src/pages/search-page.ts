import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import type { Broadcast, ChannelCard } from "../api/channel-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import type { Browse } from "../channels/browse-path.js";
import { browseOf, browsePath, filterOf } from "../channels/browse-path.js";
import { languageName } from "../channels/language-name.js";
import { blockStyle, emptyBlock } from "../forms/blocks.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { cardGrid, cardGridStyle, cardSkeleton } from "../home/card-grid.js";
import { directoryStyle } from "../home/directory-style.js";
import { closeIcon } from "../icons.js";
import { channelPath } from "../route.js";
import "../shell/search-box.js";
import { broadcastFacts, categoryName, shownTitle } from "../texts/channels.js";
import { directoryTexts } from "../texts/directory.js";
import { titleOf } from "../texts/shell.js";
import { agoText } from "../texts/spans.js";

const SKELETONS = 4;

/** Channels and broadcasts that fit some words; or all channels, by category, tag and language. */
@customElement("rillcast-search-page")
export class SearchPage extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    blockStyle,
    cardGridStyle,
    directoryStyle,
    css`
      /* On wider screens it stands at the top of every page. */
      @media (min-width: 44rem) {
        rillcast-search-box {
          display: none;
        }
      }
      .chip svg {
        width: 1rem;
        height: 1rem;
      }
      ol {
        display: grid;
        gap: var(--space-2);
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .broadcast {
        display: block;
        padding: var(--space-3) var(--space-4);
        border: 1px solid var(--line);
        border-radius: var(--radius-m);
        background: var(--surface);
        color: inherit;
        text-decoration: none;
      }
      .broadcast:hover {
        border-color: var(--accent);
      }
      .broadcast b {
        overflow-wrap: anywhere;
      }
      .broadcast span {
        display: block;
        color: var(--text-muted);
        font-size: var(--text-s);
      }
    `,
  ];

  /** What stands behind "?" in the address. */
  @property() query = "";

  #wanted: Browse = browseOf("");

  readonly #channels = new PagedList<ChannelCard>(this, async (cursor, signal) => {
    const { q } = this.#wanted;
    const query = { ...filterOf(this.#wanted), ...(cursor === undefined ? {} : { cursor }) };
    const { body } =
      q === ""
        ? await api.get("/directory/channels", { query, signal })
        : await api.get("/search/channels", { query: { ...query, q }, signal });
    return body;
  });

  readonly #live = new PagedList<ChannelCard>(this, async (cursor, signal) => {
    const query = { ...filterOf(this.#wanted), ...(cursor === undefined ? {} : { cursor }) };
    const { body } = await api.get("/directory/live", { query, signal });
    return body;
  });

  readonly #broadcasts = new PagedList<Broadcast>(this, async (cursor, signal) => {
    const { q } = this.#wanted;
    const query = { ...filterOf(this.#wanted), q, ...(cursor === undefined ? {} : { cursor }) };
    const { body } = await api.get("/search/broadcasts", { query, signal });
    return body;
  });

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("query")) this.#wanted = browseOf(this.query);
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has("query")) return;
    for (const list of [this.#channels, this.#live, this.#broadcasts]) list.show([]);
    document.title = titleOf(headingOf(this.#wanted));
    void this.#channels.load();
    if (this.#wanted.q === "") void this.#live.load();
    else void this.#broadcasts.load();
  }

  override render(): TemplateResult {
    const wanted = this.#wanted;
    return html`<header><h1>${headingOf(wanted)}</h1></header>
      <rillcast-search-box .text=${wanted.q}></rillcast-search-box>
      ${renderFilters(wanted)} ${wanted.q === "" ? this.#renderBrowse() : this.#renderResults()}`;
  }

  #renderBrowse(): TemplateResult {
    return html`${this.#live.items.length === 0
        ? nothing
        : html`<section aria-labelledby="live">
            <h2 id="live">${directoryTexts.homeTitle}</h2>
            ${pagedList(this.#live, cardGrid, () => html``)}
          </section>`}
      <section aria-labelledby="channels">
        <h2 id="channels">${directoryTexts.channels}</h2>
        ${pagedList(
          this.#channels,
          cardGrid,
          () => emptyBlock(directoryTexts.noChannels, directoryTexts.noChannelsBrowse),
          () => cardSkeleton(SKELETONS),
        )}
      </section>`;
  }

  #renderResults(): TemplateResult {
    return html`<section aria-labelledby="channels">
        <h2 id="channels">${directoryTexts.channels}</h2>
        ${pagedList(
          this.#channels,
          cardGrid,
          () => emptyBlock(directoryTexts.noChannels, directoryTexts.noChannelsText),
          () => cardSkeleton(SKELETONS),
        )}
      </section>
      <section aria-labelledby="broadcasts">
        <h2 id="broadcasts">${directoryTexts.broadcasts}</h2>
        ${pagedList(
          this.#broadcasts,
          (items) => html`<ol>
            ${items.map(renderBroadcast)}
          </ol>`,
          () => html`<p class="quiet">${directoryTexts.noBroadcasts}</p>`,
        )}
      </section>`;
  }
}

function headingOf({ q }: Browse): string {
  return q === "" ? directoryTexts.browseTitle : directoryTexts.resultsFor(q);
}

/** What the list is narrowed to; each can be taken away. */
function renderFilters(wanted: Browse): TemplateResult | typeof nothing {
  const filters = [
    wanted.category === null
      ? null
      : { words: categoryName(wanted.category), without: { ...wanted, category: null } },
    wanted.tag === null ? null : { words: `#${wanted.tag}`, without: { ...wanted, tag: null } },
    wanted.language === null
      ? null
      : { words: languageName(wanted.language), without: { ...wanted, language: null } },
  ].filter((filter) => filter !== null);
  if (filters.length === 0) return nothing;
  return html`<div class="chips">
    ${filters.map(
      ({ words, without }) =>
        html`<a
          class="chip"
          aria-label=${directoryTexts.removeFilter(words)}
          href=${browsePath(without)}
          >${words} ${closeIcon}</a
        >`,
    )}
  </div>`;
}

function renderBroadcast(broadcast: Broadcast): TemplateResult {
  const facts = [broadcast.channel, agoText(Date.parse(broadcast.startedAt), Date.now())];
  return html`<li>
    <a class="broadcast" href=${channelPath(broadcast.channel)}>
      <b>${shownTitle({ name: broadcast.channel, title: broadcast.title })}</b>
      <span>${[...facts, ...broadcastFacts(broadcast)].join(" · ")}</span>
    </a>
  </li>`;
}
