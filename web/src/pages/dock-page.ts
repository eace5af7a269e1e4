import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import "../chat/message-list.js";
import type { MessageList } from "../chat/message-list.js";
import { Room } from "../chat/room.js";
import type { LiveEvent } from "../events/event-types.js";
import { TopicWatch } from "../events/topic-watch.js";
import { SessionWatch } from "../session/session-watch.js";
import { chatTexts, dockTexts } from "../texts/chat.js";
import { titleOf } from "../texts/shell.js";

const ALERT_MS = 8_000;
const ALERTS_AT_ONCE = 3;

interface Alert {
  readonly id: string;
  readonly text: string;
}

/**
 * A channel's chat and news over a streamer's picture: large, legible on everything, nothing to press.
 *
 * Who follows is told to the channel's owner alone: sign in in the program that shows this page.
 */
@customElement("rillcast-dock-page")
export class DockPage extends LitElement {
  static override styles: CSSResultGroup = css`
    :host {
      display: flex;
      flex-direction: column;
      height: 100dvh;
      overflow: hidden;
      /* On any picture: light letters with a dark edge, whatever the theme. */
      color: #fff;
      font-family: var(--font);
      text-shadow:
        0 0 3px #000,
        0 1px 6px #000;
      --text: #fff;
      --text-muted: #e3ecee;
      --accent: #7ff0e0;
      --accent-soft: rgb(8 60 54 / 72%);
      --raised: transparent;
      --chat-text: clamp(1.125rem, 1rem + 1.2vw, 1.75rem);
    }
    rillcast-message-list {
      flex: 1;
      color-scheme: dark;
    }
    .alerts {
      display: grid;
      gap: var(--space-2);
      padding: var(--space-3);
    }
    .alert {
      padding: var(--space-3) var(--space-4);
      border-radius: var(--radius-m);
      background: rgb(8 60 54 / 88%);
      font: 700 clamp(1.25rem, 1.1rem + 1.6vw, 2.25rem) / 1.25 var(--font);
      overflow-wrap: anywhere;
      animation: arrive 320ms cubic-bezier(0.2, 0, 0, 1);
    }
    @keyframes arrive {
      from {
        opacity: 0;
        scale: 0.94;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .alert {
        animation: none;
      }
    }
    h1 {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  `;

  @property() channel = "";
  @state() private alerts: readonly Alert[] = [];
  @query("rillcast-message-list") private readonly list!: MessageList | null;

  readonly #session = new SessionWatch(this);
  readonly #room = new Room(this, {
    onSaid: (messages) => {
      this.requestUpdate();
      void this.updateComplete.then(() => {
        this.list?.take(messages.length);
      });
    },
  });
  readonly #own = new TopicWatch(this, {
    onEvent: (event) => {
      this.#tell(event);
    },
  });
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  override connectedCallback(): void {
    super.connectedCallback();
    document.documentElement.classList.add("see-through");
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.documentElement.classList.remove("see-through");
    for (const timer of this.#timers) clearTimeout(timer);
  }

  override willUpdate(): void {
    if (!this.isConnected) return;
    document.title = titleOf(chatTexts.chatOf(this.channel));
    this.#room.enter(this.channel);
    this.#own.hear(this.#session.me === null ? null : "me");
  }

  override render(): TemplateResult {
    return html`<h1>${chatTexts.chatOf(this.channel)}</h1>
      <div class="alerts">
        ${repeat(
          this.alerts,
          ({ id }) => id,
          ({ text }) => html`<div class="alert">${text}</div>`,
        )}
      </div>
      <rillcast-message-list
        isBare
        .transcript=${this.#room.transcript}
        .revision=${this.#room.revision}
      ></rillcast-message-list>`;
  }

  #tell(event: LiveEvent): void {
    if (event.type !== "follower.gained" || event.channel !== this.channel.toLowerCase()) return;
    const alert = { id: event.id, text: dockTexts.follows(event.displayName) };
    this.alerts = [...this.alerts, alert].slice(-ALERTS_AT_ONCE);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.alerts = this.alerts.filter(({ id }) => id !== alert.id);
    }, ALERT_MS);
    this.#timers.add(timer);
  }
}
