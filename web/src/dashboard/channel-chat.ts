import type { TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import type { ChannelView } from "../api/channel-names.js";
import "../moderation/emote-list.js";
import "../moderation/filter-list.js";
import "../moderation/moderation-log.js";
import "../moderation/room-settings.js";
import "../moderation/sanction-list.js";

/** A channel's chat as its people run it: rules, who is shut out, words, emotes, and the log. */
@customElement("rillcast-channel-chat")
export class ChannelChat extends LitElement {
  static override styles = css`
    :host {
      display: grid;
      gap: var(--space-5);
    }
    :host > * {
      min-width: 0;
    }
  `;

  @property({ attribute: false }) channel: ChannelView | null = null;

  override render(): TemplateResult | typeof nothing {
    if (this.channel === null) return nothing;
    const { name, standing } = this.channel;
    return html`<rillcast-room-settings .channel=${name}></rillcast-room-settings>
      <rillcast-sanction-list .channel=${name}></rillcast-sanction-list>
      <rillcast-filter-list .channel=${name}></rillcast-filter-list>
      ${standing.isOwner ? html`<rillcast-emote-list .channel=${name}></rillcast-emote-list>` : nothing}
      <rillcast-moderation-log .channel=${name}></rillcast-moderation-log>`;
  }
}
