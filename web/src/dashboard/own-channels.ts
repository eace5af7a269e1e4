import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";

import type { ChannelCard } from "../api/channel-names.js";
import { CreateKey } from "../api/idempotency.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle, emptyBlock } from "../forms/blocks.js";
import { fieldError } from "../forms/failure.js";
import { choice, field } from "../forms/field.js";
import { formStyle } from "../forms/form-style.js";
import { FormValues } from "../forms/form-values.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { Submission } from "../forms/submission.js";
import { submitButton } from "../forms/submit-button.js";
import { summary } from "../forms/summary.js";
import { navigate } from "../shell/navigate.js";
import { channelPicture, channelPictureStyle } from "../home/channel-picture.js";
import "../state-badge.js";
import { VISIBILITY_NAMES, shownTitle } from "../texts/channels.js";
import { VISIBILITY_CHOICES, dashboardTexts } from "../texts/dashboard.js";
import { countText } from "../texts/spans.js";
import { panelStyle } from "./panel-style.js";

/** The channels that are one's own or in one's care, and the form that makes another. */
@customElement("rillcast-own-channels")
export class OwnChannels extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    panelStyle,
    channelPictureStyle,
    css`
      a.name {
        color: inherit;
        text-decoration: none;
      }
      a.name:hover {
        text-decoration: underline;
      }
      .row {
        position: relative;
        flex-wrap: nowrap;
      }
      /* The whole row leads there. */
      a.name::after {
        position: absolute;
        inset: 0;
        content: "";
      }
      .row:hover a.name {
        color: var(--accent);
      }
      .row h3 {
        display: -webkit-box;
        overflow: hidden;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
      }
      rillcast-state-badge {
        margin-right: var(--space-1);
      }
      .picture {
        position: relative;
        flex: none;
        overflow: hidden;
        width: 6rem;
        border-radius: var(--radius-s);
        aspect-ratio: 16 / 9;
      }
    `,
  ];

  @state() private isMaking = false;

  readonly #creating = new Submission(this);
  readonly #createKey = new CreateKey();
  readonly #own = new PagedList<ChannelCard>(this, async (_cursor, signal) => {
    const { body } = await api.get("/me/channels", { signal });
    return body;
  });
  readonly #moderated = new PagedList<ChannelCard>(this, async (_cursor, signal) => {
    const { body } = await api.get("/me/moderating", { signal });
    return body;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#own.load();
    void this.#moderated.load();
  }

  override render(): TemplateResult {
    const hasNone = this.#own.state === "ready" && this.#own.items.length === 0;
    return html`<section class="panel" aria-label=${dashboardTexts.title}>
        ${pagedList(this.#own, renderChannels, () =>
          emptyBlock(dashboardTexts.noChannels, dashboardTexts.noChannelsText),
        )}
        ${hasNone || this.isMaking
          ? this.#renderForm()
          : html`<div class="actions">
              <button type="button" class="primary" @click=${this.#beginMaking}>
                ${dashboardTexts.newChannel}
              </button>
            </div>`}
      </section>
      ${this.#moderated.items.length === 0
        ? nothing
        : html`<section class="panel" aria-labelledby="moderated">
            <h2 id="moderated">${dashboardTexts.moderating}</h2>
            ${renderChannels(this.#moderated.items)}
          </section>`}`;
  }

  #renderForm(): TemplateResult {
    const { failure } = this.#creating;
    return html`<form aria-labelledby="new" @submit=${this.#onSubmit}>
      <h2 id="new">${dashboardTexts.newChannel}</h2>
      ${summary(this.#creating)}
      ${field({
        name: "name",
        label: dashboardTexts.name,
        hint: dashboardTexts.nameHint(location.host),
        maxLength: 64,
        error: fieldError(failure, "name"),
      })}
      ${field({
        name: "title",
        label: dashboardTexts.channelTitle,
        hint: dashboardTexts.titleHint,
        maxLength: 140,
        isOptional: true,
        error: fieldError(failure, "title"),
      })}
      ${choice({
        name: "visibility",
        label: dashboardTexts.visibility,
        value: "public",
        choices: VISIBILITY_CHOICES,
        error: fieldError(failure, "visibility"),
      })}
      <div class="actions">${submitButton(this.#creating, dashboardTexts.makeChannel)}</div>
    </form>`;
  }

  readonly #beginMaking = async (): Promise<void> => {
    this.isMaking = true;
    await this.updateComplete;
    this.shadowRoot?.querySelector<HTMLInputElement>("#name")?.focus();
  };

  readonly #onSubmit = async (event: Event): Promise<void> => {
    const values = FormValues.of(event);
    const visibility = VISIBILITY_CHOICES.find(([value]) => value === values.text("visibility"));
    const body = {
      name: values.text("name").trim(),
      title: values.text("title"),
      visibility: visibility?.[0] ?? "public",
    };
    let path = "";
    const isDone = await this.#creating.run(async (signal) => {
      const answer = await api.post("/channels", {
        body,
        idempotencyKey: this.#createKey.for(body),
        signal,
      });
      path = `/dashboard/${answer.body.name}`;
    });
    if (!isDone) return;
    this.#createKey.done();
    navigate(path);
  };
}

function renderChannels(channels: readonly ChannelCard[]): TemplateResult {
  return html`<ul class="rows">
    ${channels.map(renderChannel)}
  </ul>`;
}

function renderChannel(channel: ChannelCard): TemplateResult {
  const facts = [
    channel.name,
    VISIBILITY_NAMES[channel.visibility],
    countText(channel.followerCount, "follower"),
  ];
  return html`<li class="row">
    <div class="picture">${channelPicture(channel, "6rem")}</div>
    <div class="words">
      <h3><a class="name" href="/dashboard/${channel.name}">${shownTitle(channel)}</a></h3>
      <p>
        ${channel.isLive
          ? html`<rillcast-state-badge .phase=${"live"}></rillcast-state-badge>`
          : nothing}
        ${facts.join(" · ")}
      </p>
    </div>
  </li>`;
}
