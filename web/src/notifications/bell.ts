import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";

import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { bellIcon } from "../icons.js";
import { notificationTexts } from "../texts/notifications.js";
import { inbox } from "./inbox.js";

/** The bell of whoever is signed in: how many notifications are unread, and what they say. */
@customElement("rillcast-bell")
export class Bell extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    css`
      :host {
        display: block;
      }
      .bell {
        position: relative;
        width: 2.75rem;
        min-height: 2.75rem;
        padding: 0;
        border-color: transparent;
      }
      .bell svg {
        width: 1.375rem;
        height: 1.375rem;
      }
      .count {
        position: absolute;
        top: 0.1rem;
        left: 1.35rem;
        min-width: 1.15rem;
        padding: 0 0.25rem;
        border: 2px solid var(--surface);
        border-radius: 999px;
        background: var(--live);
        color: var(--on-live);
        font: 700 0.6875rem / 1.1rem var(--font);
      }
      [popover] {
        position: fixed;
        inset: calc(var(--header-height) + var(--space-1)) var(--gutter) auto auto;
        width: min(24rem, calc(100vw - 2rem));
        max-height: min(36rem, calc(100dvh - var(--header-height) - 1rem));
        margin: 0;
        padding: 0;
        overflow: auto;
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
    `,
  ];

  @state() private unread = 0;
  @state() private isOpen = false;
  @query("[popover]") private readonly panel!: HTMLElement;
  #stop: () => void = () => undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.unread = inbox.unread;
    this.#stop = inbox.listen({
      onChange: () => {
        this.unread = inbox.unread;
      },
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  override render(): TemplateResult {
    return html`<button
        type="button"
        class="bell"
        popovertarget="panel"
        aria-label=${notificationTexts.bell(this.unread)}
      >
        ${bellIcon}
        ${this.unread === 0
          ? nothing
          : html`<span class="count" aria-hidden="true">${notificationTexts.count(this.unread)}</span>`}
      </button>
      <div
        id="panel"
        popover
        role="dialog"
        aria-label=${notificationTexts.heading}
        @toggle=${this.#onToggle}
        @click=${this.#onClick}
      >
        ${this.isOpen
          ? html`<rillcast-notification-list></rillcast-notification-list>`
          : nothing}
      </div>`;
  }

  readonly #onToggle = async (event: Event): Promise<void> => {
    const isOpen = (event as ToggleEvent).newState === "open";
    if (isOpen) await import("./notification-list.js").catch(() => undefined);
    this.isOpen = isOpen;
  };

  /** A link leads away: what it was found in is in the way then. */
  readonly #onClick = (event: Event): void => {
    if (event.composedPath().some((node) => node instanceof HTMLAnchorElement)) {
      this.panel.hidePopover();
    }
  };
}
