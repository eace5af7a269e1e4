import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import type { Notification } from "../api/notification-names.js";
import { api } from "../api/server.js";
import "../brand/rill-art.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle } from "../forms/blocks.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { Submission } from "../forms/submission.js";
import { summary } from "../forms/summary.js";
import { shownTitle } from "../texts/channels.js";
import { notificationTexts } from "../texts/notifications.js";
import { agoText } from "../texts/spans.js";
import { inbox } from "./inbox.js";
import { newsPath } from "./news-path.js";

/** Notifications, the newest first; those that come while it is open stand at its top. */
@customElement("rillcast-notification-list")
export class NotificationList extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    blockStyle,
    css`
      :host {
        display: grid;
        min-width: 0;
      }
      .head {
        position: sticky;
        z-index: 1;
        top: 0;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 var(--space-2);
        padding: var(--space-2) var(--space-2) var(--space-2) var(--space-4);
        border-bottom: 1px solid var(--line);
        background: var(--surface);
      }
      h2 {
        flex: 1;
        margin: 0;
        font-size: var(--text-m);
        letter-spacing: -0.01em;
      }
      .head button,
      .head .button {
        min-height: 2.5rem;
        padding: 0 var(--space-2);
        border: 0;
        color: var(--accent);
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        position: relative;
        display: grid;
        grid-template-columns: 2.5rem minmax(0, 1fr) 2.5rem;
        gap: var(--space-3);
        align-items: center;
        padding: var(--space-3) var(--space-2) var(--space-3) var(--space-4);
        border-bottom: 1px solid var(--line);
      }
      li:hover {
        background: var(--raised);
      }
      .unread {
        background: var(--accent-soft);
      }
      rillcast-rill-art,
      img {
        width: 2.5rem;
        height: 2.5rem;
        border-radius: var(--radius-s);
        object-fit: cover;
      }
      .words {
        min-width: 0;
        color: inherit;
        font-size: var(--text-s);
        text-decoration: none;
      }
      /* The whole row leads there, but for the button in it. */
      .words::after {
        content: "";
        position: absolute;
        inset: 0;
      }
      .words b,
      .words span {
        display: block;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .words span {
        color: var(--text-muted);
      }
      .mark {
        position: relative;
        z-index: 1;
        width: 2.5rem;
        min-height: 2.5rem;
        padding: 0;
        border: 0;
      }
      .mark::before {
        content: "";
        width: 0.6rem;
        height: 0.6rem;
        border: 2px solid var(--line-strong);
        border-radius: 50%;
      }
      .unread .mark::before {
        border-color: var(--accent);
        background: var(--accent);
      }
      .block,
      .skeleton-block {
        margin: var(--space-4);
      }
      .more {
        margin: var(--space-3);
      }
    `,
  ];

  readonly #acting = new Submission(this);
  readonly #list = new PagedList<Notification>(this, async (cursor, signal) => {
    const { body } = await api.get("/me/notifications", {
      query: cursor === undefined ? { limit: 20 } : { cursor, limit: 20 },
      signal,
    });
    return body;
  });
  #stop: () => void = () => undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#list.load();
    this.#stop = inbox.listen({ onAdded: () => void this.#list.load() });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  override render(): TemplateResult {
    const { items } = this.#list;
    return html`<div class="head">
        <h2>${notificationTexts.heading}</h2>
        ${items.some(({ isRead }) => !isRead)
          ? html`<button type="button" aria-disabled=${this.#acting.isBusy} @click=${this.#readAll}>
              ${notificationTexts.readAll}
            </button>`
          : nothing}
        <a class="button" href="/settings/notifications">${notificationTexts.settings}</a>
      </div>
      ${summary(this.#acting)}
      ${pagedList(
        this.#list,
        (notifications) => html`<ul>
          ${repeat(
            notifications,
            ({ id }) => id,
            (notification) => this.#renderOne(notification),
          )}
        </ul>`,
        () =>
          html`<div class="block">
            <h3>${notificationTexts.none}</h3>
            <p>${notificationTexts.noneText}</p>
          </div>`,
      )}`;
  }

  #renderOne(notification: Notification): TemplateResult {
    const { kind, channel, title, at, isRead } = notification;
    const label = isRead ? notificationTexts.markUnread : notificationTexts.markRead;
    return html`<li class=${isRead ? "" : "unread"}>
      <rillcast-rill-art .name=${channel.name}></rillcast-rill-art>
      <a
        class="words"
        href=${newsPath(kind, channel.name)}
        @click=${() => void this.#mark(notification, true)}
      >
        <b>${notificationTexts[kind](channel.name)}</b>
        <span>${title === "" ? shownTitle(channel) : title}</span>
        <span>${agoText(Date.parse(at), Date.now())}</span>
      </a>
      <button
        type="button"
        class="mark"
        aria-label="${label}: ${notificationTexts[kind](channel.name)}"
        title=${label}
        @click=${() => void this.#mark(notification, !isRead)}
      ></button>
    </li>`;
  }

  readonly #readAll = async (): Promise<void> => {
    const [newest] = this.#list.items;
    await this.#acting.run(async (signal) => {
      const { body } = await api.post("/me/notifications/read-all", {
        body: { until: newest?.id ?? null },
        signal,
      });
      inbox.take(body.unread);
      this.#list.show(this.#list.items.map((item) => ({ ...item, isRead: true })));
    });
  };

  async #mark({ id, isRead: wasRead }: Notification, isRead: boolean): Promise<void> {
    if (wasRead === isRead) return;
    this.#list.show(this.#list.items.map((item) => (item.id === id ? { ...item, isRead } : item)));
    inbox.take(Math.max(0, inbox.unread + (isRead ? -1 : 1)));
    await this.#acting.run(async () => {
      // Without the element's signal: its link leads away, and what was read stays read.
      await api.put("/me/notifications/{notification}/read-mark", {
        path: { notification: id },
        body: { isRead },
      });
    });
  }
}
