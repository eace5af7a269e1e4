import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import type { Broadcast } from "../api/channel-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle } from "../forms/blocks.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { broadcastFacts, channelTexts, shownTitle } from "../texts/channels.js";
import { agoText, momentText } from "../texts/spans.js";
import "./broadcast-details.js";

/** When a channel was live, the latest first; not what is on air now. */
@customElement("rillcast-past-broadcasts")
export class PastBroadcasts extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    blockStyle,
    css`
      :host {
        display: block;
      }
      h2 {
        margin: 0 0 var(--space-3);
        font-size: var(--text-l);
        letter-spacing: -0.01em;
      }
      ol {
        display: grid;
        gap: var(--space-2);
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        padding: var(--space-3) var(--space-4) var(--space-1);
        border: 1px solid var(--line);
        border-radius: var(--radius-m);
        background: var(--surface);
      }
      h3,
      p {
        margin: 0;
      }
      h3 {
        font-size: var(--text-m);
        line-height: 1.4;
        overflow-wrap: anywhere;
      }
      p {
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      .none {
        padding: 0;
      }
      .more {
        margin-top: var(--space-3);
      }
    `,
  ];

  @property() channel = "";

  readonly #list = new PagedList<Broadcast>(this, async (cursor, signal) => {
    const { body } = await api.get("/channels/{channel}/broadcasts", {
      path: { channel: this.channel },
      query: cursor === undefined ? { limit: 10 } : { limit: 10, cursor },
      signal,
    });
    return { items: body.items.filter(({ endedAt }) => endedAt !== null), next: body.next };
  });

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("channel") && this.channel !== "") void this.#list.load();
  }

  override render(): TemplateResult {
    return html`<h2>${channelTexts.pastBroadcasts}</h2>
      ${pagedList(
        this.#list,
        (items) => html`<ol>
          ${repeat(items, ({ id }) => id, renderBroadcast)}
        </ol>`,
        () => html`<p class="none">${channelTexts.noBroadcasts}</p>`,
      )}`;
  }
}

function renderBroadcast(broadcast: Broadcast): TemplateResult {
  const startedMs = Date.parse(broadcast.startedAt);
  return html`<li>
    <h3>${shownTitle({ name: broadcast.channel, title: broadcast.title })}</h3>
    <p>
      <time datetime=${broadcast.startedAt} title=${momentText(startedMs)}
        >${agoText(startedMs, Date.now())}</time
      >
      · ${broadcastFacts(broadcast).join(" · ")}
    </p>
    <rillcast-broadcast-details .broadcast=${broadcast}></rillcast-broadcast-details>
  </li>`;
}
