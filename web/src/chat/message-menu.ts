import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import { buttonStyle } from "../button-style.js";
import { TIMEOUT_CHOICES, chatTexts } from "../texts/chat.js";
import type { ChatMessage } from "./chat-message.js";
import type { MessageAction } from "./message-action.js";
import { MessageActionEvent } from "./message-action.js";

/** What can be done with one message: a menu beside it. */
@customElement("rillcast-message-menu")
export class MessageMenu extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    css`
      [popover] {
        position: fixed;
        inset: auto;
        width: min(15rem, calc(100vw - 1rem));
        max-height: calc(100dvh - 1rem);
        margin: 0;
        padding: var(--space-1);
        border: 1px solid var(--line);
        border-radius: var(--radius-m);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      p {
        margin: 0;
        padding: var(--space-2) var(--space-3) var(--space-1);
        overflow: hidden;
        color: var(--text-muted);
        font-size: var(--text-xs);
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      button {
        justify-content: flex-start;
        width: 100%;
        min-height: 2.5rem;
        padding: 0 var(--space-3);
        border: 0;
        border-radius: var(--radius-s);
        font-weight: 500;
      }
      button:focus-visible {
        outline-offset: -3px;
      }
      .danger {
        color: var(--danger);
      }
      hr {
        margin: var(--space-1) 0;
        border: 0;
        border-top: 1px solid var(--line);
      }
    `,
  ];

  @property({ attribute: false }) mayModerate = false;
  @property({ attribute: false }) mayWrite = false;
  /** Who reads: nobody reports or bans themselves. */
  @property({ attribute: false }) readerId: string | null = null;
  @state() private message: ChatMessage | null = null;
  @query("[popover]") private readonly box!: HTMLElement;
  #opener: HTMLElement | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.#closeOutside, true);
  }

  /** Opens beside an element, where there is room. */
  async open(message: ChatMessage, beside: HTMLElement): Promise<void> {
    this.message = message;
    this.#opener = beside;
    await this.updateComplete;
    this.box.showPopover();
    document.addEventListener("pointerdown", this.#closeOutside, true);
    const { right, bottom, top } = beside.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.box;
    const below = bottom + offsetHeight + 8 <= innerHeight ? bottom + 4 : top - offsetHeight - 4;
    this.box.style.top = `${Math.max(4, Math.min(below, innerHeight - offsetHeight - 4))}px`;
    this.box.style.left = `${Math.max(4, Math.min(right - offsetWidth, innerWidth - offsetWidth - 4))}px`;
    this.box.querySelector("button")?.focus();
  }

  override render(): TemplateResult {
    return html`<div popover="manual" role="menu" aria-label=${chatTexts.more} @keydown=${this.#onKey}>
      ${this.message === null ? nothing : this.#renderItems(this.message)}
    </div>`;
  }

  #renderItems(message: ChatMessage): TemplateResult {
    const isOwn = message.author.accountId === this.readerId;
    // What the owner said is the owner's to take away, and nobody silences them.
    const mayModerate = this.mayModerate && message.author.role !== "owner";
    return html`${this.mayWrite ? this.#item(chatTexts.reply, { kind: "reply" }) : nothing}
    ${this.#item(chatTexts.copy, { kind: "copy" })}
    ${isOwn || this.readerId === null ? nothing : this.#item(chatTexts.report, { kind: "report" })}
    ${mayModerate || isOwn
      ? html`<hr role="none" />
          ${this.#item(chatTexts.delete, { kind: "delete" })}`
      : nothing}
    ${mayModerate && !isOwn
      ? html`${TIMEOUT_CHOICES.map(([seconds, words]) =>
            this.#item(chatTexts.timeoutFor(words), { kind: "timeout", seconds }),
          )}
          ${this.#item(chatTexts.ban, { kind: "ban" }, true)}`
      : nothing}`;
  }

  #item(label: string, action: MessageAction, isDangerous = false): TemplateResult {
    return html`<button
      type="button"
      role="menuitem"
      class=${isDangerous ? "danger" : nothing}
      @click=${() => {
        this.#choose(action);
      }}
    >
      ${label}
    </button>`;
  }

  #close(): void {
    document.removeEventListener("pointerdown", this.#closeOutside, true);
    this.box.hidePopover();
  }

  /** By ourselves: a browser would also close it when the finger is lifted that it was opened by. */
  readonly #closeOutside = (event: Event): void => {
    if (!event.composedPath().includes(this.box)) this.#close();
  };

  #choose(action: MessageAction): void {
    const { message } = this;
    this.#close();
    this.#opener?.focus();
    if (message !== null) this.dispatchEvent(new MessageActionEvent(message, action));
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const items = [...this.box.querySelectorAll("button")];
    const index = items.findIndex((item) => item === this.shadowRoot?.activeElement);
    const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === "Tab" || event.key === "Escape") {
      this.#close();
      this.#opener?.focus();
      event.preventDefault();
    } else if (next !== undefined) {
      items.at(next % items.length)?.focus();
      event.preventDefault();
    }
    event.stopPropagation();
  };
}
