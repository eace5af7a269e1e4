import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, state } from "lit/decorators.js";

import type { FollowedChannel } from "../api/schema-names.js";
import type { components } from "../api/schema.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle, errorBlock, loadingBlock } from "../forms/blocks.js";
import { formStyle } from "../forms/form-style.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { Submission } from "../forms/submission.js";
import { summary } from "../forms/summary.js";
import { notificationSettingsTexts } from "../texts/notifications.js";
import { sectionStyle } from "./section-style.js";

type Wish = components["schemas"]["ChannelNotificationSettings"];

/** What one is told of single channels: opened one at a time. */
@customElement("rillcast-channel-notifications-section")
export class ChannelNotificationsSection extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    sectionStyle,
    css`
      .wish {
        flex: 1 1 100%;
      }
    `,
  ];

  @state() private opened: string | null = null;
  @state() private wish: Wish | null = null;
  @state() private error: unknown = null;
  /** The version of `wish`. */
  #etag: string | null = null;
  readonly #saving = new Submission(this);
  readonly #list = new PagedList<FollowedChannel>(this, async (cursor, signal) => {
    const { body } = await api.get("/me/following", {
      query: cursor === undefined ? {} : { cursor },
      signal,
    });
    return body;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#list.load();
  }

  override render(): TemplateResult {
    const texts = notificationSettingsTexts;
    return html`<section aria-labelledby="heading">
      <h2 id="heading">${texts.channelHeading}</h2>
      <p class="lead">${texts.channelLead}</p>
      ${summary(this.#saving)}
      ${pagedList(
        this.#list,
        (followed) => html`<ul class="rows">
          ${followed.map(({ channel }) => this.#renderChannel(channel.name))}
        </ul>`,
        () => html`<p class="lead">${texts.noChannels}</p>`,
      )}
    </section>`;
  }

  #renderChannel(name: string): TemplateResult {
    const isOpen = this.opened === name;
    return html`<li>
      <div class="what"><b>${name}</b></div>
      <button
        type="button"
        aria-expanded=${isOpen}
        aria-label="${notificationSettingsTexts.change}: ${name}"
        @click=${() => void this.#open(name)}
      >
        ${notificationSettingsTexts.change}
      </button>
      ${isOpen ? html`<div class="wish">${this.#renderWish(name)}</div>` : html``}
    </li>`;
  }

  #renderWish(name: string): TemplateResult {
    const texts = notificationSettingsTexts;
    const { wish } = this;
    if (wish === null) {
      return this.error === null
        ? loadingBlock(1)
        : errorBlock(this.error, () => void this.#read(name));
    }
    return html`${this.#tick(texts.live, wish.live !== false, { ...wish, live: wish.live === false })}
    ${this.#tick(texts.title, wish.title !== false, { ...wish, title: wish.title === false })}
    ${(["push", "email"] as const).map(
      (way) =>
        html`<div class="field">
          <label for=${way}>${texts.ways[way]}</label>
          <select
            id=${way}
            @change=${(event: Event) => {
              const { value } = event.currentTarget as HTMLSelectElement;
              void this.#save({ ...wish, [way]: CHOICE_VALUES[value] ?? null });
            }}
          >
            ${Object.keys(CHOICE_VALUES).map(
              (choice) =>
                html`<option
                  value=${choice}
                  ?selected=${(wish[way] ?? null) === CHOICE_VALUES[choice]}
                >
                  ${texts.channelChoices[choice]}
                </option>`,
            )}
          </select>
        </div>`,
    )}`;
  }

  #tick(label: string, isChecked: boolean, other: Wish): TemplateResult {
    return html`<label class="check">
      <input type="checkbox" .checked=${isChecked} @change=${() => void this.#save(other)} />
      <span>${label}</span>
    </label>`;
  }

  async #open(name: string): Promise<void> {
    this.opened = this.opened === name ? null : name;
    this.wish = null;
    if (this.opened !== null) await this.#read(name);
  }

  async #read(channel: string): Promise<void> {
    this.error = null;
    try {
      const { body, etag } = await api.get("/me/notifications/settings/channels/{channel}", {
        path: { channel },
      });
      if (this.opened === channel) this.#take(body, etag);
    } catch (error) {
      this.error = error;
    }
  }

  async #save(wish: Wish): Promise<void> {
    const channel = this.opened;
    if (channel === null) return;
    await this.#saving.run(async (signal) => {
      const { body, etag } = await api.put("/me/notifications/settings/channels/{channel}", {
        path: { channel },
        body: wish,
        ifMatch: this.#etag ?? "",
        signal,
      });
      if (this.opened === channel) this.#take(body, etag);
    });
  }

  #take(wish: Wish, etag: string | null): void {
    this.wish = wish;
    this.#etag = etag;
  }
}

const CHOICE_VALUES: Readonly<Record<string, boolean | null>> = { usual: null, yes: true, no: false };
