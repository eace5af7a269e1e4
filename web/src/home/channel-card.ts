import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import "../brand/rill-art.js";
import "../elapsed-time.js";
import { channelPath } from "../route.js";
import "../state-badge.js";
import type { ChannelStatus } from "../status/channel-status.js";
import { mainAudio, mainVideo } from "../status/channel-status.js";
import { audioFacts, videoFacts } from "../wording.js";

/** One live channel in the list: the whole card is the link. */
@customElement("rillcast-channel-card")
export class ChannelCard extends LitElement {
  static override styles: CSSResultGroup = css`
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
    rillcast-rill-art {
      position: absolute;
      inset: 0;
    }
    rillcast-state-badge {
      position: absolute;
      top: var(--space-3);
      left: var(--space-3);
    }
    .quality {
      position: absolute;
      right: var(--space-3);
      bottom: var(--space-3);
      padding: 0.3em 0.6em;
      border-radius: var(--radius-s);
      background: rgb(5 8 10 / 82%);
      color: #eef4f5;
      font: 600 var(--text-xs) / 1.1 var(--font);
    }
    h2 {
      margin: var(--space-3) 0 0;
      font-size: var(--text-m);
      line-height: 1.35;
      overflow-wrap: anywhere;
    }
    p {
      margin: 0;
      color: var(--text-muted);
      font-size: var(--text-s);
    }
  `;

  @property({ attribute: false }) status: ChannelStatus | null = null;

  override render(): TemplateResult | typeof nothing {
    const { status } = this;
    if (status === null) return nothing;
    const video = mainVideo(status);
    const audio = mainAudio(status);
    const facts = video === null ? (audio === null ? [] : audioFacts(audio)) : videoFacts(video);
    return html`<a href=${channelPath(status.channel)}>
      <div class="picture">
        <rillcast-rill-art .name=${status.channel}></rillcast-rill-art>
        <rillcast-state-badge .phase=${status.state}></rillcast-state-badge>
        ${facts.length === 0 ? nothing : html`<span class="quality">${facts.join(" · ")}</span>`}
      </div>
      <h2>${status.channel}</h2>
      ${status.startedAtMs === null
        ? nothing
        : html`<p>
            <rillcast-elapsed-time .sinceMs=${status.startedAtMs}></rillcast-elapsed-time>
          </p>`}
    </a>`;
  }
}
