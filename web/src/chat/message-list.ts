import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { moreIcon, replyIcon, trashIcon } from "../icons.js";
import { chatTexts } from "../texts/chat.js";
import type { ChatMessage } from "./chat-message.js";
import type { ListWindow } from "./list-window.js";
import { heldWindow, newerWindow, newestWindow, olderWindow } from "./list-window.js";
import { LongPress } from "./long-press.js";
import { MessageActionEvent } from "./message-action.js";
import { isForReader, messageBody } from "./message-line.js";
import { messageListStyle } from "./message-list-style.js";
import "./message-menu.js";
import type { MessageMenu } from "./message-menu.js";
import { messageStyle } from "./message-style.js";
import { nameColourStyle } from "./name-colour-style.js";
import type { PlacedMessage, Transcript } from "./transcript.js";
import { Transcript as EmptyTranscript } from "./transcript.js";

/** How far from an end the next messages are fetched, and how near the end counts as there. */
const NEAR_PX = 400;
const AT_END_PX = 32;

/**
 * The messages of a room: a bounded run of them is in the page, whatever there is.
 *
 * Follows what is said while its reader looks at the end, and stays in its place while they read
 * back. One message is in the order of the keyboard; the arrows go from one to the next.
 *
 * @fires older-wanted - the reader has come to the oldest message that is here
 * @fires end-changed - the reader has come to the end, or left it
 * @fires leave-list - the reader wants to write
 * @fires message-action - see MessageActionEvent
 */
