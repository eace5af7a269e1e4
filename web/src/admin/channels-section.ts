import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";

import type { AdminChannel } from "../api/channel-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { panelStyle } from "../dashboard/panel-style.js";
import { blockStyle, emptyBlock } from "../forms/blocks.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import "../forms/confirm-dialog.js";
import { check, field } from "../forms/field.js";
import { formStyle } from "../forms/form-style.js";
import { FormValues } from "../forms/form-values.js";
import "../forms/notice.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { Submission } from "../forms/submission.js";
import { summary } from "../forms/summary.js";
import { channelPath } from "../route.js";
import "../state-badge.js";
import { adminChannelTexts } from "../texts/admin-channels.js";
import { VISIBILITY_NAMES, shownTitle } from "../texts/channels.js";
import { agoText, countText } from "../texts/spans.js";

/** All channels, for administrators: closed, opened again, cut. */
@customElement("rillcast-admin-channels")
export class AdminChannels extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    panelStyle,
    css`
      .row a {
        color: inherit;
        text-decoration: none;
      }
      .row a:hover {
        text-decoration: underline;
      }
      .row .words .closed {
        color: var(--danger);
      }
    `,
  ];

  @state() private notice = "";
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;

  readonly #acting = new Submission(this);
  #words = "";
  #closedOnly = false;
  readonly #list = new PagedList<AdminChannel>(this, async (cursor, signal) => {
    const { body } = await api.get("/admin/channels", {
      query: {
        q: this.#words,
        banned: this.#closedOnly,
        ...(cursor === undefined ? {} : { cursor }),
      },
      signal,
    });
    return body;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#list.load();
  }

  override render(): TemplateResult {
    const texts = adminChannelTexts;
    return html`<section class="panel" aria-labelledby="heading">
        <h2 id="heading">${texts.heading}</h2>
        <p class="lead">${texts.lead}</p>
        <form role="search" @submit=${this.#onSearch}>
          <div class="inline-form">
            ${field({ name: "q", label: texts.find, type: "search", isOptional: true, maxLength: 200 })}
            ${check({ name: "closed", label: texts.closedOnly })}
            <button type="submit">${texts.search}</button>
          </div>
        </form>
        <rillcast-notice .text=${this.notice}></rillcast-notice>
        ${summary(this.#acting)}
        ${pagedList(
          this.#list,
          (channels) => html`<ul class="rows">
            ${channels.map((channel) => this.#renderChannel(channel))}
          </ul>`,
          () => emptyBlock(texts.none, texts.noneText),
        )}
      </section>
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  #renderChannel(channel: AdminChannel): TemplateResult {
    const texts = adminChannelTexts;
    const facts = [
      channel.name,
      VISIBILITY_NAMES[channel.visibility],
      countText(channel.followerCount, "follower"),
      texts.created(agoText(Date.parse(channel.createdAt), Date.now())),
    ];
    return html`<li class="row">
      <div class="words">
        <h3><a href=${channelPath(channel.name)}>${shownTitle(channel)}</a></h3>
        <p>${facts.join(" · ")}</p>
        ${channel.ban === null
          ? nothing
          : html`<p class="closed">${texts.closed(channel.ban.reason)}</p>`}
      </div>
      ${channel.isLive
        ? html`<rillcast-state-badge .phase=${"live"}></rillcast-state-badge>`
        : nothing}
      <div class="actions">
        ${channel.isLive
          ? action(texts.cut, channel, () => void this.#cut(channel))
          : nothing}
        ${channel.ban === null
          ? action(texts.ban, channel, () => void this.#ban(channel), true)
          : action(texts.unban, channel, () => void this.#unban(channel))}
      </div>
    </li>`;
  }

  readonly #onSearch = (event: Event): void => {
    const values = FormValues.of(event);
    this.#words = values.text("q").trim();
    this.#closedOnly = values.isChecked("closed");
    this.notice = "";
    this.#list.show([]);
    void this.#list.load();
  };

  async #ban(channel: AdminChannel): Promise<void> {
    const texts = adminChannelTexts;
    await this.dialog.ask({
      heading: texts.banHeading(channel.name),
      text: texts.banText,
      confirmLabel: texts.ban,
      isDangerous: true,
      note: { label: texts.banReason, hint: texts.banReasonHint, isOptional: true },
      work: async ({ note }, signal) => {
        const { body } = await api.put("/admin/channels/{channel}/ban", {
          path: { channel: channel.name },
          body: { reason: note },
          signal,
        });
        this.#replace(body);
        this.notice = "";
      },
    });
  }

  async #unban(channel: AdminChannel): Promise<void> {
    this.notice = "";
    const isDone = await this.#acting.run(async (signal) => {
      await api.delete("/admin/channels/{channel}/ban", {
        path: { channel: channel.name },
        signal,
      });
    });
    if (!isDone) return;
    this.#replace({ ...channel, ban: null });
    this.notice = adminChannelTexts.unbanned(channel.name);
  }

  async #cut(channel: AdminChannel): Promise<void> {
    const texts = adminChannelTexts;
    this.notice = "";
    const isDone = await this.dialog.ask({
      heading: texts.cutHeading(channel.name),
      text: texts.cutText,
      confirmLabel: texts.cut,
      isDangerous: true,
      work: async (_answer, signal) => {
        await api.post("/channels/{channel}/cut", { path: { channel: channel.name }, signal });
      },
    });
    if (!isDone) return;
    this.#replace({ ...channel, isLive: false, liveSince: null });
    this.notice = texts.wasCut(channel.name);
  }

  #replace(changed: AdminChannel): void {
    this.#list.show(this.#list.items.map((item) => (item.id === changed.id ? changed : item)));
  }
}

function action(
  label: string,
  channel: AdminChannel,
  act: () => void,
  isDangerous = false,
): TemplateResult {
  return html`<button
    type="button"
    class=${isDangerous ? "danger" : nothing}
    aria-label="${label}: ${channel.name}"
    @click=${act}
  >
    ${label}
  </button>`;
}
