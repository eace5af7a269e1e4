import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import type { FollowedChannel } from "../api/schema-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle, emptyBlock } from "../forms/blocks.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { cardGrid, cardGridStyle, cardSkeleton } from "../home/card-grid.js";
import { directoryStyle } from "../home/directory-style.js";
import { followingTexts as texts } from "../texts/following.js";

const SKELETONS = 4;

/** The channels that one follows: all, the newest follow first, or those that are live. */
@customElement("rillcast-following-page")
export class FollowingPage extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    blockStyle,
    cardGridStyle,
    directoryStyle,
  ];

  /** What stands behind "?" in the address: "live=1" for those that are live alone. */
  @property() query = "";

  readonly #list = new PagedList<FollowedChannel>(this, async (cursor, signal) => {
    const query = { live: this.#liveOnly, ...(cursor === undefined ? {} : { cursor }) };
    return (await api.get("/me/following", { query, signal })).body;
  });

  get #liveOnly(): boolean {
    return new URLSearchParams(this.query).get("live") === "1";
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("query")) return;
    this.#list.show([]);
    void this.#list.load();
  }

  override render(): TemplateResult {
    return html`<header><h1>${texts.heading}</h1></header>
      <nav class="chips" aria-label=${texts.which}>
        ${chip("/following", texts.all, !this.#liveOnly)}
        ${chip("/following?live=1", texts.live, this.#liveOnly)}
      </nav>
      <div>
        ${pagedList(
          this.#list,
          (followed) => cardGrid(followed.map(({ channel }) => channel)),
          () =>
            this.#liveOnly
              ? emptyBlock(texts.nobodyLive, texts.nobodyLiveText)
              : emptyBlock(
                  texts.empty,
                  texts.emptyText,
                  html`<a class="button" href="/">${texts.emptyAction}</a>`,
                ),
          () => cardSkeleton(SKELETONS),
        )}
      </div>`;
  }
}

function chip(path: string, words: string, isPresent: boolean): TemplateResult {
  return html`<a class="chip" href=${path} aria-current=${isPresent ? "page" : nothing}
    >${words}</a
  >`;
}
