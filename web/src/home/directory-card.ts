import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import type { ChannelCard } from "../api/channel-names.js";
import "../elapsed-time.js";
import { channelPath } from "../route.js";
import "../state-badge.js";
import { categoryName, shownTitle } from "../texts/channels.js";
import { directoryTexts } from "../texts/directory.js";
import { agoText, countText } from "../texts/spans.js";
import { channelPicture, channelPictureStyle } from "./channel-picture.js";

/** One channel in a list of channels: the whole card is the link. */
@customElement("rillcast-directory-card")
export class DirectoryCard extends LitElement {
  static override styles: CSSResultGroup = [
    channelPictureStyle,
    css`
      a {
        display: block;
        border-radius: var(--radius-l);
        color: inherit;
        text-decoration: none;
      }
      a:focus-visible {
        outline: 3px solid var(--focus);
        outline-offset: 4px;
      }
      .picture {
        position: relative;
        overflow: hidden;
        border-radius: var(--radius-l);
        aspect-ratio: 16 / 9;
        box-shadow: 0 0 0 1px var(--line);
        transition:
          box-shadow var(--swift),
          transform var(--swift);
      }
      a:hover .picture {
        box-shadow:
          0 0 0 2px var(--accent),
          var(--shadow);
        transform: translateY(-2px);
      }
      .off rillcast-rill-art,
      .off img {
        opacity: 0.6;
      }
      rillcast-state-badge {
        position: absolute;
        top: var(--space-3);
        left: var(--space-3);
      }
      .viewers,
      .limit {
        position: absolute;
        bottom: var(--space-3);
        padding: 0.3em 0.6em;
        border-radius: var(--radius-s);
        background: rgb(5 8 10 / 82%);
        color: #eef4f5;
        font: 600 var(--text-xs) / 1.1 var(--font);
      }
      .viewers {
        left: var(--space-3);
      }
      .limit {
        right: var(--space-3);
      }
      h3 {
        display: -webkit-box;
        margin: var(--space-3) 0 0;
        overflow: hidden;
        font-size: var(--text-m);
        line-height: 1.35;
        overflow-wrap: anywhere;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
      }
      p {
        margin: 0;
        color: var(--text-muted);
        font-size: var(--text-s);
        overflow-wrap: anywhere;
      }
      .reason {
        color: var(--accent);
      }
    `,
  ];

  @property({ attribute: false }) channel: ChannelCard | null = null;
  /** Why it is shown, if there is a reason to tell. */
  @property() reason: string | null = null;

  override render(): TemplateResult | typeof nothing {
    const { channel } = this;
    if (channel === null) return nothing;
    const limits = [
      channel.visibility === "followers" ? directoryTexts.followersOnly : null,
      channel.isMature ? directoryTexts.mature : null,
    ].filter((limit) => limit !== null);
    return html`<a href=${channelPath(channel.name)}>
      <div class=${channel.isLive ? "picture" : "picture off"}>
        ${channelPicture(channel, "(max-width: 40rem) 100vw, 20rem")}
        ${channel.isLive
          ? html`<rillcast-state-badge .phase=${"live"}></rillcast-state-badge>`
          : nothing}
        ${channel.isLive && channel.viewerCount > 0
          ? html`<span class="viewers">${countText(channel.viewerCount, "viewer")}</span>`
          : nothing}
        ${limits.length === 0 ? nothing : html`<span class="limit">${limits.join(" · ")}</span>`}
      </div>
      <h3>${shownTitle(channel)}</h3>
      <p>${factsOf(channel).join(" · ")}</p>
      <p>${renderTime(channel)}</p>
      ${this.reason === null ? nothing : html`<p class="reason">${this.reason}</p>`}
    </a>`;
  }
}

function factsOf(channel: ChannelCard): string[] {
  const facts = shownTitle(channel) === channel.name ? [] : [channel.name];
  if (channel.category !== null) facts.push(categoryName(channel.category));
  return facts;
}

function renderTime(channel: ChannelCard): TemplateResult | string {
  if (channel.liveSince !== null) {
    const sinceMs = Date.parse(channel.liveSince);
    return html`<rillcast-elapsed-time .sinceMs=${sinceMs}></rillcast-elapsed-time>`;
  }
  if (channel.lastLiveAt === null) return directoryTexts.neverLive;
  return directoryTexts.wasLive(agoText(Date.parse(channel.lastLiveAt), Date.now()));
}
