import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import type { NewStreamKey, StreamKey } from "../api/channel-names.js";
import { CreateKey } from "../api/idempotency.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle, emptyBlock } from "../forms/blocks.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import "../forms/confirm-dialog.js";
import { fieldError } from "../forms/failure.js";
import { field } from "../forms/field.js";
import { formStyle } from "../forms/form-style.js";
import { FormValues } from "../forms/form-values.js";
import "../forms/notice.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import "../forms/secret-field.js";
import { Submission } from "../forms/submission.js";
import { submitButton } from "../forms/submit-button.js";
import { summary } from "../forms/summary.js";
import { keyTexts } from "../texts/dashboard.js";
import { agoText } from "../texts/spans.js";
import { panelStyle } from "./panel-style.js";

const NAME_CHARACTERS = 60;

/** A channel's stream keys: made, renewed, removed; the secret of a new one is shown once. */
@customElement("rillcast-key-list")
export class KeyList extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    panelStyle,
  ];

  @property() channel = "";
  @state() private made: NewStreamKey | null = null;
  @state() private notice = "";
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;

  readonly #making = new Submission(this);
  readonly #createKey = new CreateKey();
  readonly #list = new PagedList<StreamKey>(this, async (_cursor, signal) => {
    const { body } = await api.get("/channels/{channel}/keys", {
      path: { channel: this.channel },
      signal,
    });
    return body;
  });

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has("channel") || this.channel === "") return;
    this.made = null;
    void this.#list.load();
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-labelledby="heading">
        <h2 id="heading">${keyTexts.heading}</h2>
        <p class="lead">${keyTexts.explanation}</p>
        <rillcast-notice .text=${this.notice}></rillcast-notice>
        ${this.made === null
          ? nothing
          : html`<div class="made" role="status">
              <rillcast-secret-field
                label=${keyTexts.made(this.made.name)}
                .text=${this.made.key}
                once
              ></rillcast-secret-field>
            </div>`}
        ${pagedList(
          this.#list,
          (keys) => html`<ul class="rows">
            ${keys.map((key) => this.#renderKey(key))}
          </ul>`,
          () => emptyBlock(keyTexts.none, keyTexts.noneText),
        )}
        <form @submit=${this.#onSubmit}>
          ${summary(this.#making)}
          <div class="inline-form">
            ${field({
              name: "name",
              label: keyTexts.name,
              hint: keyTexts.nameHint,
              maxLength: NAME_CHARACTERS,
              error: fieldError(this.#making.failure, "name"),
            })}
            ${submitButton(this.#making, keyTexts.make)}
          </div>
        </form>
      </section>
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  #renderKey(key: StreamKey): TemplateResult {
    const nowMs = Date.now();
    const facts = [
      keyTexts.starts(key.start),
      key.rotatedAt === null
        ? keyTexts.created(agoText(Date.parse(key.createdAt), nowMs))
        : keyTexts.renewed(agoText(Date.parse(key.rotatedAt), nowMs)),
      key.lastUsedAt === null
        ? keyTexts.neverUsed
        : keyTexts.used(agoText(Date.parse(key.lastUsedAt), nowMs)),
    ];
    return html`<li class="row">
      <div class="words">
        <h3>${key.name}</h3>
        <p>${facts.join(" · ")}</p>
      </div>
      <div class="actions">
        <button
          type="button"
          aria-label="${keyTexts.rename}: ${key.name}"
          @click=${() => void this.#rename(key)}
        >
          ${keyTexts.rename}
        </button>
        <button
          type="button"
          aria-label="${keyTexts.rotate}: ${key.name}"
          @click=${() => void this.#rotate(key)}
        >
          ${keyTexts.rotate}
        </button>
        <button
          type="button"
          class="danger"
          aria-label="${keyTexts.revoke}: ${key.name}"
          @click=${() => void this.#revoke(key)}
        >
          ${keyTexts.revoke}
        </button>
      </div>
    </li>`;
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    const form = event.currentTarget as HTMLFormElement;
    const body = { name: FormValues.of(event).text("name") };
    const isDone = await this.#making.run(async (signal) => {
      const answer = await api.post("/channels/{channel}/keys", {
        path: { channel: this.channel },
        body,
        idempotencyKey: this.#createKey.for(body),
        signal,
      });
      this.#show(answer.body);
    });
    if (!isDone) return;
    this.#createKey.done();
    form.reset();
  };

  async #rename(key: StreamKey): Promise<void> {
    const path = { channel: this.channel, key: key.id };
    let name = key.name;
    const isDone = await this.dialog.ask({
      heading: keyTexts.renameHeading(key.name),
      text: keyTexts.renameText,
      confirmLabel: keyTexts.rename,
      note: { label: keyTexts.renameLabel, value: key.name, maxLength: NAME_CHARACTERS },
      work: async ({ note }, signal) => {
        const { etag } = await api.get("/channels/{channel}/keys/{key}", { path, signal });
        const { body } = await api.patch("/channels/{channel}/keys/{key}", {
          path,
          body: { name: note },
          ...(etag === null ? {} : { ifMatch: etag }),
          signal,
        });
        name = body.name;
      },
    });
    if (!isDone) return;
    if (this.made?.id === key.id) this.made = { ...this.made, name };
    this.notice = keyTexts.renamed(name);
    await this.#list.load();
  }

  async #rotate(key: StreamKey): Promise<void> {
    await this.dialog.ask({
      heading: keyTexts.rotateHeading(key.name),
      text: keyTexts.rotateText,
      confirmLabel: keyTexts.rotate,
      isDangerous: true,
      work: async (_answer, signal) => {
        const { body } = await api.post("/channels/{channel}/keys/{key}/rotate", {
          path: { channel: this.channel, key: key.id },
          signal,
        });
        this.#show(body);
      },
    });
  }

  async #revoke(key: StreamKey): Promise<void> {
    const isDone = await this.dialog.ask({
      heading: keyTexts.revokeHeading(key.name),
      text: keyTexts.revokeText,
      confirmLabel: keyTexts.revoke,
      isDangerous: true,
      work: async (_answer, signal) => {
        await api.delete("/channels/{channel}/keys/{key}", {
          path: { channel: this.channel, key: key.id },
          signal,
        });
      },
    });
    if (!isDone) return;
    if (this.made?.id === key.id) this.made = null;
    this.notice = keyTexts.revoked(key.name);
    await this.#list.load();
  }

  #show(made: NewStreamKey): void {
    this.made = made;
    this.notice = "";
    void this.#list.load();
  }
}
