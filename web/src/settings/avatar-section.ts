import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import type { Me } from "../api/schema-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { formStyle } from "../forms/form-style.js";
import "../forms/notice.js";
import { Submission } from "../forms/submission.js";
import { summary } from "../forms/summary.js";
import { session } from "../session/current.js";
import { SessionWatch } from "../session/session-watch.js";
import "../shell/avatar.js";
import { formTexts } from "../texts/forms.js";
import { profileTexts } from "../texts/settings.js";
import { pictureFault } from "./picture-file.js";
import { sectionStyle } from "./section-style.js";

/** One's own picture. "versioned" tells the account's new version in its detail. */
@customElement("rillcast-avatar-section")
export class AvatarSection extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    sectionStyle,
    css`
      rillcast-avatar {
        --avatar-size: 6rem;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-4);
      }
    `,
  ];

  /** The account's version as it is shown beside the picture; null while it is not known. */
  @property({ attribute: false }) etag: string | null = null;
  @state() private said = "";
  /** What is wrong with the file, before it is sent. */
  @state() private fault: string | null = null;
  @query("input") private readonly input!: HTMLInputElement;

  readonly #session = new SessionWatch(this);
  readonly #submission = new Submission(this);

  override render(): TemplateResult | typeof nothing {
    const { me } = this.#session;
    if (me === null) return nothing;
    return html`<section aria-labelledby="heading">
      <h2 id="heading">${profileTexts.picture}</h2>
      ${summary(this.#submission)}
      ${this.fault === null ? nothing : html`<p class="field-error" role="alert">${this.fault}</p>`}
      <div class="row">
        <rillcast-avatar .name=${me.displayName} .src=${me.avatar?.large ?? null}></rillcast-avatar>
        <div class="actions">
          <button type="button" aria-disabled=${this.#submission.isBusy} @click=${this.#choose}>
            ${this.#submission.isBusy ? formTexts.busy : profileTexts.choosePicture}
          </button>
          ${me.avatar === null
            ? nothing
            : html`<button type="button" @click=${this.#remove}>
                ${profileTexts.removePicture}
              </button>`}
        </div>
      </div>
      <input
        hidden
        type="file"
        accept="image/jpeg,image/png,image/webp,image/gif"
        aria-label=${profileTexts.choosePicture}
        @change=${this.#send}
      />
      <p class="hint">${profileTexts.pictureHint}</p>
      <rillcast-notice .text=${this.said}></rillcast-notice>
    </section>`;
  }

  readonly #choose = (): void => {
    this.input.click();
  };

  readonly #send = async (): Promise<void> => {
    const file = this.input.files?.[0];
    // The same file can be chosen again after a failure.
    const reset = (): void => {
      this.input.value = "";
    };
    if (file === undefined) return;
    this.said = "";
    this.fault = pictureFault(file.type, file.size);
    if (this.fault !== null) {
      reset();
      return;
    }
    await this.#submission.run(async (signal) => {
      const ifMatch = await this.#version(signal);
      const { body, etag } = await api.put("/me/avatar", { file, ifMatch, signal });
      this.#tell(body, etag);
      this.said = profileTexts.pictureSaved;
    });
    reset();
  };

  readonly #remove = async (): Promise<void> => {
    this.said = "";
    await this.#submission.run(async (signal) => {
      const ifMatch = await this.#version(signal);
      const { body, etag } = await api.delete("/me/avatar", { ifMatch, signal });
      this.#tell(body, etag);
      this.said = profileTexts.pictureRemoved;
    });
  };

  /** What is shown is what the editor has seen; reads it if the page could not. */
  async #version(signal: AbortSignal): Promise<string> {
    return this.etag ?? (await api.get("/me", { signal })).etag ?? "";
  }

  #tell(me: Me, etag: string | null): void {
    session.accept(me);
    this.dispatchEvent(new CustomEvent<string | null>("versioned", { detail: etag }));
  }
}
