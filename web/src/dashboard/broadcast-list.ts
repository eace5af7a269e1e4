import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import type { Broadcast } from "../api/channel-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import "../channels/broadcast-details.js";
import { blockStyle, emptyBlock } from "../forms/blocks.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import "../forms/confirm-dialog.js";
import { formStyle } from "../forms/form-style.js";
import "../forms/notice.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { broadcastPath } from "../route.js";
import { broadcastFacts, shownTitle } from "../texts/channels.js";
import { broadcastTexts } from "../texts/dashboard.js";
import { momentText } from "../texts/spans.js";
import { panelStyle } from "./panel-style.js";

/** When a channel was live, for its owner, who may have that forgotten. */
@customElement("rillcast-broadcast-list")
export class BroadcastList extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    panelStyle,
    css`
      h3 a {
        color: inherit;
      }
      h3 a:hover {
        color: var(--accent);
      }
    `,
  ];

  @property() channel = "";
  @state() private notice = "";
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;

  readonly #list = new PagedList<Broadcast>(this, async (cursor, signal) => {
    const { body } = await api.get("/channels/{channel}/broadcasts", {
      path: { channel: this.channel },
      query: cursor === undefined ? {} : { cursor },
      signal,
    });
    return body;
  });

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("channel") && this.channel !== "") void this.#list.load();
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-labelledby="heading">
        <h2 id="heading">${broadcastTexts.heading}</h2>
        <rillcast-notice .text=${this.notice}></rillcast-notice>
        ${pagedList(
          this.#list,
          (items) => html`<ol class="rows">
            ${repeat(items, ({ id }) => id, (broadcast) => this.#renderBroadcast(broadcast))}
          </ol>`,
          () => emptyBlock(broadcastTexts.none, broadcastTexts.noneText),
        )}
      </section>
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  #renderBroadcast(broadcast: Broadcast): TemplateResult {
    const startedMs = Date.parse(broadcast.startedAt);
    return html`<li class="row">
      <div class="words">
        <h3>
          <a href=${broadcastPath(this.channel, broadcast.id)}
            >${shownTitle({ name: broadcast.channel, title: broadcast.title })}</a
          >
        </h3>
        <p>
          <time datetime=${broadcast.startedAt}>${momentText(startedMs)}</time>
          · ${broadcastFacts(broadcast).join(" · ")}
        </p>
        <rillcast-broadcast-details
          .broadcast=${broadcast}
          hasHealth
        ></rillcast-broadcast-details>
      </div>
      ${broadcast.endedAt === null
        ? nothing
        : html`<div class="actions">
            <button
              type="button"
              class="danger"
              aria-label="${broadcastTexts.remove}: ${broadcast.title}, ${momentText(startedMs)}"
              @click=${() => void this.#remove(broadcast)}
            >
              ${broadcastTexts.remove}
            </button>
          </div>`}
    </li>`;
  }

  async #remove(broadcast: Broadcast): Promise<void> {
    const isDone = await this.dialog.ask({
      heading: broadcastTexts.removeHeading,
      text: broadcastTexts.removeText(broadcast.title),
      confirmLabel: broadcastTexts.remove,
      isDangerous: true,
      work: async (_answer, signal) => {
        await api.delete("/broadcasts/{broadcast}", {
          path: { broadcast: broadcast.id },
          signal,
        });
      },
    });
    if (!isDone) return;
    this.#list.show(this.#list.items.filter(({ id }) => id !== broadcast.id));
    this.notice = broadcastTexts.removed;
  }
}
