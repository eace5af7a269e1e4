import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import type { ChannelView } from "../api/channel-names.js";
import type { Answered } from "../api/client.js";
import { api } from "../api/server.js";
import "../brand/rill-art.js";
import { buttonStyle } from "../button-style.js";
import { formStyle } from "../forms/form-style.js";
import "../forms/notice.js";
import { Submission } from "../forms/submission.js";
import { summary } from "../forms/summary.js";
import { artworkSources } from "../home/artwork.js";
import { pictureFault } from "../settings/picture-file.js";
import { channelSettingsTexts } from "../texts/dashboard.js";
import { formTexts } from "../texts/forms.js";
import { ChannelChangedEvent } from "./channel-changed.js";
import { panelStyle } from "./panel-style.js";

/**
 * A channel's picture: shown, replaced, removed.
 *
 * @fires channel-changed - the picture is another
 */
@customElement("rillcast-channel-artwork")
export class ChannelArtwork extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    formStyle,
    panelStyle,
    css`
      .picture {
        position: relative;
        overflow: hidden;
        width: min(100%, 24rem);
        border-radius: var(--radius-l);
        aspect-ratio: 16 / 9;
        box-shadow: 0 0 0 1px var(--line);
      }
      .picture > * {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        object-fit: cover;
      }
      input {
        position: absolute;
        width: 1px;
        height: 1px;
        opacity: 0;
      }
      input:focus-visible + label {
        outline: 3px solid var(--focus);
        outline-offset: 2px;
      }
    `,
  ];

  @property({ attribute: false }) channel: ChannelView | null = null;
  @property({ attribute: false }) etag: string | null = null;
  @state() private notice = "";
  /** What is wrong with the file that was chosen; it has not been sent. */
  @state() private fault: string | null = null;
  @query("input") private readonly input!: HTMLInputElement;

  readonly #submission = new Submission(this);

  override render(): TemplateResult | typeof nothing {
    const { channel } = this;
    if (channel === null) return nothing;
    const sources = artworkSources(channel.artwork);
    const texts = channelSettingsTexts;
    const { failure } = this.#submission;
    return html`<section class="panel" aria-labelledby="heading">
      <h2 id="heading">${texts.artwork}</h2>
      <p class="lead">${texts.artworkHint}</p>
      <rillcast-notice .text=${this.notice}></rillcast-notice>
      ${summary(this.#submission)}
      <div role="alert">
        ${[...(failure?.fields.values() ?? []), ...(this.fault === null ? [] : [this.fault])].map(
          (text) => html`<p class="field-error">${text}</p>`,
        )}
      </div>
      <div class="picture">
        ${sources === null
          ? html`<rillcast-rill-art .name=${channel.name}></rillcast-rill-art>`
          : html`<img src=${sources.src} srcset=${sources.srcset} sizes="24rem" alt="" />`}
      </div>
      <div class="actions">
        <input
          id="file"
          type="file"
          accept="image/png,image/jpeg,image/webp,image/gif"
          @change=${this.#onChoose}
        />
        <label class="button" for="file"
          >${this.#submission.isBusy ? formTexts.busy : texts.chooseArtwork}</label
        >
        ${sources === null
          ? nothing
          : html`<button type="button" @click=${this.#onRemove}>${texts.removeArtwork}</button>`}
      </div>
    </section>`;
  }

  readonly #onChoose = (): void => {
    const file = this.input.files?.[0];
    if (file === undefined) return;
    this.fault = pictureFault(file.type, file.size);
    // The same file can be chosen again.
    this.input.value = "";
    if (this.fault !== null) return;
    void this.#change(channelSettingsTexts.artworkSaved, (channel, ifMatch, signal) =>
      api.put("/channels/{channel}/artwork", { path: { channel }, file, ifMatch, signal }),
    );
  };

  readonly #onRemove = (): void => {
    void this.#change(channelSettingsTexts.artworkRemoved, (channel, ifMatch, signal) =>
      api.delete("/channels/{channel}/artwork", { path: { channel }, ifMatch, signal }),
    );
  };

  async #change(
    done: string,
    ask: (channel: string, etag: string, signal: AbortSignal) => Promise<Answered<ChannelView>>,
  ): Promise<void> {
    const { channel, etag } = this;
    if (channel === null || etag === null) return;
    this.notice = "";
    const isDone = await this.#submission.run(async (signal) => {
      const answer = await ask(channel.name, etag, signal);
      this.dispatchEvent(new ChannelChangedEvent(answer.body, answer.etag));
    });
    if (isDone) this.notice = done;
  }
}
