import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import type { ChannelFields, ChannelView } from "../api/channel-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { languageChoices } from "../channels/language-name.js";
import { tagLine, tagsOf } from "../channels/tag-list.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import "../forms/confirm-dialog.js";
import { fieldError } from "../forms/failure.js";
import { check, choice, field, textArea } from "../forms/field.js";
import { formStyle } from "../forms/form-style.js";
import { FormValues } from "../forms/form-values.js";
import "../forms/notice.js";
import { Submission } from "../forms/submission.js";
import { submitButton } from "../forms/submit-button.js";
import { summary } from "../forms/summary.js";
import { navigate } from "../shell/navigate.js";
import { categoryName } from "../texts/channels.js";
import { LATENCY_CHOICES, VISIBILITY_CHOICES, channelSettingsTexts } from "../texts/dashboard.js";
import { formTexts } from "../texts/forms.js";
import { ChannelChangedEvent } from "./channel-changed.js";
import "./channel-artwork.js";
import { panelStyle } from "./panel-style.js";

const TITLE_CHARACTERS = 140;
const DESCRIPTION_CHARACTERS = 5_000;
const GRACE_MAX_S = 600;

/**
 * What an owner writes about a channel, who may watch it, and how it is sent.
 *
 * @fires channel-changed - the edit was accepted
 */
@customElement("rillcast-channel-settings")
export class ChannelSettings extends LitElement {
  static override styles: CSSResultGroup = [buttonStyle, hiddenTextStyle, formStyle, panelStyle];

  @property({ attribute: false }) channel: ChannelView | null = null;
  /** The version that is edited. */
  @property({ attribute: false }) etag: string | null = null;
  @state() private categories: readonly string[] = [];
  @state() private notice = "";
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;

  readonly #saving = new Submission(this);
  #reading = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#reading = new AbortController();
    void this.#readCategories(this.#reading.signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#reading.abort();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("channel");
    if (before !== undefined && before?.name !== this.channel?.name) this.notice = "";
  }

  override render(): TemplateResult | typeof nothing {
    const { channel } = this;
    if (channel === null) return nothing;
    const { failure } = this.#saving;
    const texts = channelSettingsTexts;
    return html`<section class="panel" aria-labelledby="heading">
        <h2 id="heading">${texts.heading}</h2>
        <rillcast-notice .text=${this.notice}></rillcast-notice>
        <form @submit=${this.#onSubmit}>
          ${summary(this.#saving)}
          ${field({
            name: "title",
            label: texts.title,
            hint: texts.titleHint,
            value: channel.title,
            maxLength: TITLE_CHARACTERS,
            isOptional: true,
            error: fieldError(failure, "title"),
          })}
          ${textArea({
            name: "description",
            label: texts.description,
            value: channel.description,
            rows: 6,
            maxLength: DESCRIPTION_CHARACTERS,
            isOptional: true,
            error: fieldError(failure, "description"),
          })}
          ${choice({
            name: "category",
            label: texts.category,
            value: channel.category ?? "",
            choices: categoryChoices(this.categories, channel.category),
            error: fieldError(failure, "category"),
          })}
          ${field({
            name: "tags",
            label: texts.tags,
            hint: texts.tagsHint,
            value: tagLine(channel.tags),
            isOptional: true,
            error: fieldError(failure, "tags"),
          })}
          ${choice({
            name: "language",
            label: texts.language,
            value: channel.language ?? "",
            choices: [["", texts.noLanguage], ...languageChoices(channel.language)],
            error: fieldError(failure, "language"),
          })}
          ${check({
            name: "isMature",
            label: texts.mature,
            hint: texts.matureHint,
            isChecked: channel.isMature,
          })}
          ${choice({
            name: "visibility",
            label: texts.visibility,
            hint: texts.visibilityHint,
            value: channel.visibility,
            choices: VISIBILITY_CHOICES,
            error: fieldError(failure, "visibility"),
          })}
          ${choice({
            name: "latencyProfile",
            label: texts.latency,
            hint: texts.latencyHint,
            value: channel.latencyProfile,
            choices: LATENCY_CHOICES,
            error: fieldError(failure, "latencyProfile"),
          })}
          ${field({
            name: "graceS",
            label: texts.grace,
            hint: texts.graceHint,
            type: "number",
            min: 0,
            max: GRACE_MAX_S,
            value: String(channel.graceS),
            error: fieldError(failure, "graceS"),
          })}
          <div class="actions">${submitButton(this.#saving, texts.save)}</div>
        </form>
      </section>
      <rillcast-channel-artwork .channel=${channel} .etag=${this.etag}></rillcast-channel-artwork>
      <section class="panel" aria-labelledby="remove">
        <h2 id="remove">${texts.remove}</h2>
        <p class="lead">${texts.removeText}</p>
        <div class="actions">
          <button type="button" class="danger" @click=${() => void this.#remove(channel)}>
            ${texts.remove}
          </button>
        </div>
      </section>
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    const fields = fieldsOf(FormValues.of(event));
    const { channel, etag } = this;
    if (channel === null || etag === null) return;
    this.notice = "";
    const isDone = await this.#saving.run(async (signal) => {
      const answer = await api.patch("/channels/{channel}", {
        path: { channel: channel.name },
        body: fields,
        ifMatch: etag,
        signal,
      });
      this.dispatchEvent(new ChannelChangedEvent(answer.body, answer.etag));
    });
    if (isDone) this.notice = formTexts.saved;
  };

  async #remove(channel: ChannelView): Promise<void> {
    const texts = channelSettingsTexts;
    const isDone = await this.dialog.ask({
      heading: texts.removeHeading(channel.name),
      text: texts.removeText,
      confirmLabel: texts.remove,
      isDangerous: true,
      work: async (_answer, signal) => {
        await api.delete("/channels/{channel}", { path: { channel: channel.name }, signal });
      },
    });
    if (isDone) navigate("/dashboard");
  }

  async #readCategories(signal: AbortSignal): Promise<void> {
    try {
      const { body } = await api.get("/directory/categories", { signal });
      this.categories = body.items.map(({ category }) => category);
    } catch {
      // The channel keeps the category it has; all else can be edited.
    }
  }
}

function categoryChoices(
  categories: readonly string[],
  present: string | null,
): readonly (readonly [string, string])[] {
  const all = present === null || categories.includes(present) ? categories : [...categories, present];
  return [
    ["", channelSettingsTexts.noCategory],
    ...all.map((category) => [category, categoryName(category)] as const),
  ];
}

function fieldsOf(values: FormValues): ChannelFields {
  return {
    title: values.text("title"),
    description: values.text("description"),
    category: values.textOrNull("category"),
    tags: tagsOf(values.text("tags")),
    language: values.textOrNull("language"),
    isMature: values.isChecked("isMature"),
    visibility: chosen(values.text("visibility"), VISIBILITY_CHOICES),
    latencyProfile: chosen(values.text("latencyProfile"), LATENCY_CHOICES),
    graceS: values.numberOrNull("graceS") ?? 0,
  };
}

/** The choice that a form's text is; the first if it is none, which no form of ours sends. */
function chosen<Value extends string>(
  text: string,
  choices: readonly (readonly [Value, string])[],
): Value {
  const found = choices.find(([value]) => value === text) ?? choices[0];
  if (found === undefined) throw new Error("a form has nothing to choose from");
  return found[0];
}
