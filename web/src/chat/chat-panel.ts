import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import { ApiProblem } from "../api/api-problem.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { sharedLinkHash } from "../channels/shared-link.js";
import { blockStyle, errorBlock, loadingBlock } from "../forms/blocks.js";
import "../forms/confirm-dialog.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import { closeIcon, keyboardIcon, popOutIcon } from "../icons.js";
import { SessionWatch } from "../session/session-watch.js";
import { chatTexts } from "../texts/chat.js";
import { Announcer } from "./announcer.js";
import type { ChatMessage } from "./chat-message.js";
import { chatPanelStyle } from "./chat-panel-style.js";
import type { Sent } from "./chat-room.js";
import "./composer.js";
import type { Composer } from "./composer.js";
import type { MessageActionEvent } from "./message-action.js";
import { isForReader } from "./message-line.js";
import "./message-list.js";
import type { MessageList } from "./message-list.js";
import { askAndDo } from "./moderating.js";
import { Room } from "./room.js";
import { roomRules } from "./room-rules.js";
import "./shortcut-dialog.js";
import type { ShortcutDialog } from "./shortcut-dialog.js";

/** Refusals that are not worth a word beside the field: they pass by themselves, unseen mostly. */
const HUSHED: ReadonlySet<string> = new Set(["sign-in"]);

/**
 * One channel's chat: its messages, its rules, and where one writes.
 *
 * @fires hide-chat - the reader wants its place for the picture
 */
