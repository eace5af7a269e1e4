import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import "../brand/rill-art.js";
import { buttonStyle } from "../button-style.js";
import type { EventOf } from "../events/event-types.js";
import { closeIcon } from "../icons.js";
import { notificationTexts } from "../texts/notifications.js";
import { inbox } from "./inbox.js";
import { newsPath } from "./news-path.js";

type Added = EventOf<"notification.added">;

const SHOWN_MS = 10_000;
const AT_ONCE = 3;

/**
 * What has just happened on channels that are followed, for some seconds in a corner.
 *
 * Not in quiet hours, and not of the channel that is looked at.
 */
@customElement("rillcast-toasts")
export class Toasts extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    css`
      :host {
        position: fixed;
        z-index: 3;
        right: var(--gutter);
        bottom: max(var(--space-4), env(safe-area-inset-bottom));
        width: min(22rem, calc(100vw - 2 * var(--gutter)));
      }
      [role="status"] {
        display: grid;
        gap: var(--space-2);
      }
      .toast {
        display: grid;
        grid-template-columns: 2.75rem minmax(0, 1fr) auto;
        gap: var(--space-3);
        align-items: center;
        padding: var(--space-3);
        border: 1px solid var(--line);
        border-left: 4px solid var(--live);
        border-radius: var(--radius-m);
        background: var(--raised);
        box-shadow: var(--shadow);
        animation: arrive 240ms cubic-bezier(0.2, 0, 0, 1);
      }
      .title {
        border-left-color: var(--accent);
      }
      @keyframes arrive {
        from {
          opacity: 0;
          translate: 0 1rem;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .toast {
          animation: none;
        }
      }
      rillcast-rill-art {
        width: 2.75rem;
        height: 2.75rem;
        border-radius: 50%;
      }
      a {
        min-width: 0;
        border-radius: var(--radius-s);
        color: inherit;
        font-size: var(--text-s);
        text-decoration: none;
      }
      b,
      span {
        display: block;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      span {
        color: var(--text-muted);
      }
      button {
        width: 2.5rem;
        min-height: 2.5rem;
        padding: 0;
        border: 0;
      }
    `,
  ];

  @state() private shown: readonly Added[] = [];
  #stop: () => void = () => undefined;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = inbox.listen({
      onAdded: (event) => {
        this.#add(event);
      },
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  override render(): TemplateResult {
    return html`<div role="status" aria-label=${notificationTexts.toasts}>
      ${repeat(
        this.shown,
        ({ notificationId }) => notificationId,
        (event) => this.#renderToast(event),
      )}
    </div>`;
  }

  #renderToast(event: Added): TemplateResult {
    const { kind, channel, title } = event;
    return html`<div class="toast ${kind}">
      <rillcast-rill-art .name=${channel}></rillcast-rill-art>
      <a
        href=${newsPath(kind, channel)}
        @click=${() => {
          this.#remove(event);
        }}
      >
        <b>${notificationTexts[kind](channel)}</b>
        ${title === "" ? nothing : html`<span>${title}</span>`}
      </a>
      <button
        type="button"
        aria-label=${notificationTexts.dismiss}
        @click=${() => {
          this.#remove(event);
        }}
      >
        ${closeIcon}
      </button>
    </div>`;
  }

  #add(event: Added): void {
    const isLookedAt = location.pathname.toLowerCase() === newsPath(event.kind, event.channel);
    if (event.isQuiet || isLookedAt) return;
    this.shown = [...this.shown, event].slice(-AT_ONCE);
    this.#removeLater(event);
  }

  #removeLater(event: Added): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      // Who points at it, or has the keyboard on it, is not done with it.
      if (this.matches(":hover, :focus-within")) this.#removeLater(event);
      else this.#remove(event);
    }, SHOWN_MS);
    this.#timers.add(timer);
  }

  #remove({ notificationId }: Added): void {
    this.shown = this.shown.filter((event) => event.notificationId !== notificationId);
  }
}
