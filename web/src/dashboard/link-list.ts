import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import type { ChannelView, NewPlaybackLink, PlaybackLink } from "../api/channel-names.js";
import { CreateKey } from "../api/idempotency.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { EMBED_WIDTH_USUAL, embedCode } from "../channels/embed-code.js";
import { sharedLinkAddress } from "../channels/shared-link.js";
import { blockStyle, emptyBlock } from "../forms/blocks.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import "../forms/confirm-dialog.js";
import { fieldError } from "../forms/failure.js";
import { choice, field } from "../forms/field.js";
import { formStyle } from "../forms/form-style.js";
import { FormValues } from "../forms/form-values.js";
import "../forms/notice.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import "../forms/secret-field.js";
import { Submission } from "../forms/submission.js";
import { submitButton } from "../forms/submit-button.js";
import { summary } from "../forms/summary.js";
import { shownTitle } from "../texts/channels.js";
import { LIFETIME_CHOICES, linkTexts } from "../texts/dashboard.js";
import { untilText } from "../texts/spans.js";
import { panelStyle } from "./panel-style.js";

const NAME_CHARACTERS = 60;
const USUAL_LIFETIME_S = "86400";

/** Links by which others may watch a channel that is not open to them. */
@customElement("rillcast-link-list")
export class LinkList extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    panelStyle,
  ];

  @property({ attribute: false }) channel: ChannelView | null = null;
  @state() private made: NewPlaybackLink | null = null;
  @state() private notice = "";
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;

  readonly #making = new Submission(this);
  readonly #createKey = new CreateKey();
  readonly #list = new PagedList<PlaybackLink>(this, async (_cursor, signal) => {
    const { body } = await api.get("/channels/{channel}/links", {
      path: { channel: this.#name },
      signal,
    });
    return body;
  });

  get #name(): string {
    return this.channel?.name ?? "";
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("channel") && changed.get("channel")?.name !== this.channel?.name) {
      this.made = null;
      void this.#list.load();
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { channel } = this;
    if (channel === null) return nothing;
    const isOpen = channel.visibility === "public" || channel.visibility === "unlisted";
    return html`<section class="panel" aria-labelledby="heading">
        <h2 id="heading">${linkTexts.heading}</h2>
        <p class="lead">${linkTexts.explanation}</p>
        ${isOpen ? html`<p class="lead">${linkTexts.notNeeded}</p>` : nothing}
        <rillcast-notice .text=${this.notice}></rillcast-notice>
        ${this.made === null
          ? nothing
          : html`<div class="made" role="status">
              <rillcast-secret-field
                label=${linkTexts.made(this.made.name)}
                .text=${sharedLinkAddress(location.origin, channel.name, this.made.token)}
                once
              ></rillcast-secret-field>
              <rillcast-secret-field
                label=${linkTexts.embed}
                .text=${embedCode({
                  origin: location.origin,
                  channel: channel.name,
                  title: shownTitle(channel),
                  width: EMBED_WIDTH_USUAL,
                  startsMuted: false,
                  link: this.made.token,
                })}
              ></rillcast-secret-field>
              <p class="lead">${linkTexts.embedHelp}</p>
            </div>`}
        ${pagedList(
          this.#list,
          (links) => html`<ul class="rows">
            ${links.map((link) => this.#renderLink(link))}
          </ul>`,
          () => emptyBlock(linkTexts.none, linkTexts.noneText),
        )}
        <form @submit=${this.#onSubmit}>
          ${summary(this.#making)}
          <div class="inline-form">
            ${field({
              name: "name",
              label: linkTexts.name,
              hint: linkTexts.nameHint,
              maxLength: NAME_CHARACTERS,
              error: fieldError(this.#making.failure, "name"),
            })}
            ${choice({
              name: "lifetime",
              label: linkTexts.lifetime,
              value: USUAL_LIFETIME_S,
              choices: LIFETIME_CHOICES,
              error: fieldError(this.#making.failure, "lifetimeS"),
            })}
            ${submitButton(this.#making, linkTexts.make)}
          </div>
        </form>
      </section>
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  #renderLink(link: PlaybackLink): TemplateResult {
    return html`<li class="row">
      <div class="words">
        <h3>${link.name}</h3>
        <p>${linkTexts.ends(untilText(Date.parse(link.expiresAt), Date.now()))}</p>
      </div>
      <div class="actions">
        <button
          type="button"
          class="danger"
          aria-label="${linkTexts.revoke}: ${link.name}"
          @click=${() => void this.#revoke(link)}
        >
          ${linkTexts.revoke}
        </button>
      </div>
    </li>`;
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    const form = event.currentTarget as HTMLFormElement;
    const values = FormValues.of(event);
    const body = {
      name: values.text("name"),
      lifetimeS: values.numberOrNull("lifetime") ?? Number(USUAL_LIFETIME_S),
    };
    const isDone = await this.#making.run(async (signal) => {
      const answer = await api.post("/channels/{channel}/links", {
        path: { channel: this.#name },
        body,
        idempotencyKey: this.#createKey.for(body),
        signal,
      });
      this.made = answer.body;
      this.notice = "";
    });
    if (!isDone) return;
    this.#createKey.done();
    form.reset();
    await this.#list.load();
  };

  async #revoke(link: PlaybackLink): Promise<void> {
    const isDone = await this.dialog.ask({
      heading: linkTexts.revokeHeading(link.name),
      text: linkTexts.revokeText,
      confirmLabel: linkTexts.revoke,
      isDangerous: true,
      work: async (_answer, signal) => {
        await api.delete("/channels/{channel}/links/{link}", {
          path: { channel: this.#name, link: link.id },
          signal,
        });
      },
    });
    if (!isDone) return;
    if (this.made?.id === link.id) this.made = null;
    this.notice = linkTexts.revoked(link.name);
    await this.#list.load();
  }
}
