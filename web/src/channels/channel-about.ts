import type { CSSResult, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import type { ChannelCard, ChannelView } from "../api/channel-names.js";
import { categoryName, channelTexts } from "../texts/channels.js";
import { browsePath } from "./browse-path.js";
import { languageName } from "./language-name.js";
import type { TextRun } from "./linked-text.js";
import { linkedText } from "./linked-text.js";

/** What a channel says of itself: its description, where it belongs, its tags. */
@customElement("rillcast-channel-about")
export class ChannelAbout extends LitElement {
  static override styles: CSSResult = css`
    :host {
      display: block;
    }
    h2 {
      margin: 0 0 var(--space-3);
      font-size: var(--text-l);
      letter-spacing: -0.01em;
    }
    p {
      margin: 0;
    }
    .description {
      max-width: 44rem;
      white-space: pre-line;
      overflow-wrap: anywhere;
    }
    .none {
      color: var(--text-muted);
    }
    ul {
      display: flex;
      flex-wrap: wrap;
      gap: var(--space-2);
      margin: 0 0 var(--space-4);
      padding: 0;
      list-style: none;
    }
    li a,
    .mark {
      display: inline-flex;
      align-items: center;
      min-height: 2rem;
      padding: 0 var(--space-3);
      border: 1px solid var(--line);
      border-radius: 999px;
      background: var(--surface);
      color: var(--text);
      font-size: var(--text-s);
      text-decoration: none;
    }
    li a:hover {
      border-color: var(--accent);
    }
    .description a {
      color: var(--accent);
      text-underline-offset: 0.15em;
    }
    a:focus-visible {
      outline: 3px solid var(--focus);
      outline-offset: 2px;
    }
    li .category {
      border-color: transparent;
      background: var(--accent-soft);
      color: var(--accent);
      font-weight: 600;
    }
    .mark {
      border-color: var(--warn);
    }
  `;

  @property({ attribute: false }) card: ChannelCard | null = null;
  /** Null for who came by a link and knows no more than lists show. */
  @property({ attribute: false }) view: ChannelView | null = null;

  override render(): TemplateResult | typeof nothing {
    const { card, view } = this;
    if (card === null || (view === null && !hasMarks(card))) return nothing;
    return html`<h2>${channelTexts.about}</h2>
      ${renderMarks(card)}
      ${view === null
        ? nothing
        : view.description === ""
          ? html`<p class="none">${channelTexts.noDescription}</p>`
          : html`<p class="description">${linkedText(view.description).map(renderRun)}</p>`}`;
  }
}

/** Other people's addresses get neither our reader's address nor our good name. */
function renderRun({ text, href }: TextRun): TemplateResult | string {
  if (href === null) return text;
  return html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow ugc">${text}</a>`;
}

function hasMarks({ category, language, tags, isMature }: ChannelCard): boolean {
  return category !== null || language !== null || tags.length > 0 || isMature;
}

function renderMarks(card: ChannelCard): TemplateResult | typeof nothing {
  const { category, language, tags, isMature } = card;
  if (!hasMarks(card)) return nothing;
  return html`<ul aria-label=${channelTexts.tags}>
    ${category === null
      ? nothing
      : html`<li>
          <a class="category" href=${browsePath({ category })}>${categoryName(category)}</a>
        </li>`}
    ${language === null
      ? nothing
      : html`<li><a href=${browsePath({ language })}>${languageName(language)}</a></li>`}
    ${isMature
      ? html`<li>
          <span class="mark" title=${channelTexts.matureExplanation}>${channelTexts.mature}</span>
        </li>`
      : nothing}
    ${tags.map((tag) => html`<li><a href=${browsePath({ tag })}>#${tag}</a></li>`)}
  </ul>`;
}
