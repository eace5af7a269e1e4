import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import type { components } from "../api/schema.js";
import { api } from "../api/server.js";
import { fieldError } from "../forms/failure.js";
import { field } from "../forms/field.js";
import { FormValues } from "../forms/form-values.js";
import "../forms/notice.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { Submission } from "../forms/submission.js";
import { submitButton } from "../forms/submit-button.js";
import { summary } from "../forms/summary.js";
import { pictureFault } from "../settings/picture-file.js";
import { emoteTexts } from "../texts/moderation.js";
import { moderationStyle } from "./moderation-style.js";

type EmoteView = components["schemas"]["EmoteView"];

const CODE_CHARACTERS = 32;

/** Emotes of one channel, or, without one, those of all channels: added and removed. */
@customElement("rillcast-emote-list")
export class EmoteList extends LitElement {
  static override styles: CSSResultGroup = [
    moderationStyle,
    css`
      .emote {
        display: flex;
        flex: 1 1 10rem;
        gap: var(--space-3);
        align-items: center;
        min-width: 0;
      }
      img {
        width: 2.5rem;
        height: 2.5rem;
        object-fit: contain;
      }
    `,
  ];

  /** Null for the emotes of all channels. */
  @property({ attribute: false }) channel: string | null = null;
  @state() private notice = "";
  @state() private fault: string | null = null;
  @query("input[type=file]") private readonly file!: HTMLInputElement;
  readonly #adding = new Submission(this);
  readonly #removing = new Submission(this);
  readonly #list = new PagedList<EmoteView>(this, async (_cursor, signal) => {
    const { channel } = this;
    if (channel === null) return (await api.get("/emotes", { signal })).body;
    const { body } = await api.get("/channels/{channel}/chat/emotes", { path: { channel }, signal });
    return { ...body, items: body.items.filter(({ isGlobal }) => !isGlobal) };
  });

  override updated(changed: PropertyValues): void {
    if (changed.has("channel")) void this.#list.load();
  }

  override firstUpdated(): void {
    if (this.channel === null) void this.#list.load();
  }

  override render(): TemplateResult {
    const { failure } = this.#adding;
    return html`<section class="panel" aria-labelledby="heading">
      <h2 id="heading">
        ${this.channel === null ? emoteTexts.globalHeading : emoteTexts.heading}
      </h2>
      <p class="lead">${emoteTexts.lead}</p>
      <rillcast-notice .text=${this.notice}></rillcast-notice>
      ${summary(this.#removing)}
      ${pagedList(
        this.#list,
        (emotes) => html`<ul class="rows">
          ${emotes.map((emote) => this.#renderOne(emote))}
        </ul>`,
        () => html`<p class="lead">${emoteTexts.none}</p>`,
      )}
      <form @submit=${this.#onSubmit}>
        ${summary(this.#adding)}
        ${field({
          name: "code",
          label: emoteTexts.code,
          hint: emoteTexts.codeHint,
          maxLength: CODE_CHARACTERS,
          error: fieldError(failure, "code"),
        })}
        <div class="field">
          <label for="file">${emoteTexts.picture}</label>
          <input
            id="file"
            type="file"
            accept="image/png,image/jpeg,image/webp,image/gif"
            aria-describedby=${this.fault === null ? "file-hint" : "file-error file-hint"}
          />
          ${this.fault === null
            ? nothing
            : html`<p class="field-error" id="file-error" role="alert">${this.fault}</p>`}
          <p class="hint" id="file-hint">${emoteTexts.pictureHint}</p>
        </div>
        <div class="actions">${submitButton(this.#adding, emoteTexts.add)}</div>
      </form>
    </section>`;
  }

  #renderOne({ code, pictures }: EmoteView): TemplateResult {
    return html`<li class="row">
      <div class="emote">
        <img src=${pictures.at(-1)?.url ?? ""} alt="" loading="lazy" />
        <code>:${code}:</code>
      </div>
      <button
        type="button"
        aria-label="${emoteTexts.remove}: ${code}"
        @click=${() => void this.#remove(code)}
      >
        ${emoteTexts.remove}
      </button>
    </li>`;
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    const form = event.currentTarget as HTMLFormElement;
    const code = FormValues.of(event).text("code").trim().replaceAll(":", "");
    const file = this.file.files?.[0];
    this.notice = "";
    this.fault = file === undefined ? emoteTexts.noPicture : pictureFault(file.type, file.size);
    if (file === undefined || this.fault !== null) return;
    const { channel } = this;
    const isDone = await this.#adding.run(async (signal) => {
      if (channel === null) await api.put("/emotes/{code}", { path: { code }, file, signal });
      else {
        await api.put("/channels/{channel}/chat/emotes/{code}", {
          path: { channel, code },
          file,
          signal,
        });
      }
    });
    if (!isDone) return;
    form.reset();
    this.notice = emoteTexts.added(code);
    await this.#list.load();
  };

  async #remove(code: string): Promise<void> {
    const { channel } = this;
    this.notice = "";
    const isDone = await this.#removing.run(async (signal) => {
      if (channel === null) await api.delete("/emotes/{code}", { path: { code }, signal });
      else {
        await api.delete("/channels/{channel}/chat/emotes/{code}", {
          path: { channel, code },
          signal,
        });
      }
    });
    if (!isDone) return;
    this.notice = emoteTexts.removed(code);
    await this.#list.load();
  }
}