@customElement("rillcast-chat")
export class ChatPanel extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    blockStyle,
    css`
      :host {
        position: relative;
        display: flex;
        flex-direction: column;
        min-height: 0;
        background: var(--surface);
      }
    `,
    chatPanelStyle,
  ];

  /** The channel's name. */
  @property() channel = "";
  /** The token of the shared link that its reader came by. */
  @property({ attribute: false }) leave: string | null = null;
  /** Whether it stands in a window of its own: there is nothing to hide or to pop out of. */
  @property({ type: Boolean }) isAlone = false;
  /** Changes when its reader may do other things here, such as after following the channel. */
  @property({ attribute: false }) standingMark: unknown = null;

  @state() private replyTo: ChatMessage | null = null;
  @state() private spoken = "";
  @state() private notice = "";
  @query("rillcast-message-list") private readonly list!: MessageList | null;
  @query("rillcast-composer") private readonly composer!: Composer | null;
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;
  @query("rillcast-shortcut-dialog") private readonly shortcuts!: ShortcutDialog;

  readonly #session = new SessionWatch(this);
  readonly #announcer = new Announcer(chatTexts.spokenCount);
  readonly #room = new Room(this, {
    onSaid: (messages) => {
      this.#onSaid(messages);
    },
    onReset: () => {
      this.replyTo = null;
      this.list?.follow();
    },
  });
  #speaking: ReturnType<typeof setTimeout> | undefined;
  #lastStanding: unknown = null;
  #lastReader: string | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#speaking);
  }

  override willUpdate(): void {
    if (!this.isConnected) return;
    this.#room.enter(this.channel === "" ? null : this.channel, this.leave);
    if (this.standingMark === this.#lastStanding && this.#readerId === this.#lastReader) return;
    this.#lastStanding = this.standingMark;
    this.#lastReader = this.#readerId;
    void this.#room.refresh();
  }

  override render(): TemplateResult {
    return html`<section aria-label=${chatTexts.chatOf(this.channel)}>
      ${this.#renderHead()} ${this.#renderBody()}
      <div class="hidden-text" role="status" aria-live="polite">${this.spoken}</div>
      <rillcast-confirm-dialog></rillcast-confirm-dialog>
      <rillcast-shortcut-dialog></rillcast-shortcut-dialog>
    </section>`;
  }

  get #readerId(): string | null {
    return this.#session.me?.id ?? null;
  }

  #renderHead(): TemplateResult {
    return html`<header>
      <h2>${this.isAlone ? this.channel : chatTexts.chat}</h2>
      <button
        type="button"
        class="icon keys"
        aria-label=${chatTexts.shortcuts}
        title=${chatTexts.shortcuts}
        @click=${() => {
          this.shortcuts.show();
        }}
      >
        ${keyboardIcon}
      </button>
      ${this.isAlone
        ? nothing
        : html`<a
              class="button icon pop-out"
              href="/${this.channel}/chat${this.leave === null ? "" : sharedLinkHash(this.leave)}"
              target="_blank"
              rel="noopener"
              aria-label=${chatTexts.popOut}
              title=${chatTexts.popOut}
              >${popOutIcon}</a
            >
            <button
              type="button"
              class="icon"
              aria-label=${chatTexts.hide}
              title=${chatTexts.hide}
              @click=${() => this.dispatchEvent(new Event("hide-chat"))}
            >
              ${closeIcon}
            </button>`}
    </header>`;
  }

  #renderBody(): TemplateResult {
    const { room, error } = this.#room;
    if (room === null) {
      if (error === null) return html`<div class="middle">${loadingBlock(4)}</div>`;
      return html`<div class="middle">
        ${error instanceof ApiProblem && error.status === 404
          ? words(chatTexts.off, chatTexts.offText)
          : errorBlock(error, () => void this.#room.refresh())}
      </div>`;
    }
    const { transcript } = this.#room;
    const mayModerate = room.isStaff;
    if (!room.rules.enabled && !mayModerate) {
      return html`<div class="middle">${words(chatTexts.off, chatTexts.offText)}</div>`;
    }
    const isEmpty = transcript.end === transcript.first;
    const mayWrite = this.#readerId !== null && room.refusal?.code !== "banned";
    return html`${isEmpty
        ? html`<div class="middle">
            ${words(chatTexts.empty, mayWrite ? chatTexts.emptyText : chatTexts.emptyReading)}
          </div>`
        : nothing}
      <rillcast-message-list
        ?hidden=${isEmpty}
        .transcript=${transcript}
        .revision=${this.#room.revision}
        .readerId=${this.#readerId}
        .mayModerate=${mayModerate}
        .mayWrite=${mayWrite}
        .isReadingOlder=${this.#room.isReadingOlder}
        .hasOlder=${this.#room.hasOlder}
        @older-wanted=${this.#onOlderWanted}
        @end-changed=${this.#onEndChanged}
        @leave-list=${this.#toComposer}
        @message-action=${this.#onAction}
      ></rillcast-message-list>
      <footer>
        ${this.#room.isLost ? html`<p class="lost" role="status">${chatTexts.reconnecting}</p>` : nothing}
        ${this.notice === "" ? nothing : html`<p class="lost" role="status">${this.notice}</p>`}
        ${roomRules(room.rules)}
        <rillcast-composer
          .say=${this.#say}
          .name=${this.#session.me?.displayName ?? null}
          .refusal=${room.refusal !== null && HUSHED.has(room.refusal.code) ? null : room.refusal}
          .replyTo=${this.replyTo}
          .emotes=${this.#room.emotes}
          @reply-cancelled=${this.#onReplyCancelled}
          @list-wanted=${this.#toList}
          @emotes-wanted=${this.#onEmotesWanted}
          @wait-over=${this.#onWaitOver}
        ></rillcast-composer>
      </footer>`;
  }

  #onSaid(messages: readonly ChatMessage[]): void {
    this.requestUpdate();
    void this.updateComplete.then(() => {
      this.list?.take(messages.length);
    });
    const reader = this.#readerId;
    for (const message of messages) {
      if (message.author.accountId === reader) continue;
      this.#announcer.note({
        name: message.author.displayName,
        text: message.text,
        isForMe: isForReader(message, reader),
      });
    }
    this.#speak();
  }

  /** Tells a screen reader what was said, one thing at a time. */
  #speak(): void {
    clearTimeout(this.#speaking);
    const nowMs = performance.now();
    const said = document.hidden ? null : this.#announcer.take(nowMs);
    if (said !== null) this.spoken = said;
    const dueMs = this.#announcer.dueMs(nowMs);
    if (dueMs !== null) {
      this.#speaking = setTimeout(() => {
        this.#speak();
      }, Math.max(dueMs - nowMs, 250));
    }
  }

  readonly #say = async (text: string, replyTo: string | null): Promise<Sent> => {
    const sent = await this.#room.say(text, replyTo);
    if (sent.kind === "said") this.list?.follow();
    return sent;
  };

  readonly #onOlderWanted = async (): Promise<void> => {
    if ((await this.#room.readOlder()) > 0) this.list?.take(0);
  };

  readonly #onEndChanged = (): void => {
    this.#room.isAtEnd = this.list?.isAtEnd ?? true;
  };

  readonly #toComposer = (): void => {
    this.composer?.focus();
  };

  readonly #toList = (): void => {
    this.list?.focusMessage();
  };

  readonly #onReplyCancelled = (): void => {
    this.replyTo = null;
  };

  readonly #onEmotesWanted = (): void => {
    void this.#room.readEmotes();
  };

  readonly #onWaitOver = (): void => {
    void this.#room.refresh();
  };

  readonly #onAction = async ({ message, action }: MessageActionEvent): Promise<void> => {
    this.notice = "";
    if (action.kind === "reply") {
      this.replyTo = message;
      return;
    }
    this.notice = await askAndDo(this.dialog, this.channel, message, action);
    if (this.notice !== "") setTimeout(() => (this.notice = ""), NOTICE_MS);
  };
}

const NOTICE_MS = 6_000;

function words(heading: string, text: string): TemplateResult {
  return html`<div class="words">
    <h3>${heading}</h3>
    <p>${text}</p>
  </div>`;
}
