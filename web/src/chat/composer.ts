import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { failureOf } from "../forms/failure.js";
import { closeIcon, sendIcon, smileIcon } from "../icons.js";
import { signInPath } from "../session/return-path.js";
import { presentPath } from "../shell/navigate.js";
import { chatTexts } from "../texts/chat.js";
import type { ChatMessage } from "./chat-message.js";
import type { Emote, Refusal, Sent } from "./chat-room.js";
import { composerStyle } from "./composer-style.js";
import { refusalText, secondsLeft } from "./refusal-text.js";

const CHARACTERS = 500;
/** How near the limit it is said how much is left. */
const LEFT_SHOWN = 100;
const TICK_MS = 1_000;

/**
 * Where a message is written, or why one cannot write.
 *
 * @fires reply-cancelled - the message is to be no answer
 * @fires list-wanted - the keyboard goes to the messages
 * @fires emotes-wanted - somebody looks for emotes that are not here yet
 */
@customElement("rillcast-composer")
export class Composer extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    css`
      :host {
        position: relative;
        display: block;
      }
    `,
    composerStyle,
  ];

  /** Says something, and answers what became of it. */
  @property({ attribute: false }) say: (text: string, replyTo: string | null) => Promise<Sent> = () =>
    Promise.reject(new Error("there is no room"));
  /** Under which name one writes; null for visitors. */
  @property({ attribute: false }) name: string | null = null;
  @property({ attribute: false }) refusal: Refusal | null = null;
  @property({ attribute: false }) replyTo: ChatMessage | null = null;
  @property({ attribute: false }) emotes: readonly Emote[] = [];

  @state() private text = "";
  @state() private isSending = false;
  /** What the room has said to the last message, to its author alone. */
  @state() private notice = "";
  @state() private isFailure = false;
  @query("textarea") private readonly field!: HTMLTextAreaElement | null;
  @query("[popover]") private readonly picker!: HTMLElement | null;
  #ticking: ReturnType<typeof setInterval> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
  }

  override focus(): void {
    this.field?.focus();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("refusal")) this.#tick();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("replyTo") && this.replyTo !== null) this.focus();
    const { field } = this;
    if (field === null) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
  }

  override render(): TemplateResult {
    if (this.name === null) {
      return html`<a class="button primary wide" href=${signInPath(presentPath())}>${chatTexts.signIn}</a>`;
    }
    if (this.refusal?.code === "banned") return this.#renderShutOut(this.refusal);
    return html`${this.#renderReply()} ${this.#renderNotice()}
      ${this.#isHeldBack && this.refusal?.code === "timed-out"
        ? this.#renderShutOut(this.refusal)
        : nothing}
      <form @submit=${this.#onSubmit}>
        <div class="box">
          <label class="hidden-text" for="text">${chatTexts.write}</label>
          <textarea
            id="text"
            rows="1"
            autocomplete="off"
            enterkeyhint="send"
            placeholder=${chatTexts.writeAsReader(this.name)}
            aria-describedby="standing"
            .value=${this.text}
            @input=${this.#onInput}
            @keydown=${this.#onKey}
          ></textarea>
          <button
            type="button"
            class="icon"
            popovertarget="emotes"
            aria-label=${chatTexts.emotes}
            title=${chatTexts.emotes}
          >
            ${smileIcon}
          </button>
          <button
            type="submit"
            class="icon send"
            aria-label=${chatTexts.send}
            aria-disabled=${this.isSending || this.text.trim() === "" || this.#isHeldBack}
            title=${chatTexts.send}
          >
            ${sendIcon}
          </button>
        </div>
        ${this.#renderStanding()}
      </form>
      ${this.#renderPicker()}`;
  }

  /** Whether one has to wait, or may not write at all. */
  get #isHeldBack(): boolean {
    return this.refusal !== null && secondsLeft(this.refusal, Date.now()) !== 0;
  }

  #renderReply(): TemplateResult | typeof nothing {
    const { replyTo } = this;
    if (replyTo === null) return nothing;
    return html`<div class="reply">
      <p><b>${chatTexts.replyingTo(replyTo.author.displayName)}</b> ${replyTo.text}</p>
      <button
        type="button"
        class="icon"
        aria-label=${chatTexts.cancelReply}
        @click=${this.#cancelReply}
      >
        ${closeIcon}
      </button>
    </div>`;
  }

  /** A moderator has decided that they do not write here: why, and for how long. */
  #renderShutOut(refusal: Refusal): TemplateResult {
    return html`<div class="shut-out" role="status">
      <p>${refusalText(refusal, Date.now())}</p>
      ${refusal.reason === ""
        ? nothing
        : html`<p class="reason">${chatTexts.reasonIs(refusal.reason)}</p>`}
    </div>`;
  }

  #renderNotice(): TemplateResult {
    return html`<div role="status">
      ${this.notice === ""
        ? nothing
        : html`<p class=${this.isFailure ? "notice failure" : "notice"}>${this.notice}</p>`}
    </div>`;
  }

  #renderStanding(): TemplateResult {
    const left = CHARACTERS - this.text.length;
    const { refusal } = this;
    const isSaid = refusal === null || refusal.code === "timed-out" || !this.#isHeldBack;
    const words = isSaid ? "" : refusalText(refusal, Date.now());
    return html`<p class="standing" id="standing">
      ${words}
      ${left >= LEFT_SHOWN
        ? nothing
        : html`<span class=${left < 0 ? "count over" : "count"}
            >${left < 0 ? chatTexts.tooLong(-left) : chatTexts.left(left)}</span
          >`}
    </p>`;
  }

  #renderPicker(): TemplateResult {
    return html`<div id="emotes" popover aria-label=${chatTexts.emotes} @toggle=${this.#onPicker}>
      ${this.emotes.length === 0
        ? html`<p>${chatTexts.noEmotes}</p>`
        : this.emotes.map(
            ({ code, url }) =>
              html`<button
                type="button"
                title=${code}
                aria-label=${code}
                @click=${() => {
                  this.#insert(code);
                }}
              >
                <img src=${url} alt="" loading="lazy" />
              </button>`,
          )}
    </div>`;
  }

  /** Counts down while waiting helps. */
  #tick(): void {
    clearInterval(this.#ticking);
    if (typeof this.refusal?.untilMs !== "number") return;
    this.#ticking = setInterval(() => {
      this.requestUpdate();
      if (!this.#isHeldBack) {
        clearInterval(this.#ticking);
        this.dispatchEvent(new Event("wait-over"));
      }
    }, TICK_MS);
  }

  #insert(code: string): void {
    const { field } = this;
    if (field === null) return;
    const { selectionStart, selectionEnd, value } = field;
    const before = value.slice(0, selectionStart);
    const gap = before === "" || before.endsWith(" ") ? "" : " ";
    this.text = `${before}${gap}${code} ${value.slice(selectionEnd)}`;
    this.picker?.hidePopover();
    field.focus();
  }

  readonly #onPicker = (event: Event): void => {
    if ((event as ToggleEvent).newState !== "open" || this.picker === null) return;
    // Above the field, at its right edge: in a shadow tree nothing anchors it.
    const { top, right } = this.getBoundingClientRect();
    this.picker.style.bottom = `${innerHeight - top + 4}px`;
    this.picker.style.right = `${Math.max(innerWidth - right, 4)}px`;
    this.dispatchEvent(new Event("emotes-wanted"));
  };

  readonly #cancelReply = (): void => {
    this.dispatchEvent(new Event("reply-cancelled"));
    this.focus();
  };

  readonly #onInput = (event: Event): void => {
    this.text = (event.currentTarget as HTMLTextAreaElement).value;
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    // A player on the same page must not take what is written for its shortcuts.
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void this.#send();
    } else if (event.key === "ArrowUp" && this.text === "") {
      event.preventDefault();
      this.dispatchEvent(new Event("list-wanted"));
    } else if (event.key === "Escape" && this.replyTo !== null) {
      this.#cancelReply();
    }
  };

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    void this.#send();
  };

  async #send(): Promise<void> {
    const text = this.text.trim();
    if (text === "" || text.length > CHARACTERS || this.isSending || this.#isHeldBack) return;
    this.isSending = true;
    this.notice = "";
    this.isFailure = false;
    try {
      const sent = await this.say(text, this.replyTo?.id ?? null);
      if (sent.kind === "said") {
        this.text = "";
        this.notice = sent.answer;
        if (this.replyTo !== null) this.dispatchEvent(new Event("reply-cancelled"));
      } else {
        this.isFailure = true;
        this.notice = refusalText(sent.refusal, Date.now());
      }
    } catch (error) {
      this.isFailure = true;
      this.notice = failureOf(error).text;
    } finally {
      this.isSending = false;
    }
  }
}
