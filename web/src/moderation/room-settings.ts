import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, html } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import type { components } from "../api/schema.js";
import { api } from "../api/server.js";
import { errorBlock, loadingBlock } from "../forms/blocks.js";
import "../forms/confirm-dialog.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import { fieldError } from "../forms/failure.js";
import { check, choice } from "../forms/field.js";
import { FormValues } from "../forms/form-values.js";
import "../forms/notice.js";
import "../forms/secret-field.js";
import { Submission } from "../forms/submission.js";
import { submitButton } from "../forms/submit-button.js";
import { summary } from "../forms/summary.js";
import { FOLLOW_CHOICES, SLOW_CHOICES, roomTexts } from "../texts/moderation.js";
import { durationText } from "../texts/spans.js";
import { moderationStyle } from "./moderation-style.js";

type Room = components["schemas"]["ChatView"];
type Choices = readonly (readonly [string, string])[];

/** The rules of a channel's room. */
@customElement("rillcast-room-settings")
export class RoomSettings extends LitElement {
  static override styles: CSSResultGroup = moderationStyle;

  @property() channel = "";
  @state() private room: Room | null = null;
  @state() private error: unknown = null;
  @state() private notice = "";
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;
  readonly #saving = new Submission(this);
  #etag: string | null = null;

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("channel") && this.channel !== "") void this.#load();
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-labelledby="heading">
        <h2 id="heading">${roomTexts.heading}</h2>
        <p class="lead">${roomTexts.lead}</p>
        <rillcast-notice .text=${this.notice}></rillcast-notice>
        ${this.room === null
          ? this.error === null
            ? loadingBlock()
            : errorBlock(this.error, () => void this.#load())
          : this.#renderForm(this.room)}
      </section>
      <section class="panel" aria-labelledby="dock">
        <h2 id="dock">${roomTexts.dock}</h2>
        <p class="lead">${roomTexts.dockText}</p>
        <rillcast-secret-field
          .text="${location.origin}/${this.channel}/dock"
        ></rillcast-secret-field>
      </section>
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  #renderForm(room: Room): TemplateResult {
    const { failure } = this.#saving;
    const follow = room.followersOnlyMinutes === null ? "" : String(room.followersOnlyMinutes);
    return html`<form @submit=${this.#onSubmit}>
      ${summary(this.#saving)}
      ${check({ name: "enabled", label: roomTexts.enabled, isChecked: room.enabled })}
      ${choice({
        name: "slow",
        label: roomTexts.slow,
        hint: roomTexts.slowHint,
        value: String(room.slowModeS),
        choices: withPresent(SLOW_CHOICES, String(room.slowModeS), room.slowModeS * 1000),
        error: fieldError(failure, "slowModeS"),
      })}
      ${choice({
        name: "followers",
        label: roomTexts.followers,
        value: follow,
        choices: withPresent(FOLLOW_CHOICES, follow, Number(follow) * 60_000),
        error: fieldError(failure, "followersOnlyMinutes"),
      })}
      ${check({ name: "verified", label: roomTexts.verified, isChecked: room.verifiedOnly })}
      ${check({ name: "links", label: roomTexts.links, isChecked: room.linksAllowed })}
      <div class="actions">
        ${submitButton(this.#saving, roomTexts.save)}
        <a class="button" href="/${this.channel}/chat" target="_blank" rel="noopener"
          >${roomTexts.popOut}</a
        >
        <button type="button" class="danger" @click=${this.#onClear}>${roomTexts.clear}</button>
      </div>
    </form>`;
  }

  async #load(): Promise<void> {
    this.error = null;
    try {
      const { body, etag } = await api.get("/channels/{channel}/chat", {
        path: { channel: this.channel },
      });
      this.room = body;
      this.#etag = etag;
    } catch (error) {
      this.error = error;
    }
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    const values = FormValues.of(event);
    this.notice = "";
    const isDone = await this.#saving.run(async (signal) => {
      const { body, etag } = await api.patch("/channels/{channel}/chat", {
        path: { channel: this.channel },
        body: {
          enabled: values.isChecked("enabled"),
          slowModeS: Number(values.text("slow")),
          followersOnlyMinutes: values.numberOrNull("followers"),
          verifiedOnly: values.isChecked("verified"),
          linksAllowed: values.isChecked("links"),
        },
        ifMatch: this.#etag ?? "*",
        signal,
      });
      this.room = body;
      this.#etag = etag;
    });
    if (isDone) this.notice = roomTexts.saved;
  };

  readonly #onClear = async (): Promise<void> => {
    this.notice = "";
    const isDone = await this.dialog.ask({
      heading: roomTexts.clearHeading,
      text: roomTexts.clearText,
      confirmLabel: roomTexts.clear,
      isDangerous: true,
      work: async (_answer, signal) => {
        await api.delete("/channels/{channel}/chat/messages", {
          path: { channel: this.channel },
          signal,
        });
      },
    });
    if (isDone) this.notice = roomTexts.cleared;
  };
}

/** The usual choices, and what a command may have set that is none of them. */
function withPresent(choices: Choices, value: string, lengthMs: number): Choices {
  if (choices.some(([known]) => known === value)) return choices;
  return [...choices, [value, roomTexts.other(durationText(lengthMs))]];
}
