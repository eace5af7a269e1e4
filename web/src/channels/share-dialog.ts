import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import type { ChannelCard } from "../api/channel-names.js";
import { buttonStyle } from "../button-style.js";
import "../copy-button.js";
import { check, field } from "../forms/field.js";
import { formStyle } from "../forms/form-style.js";
import "../forms/secret-field.js";
import { closeIcon, linkIcon } from "../icons.js";
import { channelPath } from "../route.js";
import { channelTexts, shownTitle } from "../texts/channels.js";
import { formTexts } from "../texts/forms.js";
import { EMBED_WIDTH_MAX, EMBED_WIDTH_MIN, EMBED_WIDTH_USUAL, embedCode } from "./embed-code.js";

/** A button and its dialog: a channel's address, and the code that puts its player on a website. */
@customElement("rillcast-share-dialog")
export class ShareDialog extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    formStyle,
    css`
      dialog {
        width: min(36rem, calc(100vw - 2rem));
        max-height: calc(100dvh - 2rem);
        padding: var(--space-5);
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      dialog::backdrop {
        background: rgb(4 8 10 / 60%);
      }
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-4);
        margin-bottom: var(--space-4);
      }
      h2,
      h3 {
        margin: 0;
        letter-spacing: -0.01em;
        overflow-wrap: anywhere;
      }
      h2 {
        font-size: var(--text-l);
      }
      h3 {
        font-size: var(--text-m);
      }
      .close {
        flex: none;
        width: 2.75rem;
        padding: 0;
        border-color: transparent;
      }
      .content {
        display: grid;
        gap: var(--space-4);
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-5);
        align-items: end;
      }
      .choices .field {
        flex: 0 1 12rem;
      }
      p {
        margin: 0;
        color: var(--text-muted);
        font-size: var(--text-s);
      }
    `,
  ];

  @property({ attribute: false }) channel: ChannelCard | null = null;

  @state() private width = EMBED_WIDTH_USUAL;
  @state() private startsMuted = false;
  @query("dialog") private readonly dialog!: HTMLDialogElement;

  override render(): TemplateResult | typeof nothing {
    const { channel } = this;
    if (channel === null) return nothing;
    return html`<button type="button" @click=${this.#open}>
        ${linkIcon} ${channelTexts.share}
      </button>
      <dialog aria-labelledby="heading" @click=${this.#onClick}>
        <div class="head">
          <h2 id="heading">${channelTexts.shareTitle(shownTitle(channel))}</h2>
          <button type="button" class="close" aria-label=${formTexts.close} @click=${this.#close}>
            ${closeIcon}
          </button>
        </div>
        ${this.#renderContent(channel)}
      </dialog>`;
  }

  #renderContent(channel: ChannelCard): TemplateResult {
    const address = location.origin + channelPath(channel.name);
    const code = embedCode({
      origin: location.origin,
      channel: channel.name,
      title: shownTitle(channel),
      width: this.width,
      startsMuted: this.startsMuted,
      link: null,
    });
    const isOpen = channel.visibility === "public" || channel.visibility === "unlisted";
    return html`<div class="content">
      <rillcast-secret-field
        label=${channelTexts.shareAddress}
        .text=${address}
      ></rillcast-secret-field>
      ${"share" in navigator
        ? html`<div>
            <button type="button" @click=${() => void this.#shareWithApp(channel, address)}>
              ${channelTexts.shareWithApp}
            </button>
          </div>`
        : nothing}
      <h3>${channelTexts.shareEmbed}</h3>
      <p>${isOpen ? channelTexts.shareEmbedHelp : channelTexts.shareEmbedPrivate}</p>
      <div class="choices" @input=${this.#onChoice}>
        ${field({
          name: "width",
          label: channelTexts.embedWidth,
          type: "number",
          min: EMBED_WIDTH_MIN,
          max: EMBED_WIDTH_MAX,
          value: String(this.width),
        })}
        ${check({ name: "muted", label: channelTexts.embedMuted, isChecked: this.startsMuted })}
      </div>
      <rillcast-secret-field .text=${code}></rillcast-secret-field>
    </div>`;
  }

  async #shareWithApp(channel: ChannelCard, url: string): Promise<void> {
    try {
      await navigator.share({ title: shownTitle(channel), url });
    } catch {
      // The person has thought better of it, and the address can be copied.
    }
  }

  readonly #onChoice = (event: Event): void => {
    const control = event.target as HTMLInputElement;
    if (control.name === "muted") this.startsMuted = control.checked;
    else if (control.validity.valid && control.value !== "") this.width = control.valueAsNumber;
  };

  readonly #open = (): void => {
    this.dialog.showModal();
  };

  readonly #close = (): void => {
    this.dialog.close();
  };

  readonly #onClick = (event: Event): void => {
    // Its padding belongs to the content; only the backdrop has the dialog itself as the target.
    if (event.composedPath()[0] === this.dialog) this.dialog.close();
  };
}