@customElement("rillcast-message-list")
export class MessageList extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    css`
      :host {
        position: relative;
        display: block;
        min-height: 0;
      }
    `,
    nameColourStyle,
    messageStyle,
    messageListStyle,
  ];

  @property({ attribute: false }) transcript: Transcript = new EmptyTranscript();
  /** Changes when messages that are here have changed. */
  @property({ attribute: false }) revision = 0;
  /** The account of who reads. */
  @property({ attribute: false }) readerId: string | null = null;
  @property({ attribute: false }) mayModerate = false;
  @property({ attribute: false }) mayWrite = false;
  @property({ attribute: false }) isReadingOlder = false;
  @property({ attribute: false }) hasOlder = false;
  /** Whether there is nothing to be done with messages: they lie over a picture. */
  @property({ type: Boolean }) isBare = false;

  @state() private window: ListWindow = { from: 0, until: 0 };
  @state() private isFollowing = true;
  @state() private unseen = 0;
  /** The place of the message that the keyboard is on. */
  @state() private current: number | null = null;
  /** The message whose buttons are shown. */
  @state() private active: string | null = null;
  @query(".scroller") private readonly scroller!: HTMLElement;
  @query("rillcast-message-menu") private readonly menu!: MessageMenu | null;

  #anchor: { readonly place: number; readonly topPx: number } | null = null;
  #resizing: ResizeObserver | null = null;
  readonly #press = new LongPress();

  get isAtEnd(): boolean {
    return this.isFollowing;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => {
      if (!this.isConnected) return;
      this.#resizing = new ResizeObserver(() => {
        if (this.isFollowing) this.#toEnd();
      });
      this.#resizing.observe(this.scroller);
      for (const child of this.scroller.children) this.#resizing.observe(child);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizing?.disconnect();
    this.#press.end();
  }

  /** The transcript has changed. `count` messages were said that the reader may not have seen. */
  take(count: number): void {
    if (this.isFollowing) this.window = newestWindow(this.#extent);
    else {
      this.#hold();
      this.window = heldWindow(this.window, this.#extent);
      this.unseen += count;
    }
    this.requestUpdate();
  }

  /** Shows the newest messages, and those that come. */
  follow(): void {
    this.window = newestWindow(this.#extent);
    this.#setFollowing(true);
    this.requestUpdate();
    void this.updateComplete.then(() => {
      this.#toEnd();
    });
  }

  /** Puts the keyboard on a message: the one it was on, or the last one. */
  focusMessage(): void {
    const last = this.#placed.at(-1);
    if (last === undefined) return;
    const isShown = this.#placed.some(({ place }) => place === this.current);
    this.#goTo(isShown && this.current !== null ? this.current : last.place);
  }

  override render(): TemplateResult {
    const placed = this.#placed;
    const stop = placed.some(({ place }) => place === this.current)
      ? this.current
      : (placed.at(-1)?.place ?? null);
    return html`<div
        class="scroller"
        @scroll=${this.#onScroll}
        @keydown=${this.#onKey}
        @pointerleave=${this.#onLeave}
      >
        <div role="list" class="lines" aria-label=${chatTexts.messages} aria-busy=${this.isReadingOlder}>
          ${repeat(
            placed,
            ({ place }) => place,
            (one) => this.#renderLine(one, one.place === stop),
          )}
        </div>
      </div>
      ${this.isReadingOlder ? html`<p class="older" role="status">${chatTexts.readingOlder}</p>` : nothing}
      ${this.isFollowing || this.isBare
        ? nothing
        : html`<button type="button" class="pill" @click=${this.#onPill}>
            ${this.unseen === 0 ? chatTexts.toNewest : chatTexts.unseen(this.unseen)}
          </button>`}
      ${this.isBare
        ? nothing
        : html`<rillcast-message-menu
            .mayModerate=${this.mayModerate}
            .mayWrite=${this.mayWrite}
            .readerId=${this.readerId}
          ></rillcast-message-menu>`}`;
  }

  override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.isFollowing) this.#toEnd();
    else if (this.#anchor !== null) {
      const line = this.#line(this.#anchor.place);
      if (line !== null) this.scroller.scrollTop = line.offsetTop - this.#anchor.topPx;
      this.#anchor = null;
    }
  }

  get #extent(): { first: number; end: number } {
    const { first, end } = this.transcript;
    return { first, end };
  }

  get #placed(): readonly PlacedMessage[] {
    return this.transcript.slice(this.window.from, this.window.until);
  }

  #renderLine({ place, message }: PlacedMessage, isStop: boolean): TemplateResult {
    const isActive = this.active === message.id && !this.isBare;
    const canBeHeld = !this.isBare && !message.isDeleted;
    const classes = ["line"];
    if (isForReader(message, this.readerId)) classes.push("for-me");
    if (isActive) classes.push("active");
    return html`<div
      role="listitem"
      class=${classes.join(" ")}
      data-place=${place}
      tabindex=${this.isBare ? nothing : isStop ? "0" : "-1"}
      @focus=${() => {
        this.current = place;
        this.active = message.id;
      }}
      @pointerenter=${(event: PointerEvent) => {
        if (event.pointerType === "mouse") this.active = message.id;
      }}
      @pointerdown=${(event: PointerEvent) => {
        if (canBeHeld) this.#press.begin(event, this.#menuOf(event, message));
      }}
      @pointerup=${this.#press.end}
      @pointercancel=${this.#press.end}
      @contextmenu=${(event: MouseEvent) => {
        if (canBeHeld) this.#press.takeMenu(event, this.#menuOf(event, message));
      }}
    >
      ${messageBody(message, this.#answered(message), this.readerId)}
      ${isActive && !message.isDeleted ? this.#renderTools(message) : nothing}
    </div>`;
  }

  #renderTools(message: ChatMessage): TemplateResult {
    const name = message.author.displayName;
    return html`<div class="tools">
      ${this.mayWrite
        ? html`<button
            type="button"
            tabindex="-1"
            aria-label=${chatTexts.replyTo(name)}
            title=${chatTexts.reply}
            @click=${() => {
              this.#act(message, "reply");
            }}
          >
            ${replyIcon}
          </button>`
        : nothing}
      ${this.mayModerate
        ? html`<button
            type="button"
            tabindex="-1"
            aria-label=${chatTexts.deleteOf(name)}
            title=${chatTexts.delete}
            @click=${() => {
              this.#act(message, "delete");
            }}
          >
            ${trashIcon}
          </button>`
        : nothing}
      <button
        type="button"
        tabindex="-1"
        aria-label=${chatTexts.moreFor(name)}
        title=${chatTexts.more}
        @click=${(event: Event) => this.menu?.open(message, event.currentTarget as HTMLElement)}
      >
        ${moreIcon}
      </button>
    </div>`;
  }

  #answered({ replyTo }: ChatMessage): ChatMessage | null {
    return replyTo === null ? null : this.transcript.find(replyTo.messageId);
  }

  #act(message: ChatMessage, kind: "reply" | "delete"): void {
    this.dispatchEvent(new MessageActionEvent(message, { kind }));
  }

  #line(place: number): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(`[data-place="${place}"]`);
  }

  #toEnd(): void {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Remembers where a message stands that stays in the page. */
  #hold(): void {
    const { scrollTop } = this.scroller;
    for (const line of this.renderRoot.querySelectorAll<HTMLElement>(".line")) {
      if (line.offsetTop + line.offsetHeight <= scrollTop) continue;
      this.#anchor = { place: Number(line.dataset.place), topPx: line.offsetTop - scrollTop };
      return;
    }
  }

  #setFollowing(isFollowing: boolean): void {
    if (isFollowing) this.unseen = 0;
    if (isFollowing === this.isFollowing) return;
    this.isFollowing = isFollowing;
    this.dispatchEvent(new Event("end-changed"));
  }

  readonly #onScroll = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const belowPx = scrollHeight - clientHeight - scrollTop;
    const isNewest = this.window.until >= this.transcript.end;
    if (isNewest && belowPx <= AT_END_PX) {
      this.#setFollowing(true);
      return;
    }
    // A page that grows below a reader at the end has not been scrolled by them.
    if (this.isFollowing && belowPx <= AT_END_PX) return;
    this.#setFollowing(false);
    if (scrollTop < NEAR_PX) this.#moveOlder();
    else if (belowPx < NEAR_PX && !isNewest) this.#move(newerWindow(this.window, this.#extent));
  };

  #moveOlder(): void {
    const older = olderWindow(this.window, this.#extent);
    if (older.from !== this.window.from) this.#move(older);
    else if (this.hasOlder && !this.isReadingOlder) this.dispatchEvent(new Event("older-wanted"));
  }

  #move(window: ListWindow): void {
    if (window.from === this.window.from && window.until === this.window.until) return;
    this.#hold();
    this.window = window;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const placed = this.#placed;
    const index = placed.findIndex(({ place }) => place === this.current);
    const here = placed[index];
    if (here === undefined || event.composedPath()[0] !== this.#line(here.place)) return;
    if (this.#doKey(event, here, index)) event.preventDefault();
  };

  /** Returns whether the key means something here. */
  #doKey(event: KeyboardEvent, { message, place }: PlacedMessage, index: number): boolean {
    const placed = this.#placed;
    switch (event.key) {
      case "ArrowUp":
        if (index < 5) this.#moveOlder();
        this.#goTo(Math.max(place - 1, this.window.from));
        return true;
      case "ArrowDown":
        if (index > placed.length - 5) this.#move(newerWindow(this.window, this.#extent));
        this.#goTo(Math.min(place + 1, this.transcript.end - 1));
        return true;
      case "Home":
        this.#goTo(this.window.from);
        return true;
      case "End":
        this.follow();
        void this.updateComplete.then(() => {
          this.#goTo(this.transcript.end - 1);
        });
        return true;
      case "Enter":
      case "ContextMenu": {
        const line = this.#line(place);
        if (line !== null && !message.isDeleted) void this.menu?.open(message, line);
        return true;
      }
      case "r":
        if (this.mayWrite && !message.isDeleted) this.#act(message, "reply");
        return true;
      case "Delete":
        if (this.mayModerate && !message.isDeleted) this.#act(message, "delete");
        return true;
      case "Escape":
        this.dispatchEvent(new Event("leave-list"));
        return true;
      default:
        return false;
    }
  }

  #goTo(place: number): void {
    this.current = place;
    // Who goes to a message wants to see that one; where all are in sight, that is the end as well.
    this.#setFollowing(false);
    void this.updateComplete.then(() => {
      this.#line(place)?.focus();
      this.#onScroll();
    });
  }

  readonly #onPill = (): void => {
    this.follow();
    this.dispatchEvent(new Event("leave-list"));
  };

  readonly #onLeave = (): void => {
    if (this.renderRoot.querySelector(".line:focus-within") === null) this.active = null;
  };

  /** Opens the menu of a message beside what the event was on, which is known only now. */
  #menuOf(event: Event, message: ChatMessage): () => void {
    const line = event.currentTarget as HTMLElement;
    return () => void this.menu?.open(message, line);
  }
}
