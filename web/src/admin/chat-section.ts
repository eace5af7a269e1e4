import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";

import type { components } from "../api/schema.js";
import { api } from "../api/server.js";
import { chatApi } from "../chat/chat-api.js";
import { emptyBlock } from "../forms/blocks.js";
import "../forms/confirm-dialog.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { Submission } from "../forms/submission.js";
import { summary } from "../forms/summary.js";
import "../moderation/emote-list.js";
import { moderationStyle } from "../moderation/moderation-style.js";
import { channelPath } from "../route.js";
import { reportTexts } from "../texts/moderation.js";
import { moment } from "../texts/times.js";

type Report = components["schemas"]["ReportView"];

/** Messages that people have reported, and the emotes of all channels. */
@customElement("rillcast-admin-chat")
export class AdminChat extends LitElement {
  static override styles: CSSResultGroup = moderationStyle;

  @state() private isOpenAlone = true;
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;
  readonly #acting = new Submission(this);
  readonly #list = new PagedList<Report>(this, async (cursor, signal) => {
    const { body } = await api.get("/admin/chat/reports", {
      query: { open: this.isOpenAlone, ...(cursor === undefined ? {} : { cursor }) },
      signal,
    });
    return body;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#list.load();
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-labelledby="heading">
        <h2 id="heading">${reportTexts.heading}</h2>
        <p class="lead">${reportTexts.lead}</p>
        <div class="check">
          <input id="open" type="checkbox" .checked=${this.isOpenAlone} @change=${this.#onChoose} />
          <label for="open">${reportTexts.open}</label>
        </div>
        ${summary(this.#acting)}
        ${pagedList(
          this.#list,
          (reports) => html`<ul class="rows">
            ${reports.map((report) => this.#renderReport(report))}
          </ul>`,
          () => emptyBlock(reportTexts.none, reportTexts.noneText),
        )}
      </section>
      <rillcast-emote-list></rillcast-emote-list>
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  #renderReport(report: Report): TemplateResult {
    const { author, channel, text, reason, reporter, at, isThere, closedAt, closedBy } = report;
    return html`<li class="row">
      <div class="words">
        <h3>
          ${author.displayName}
          <a href=${channelPath(channel.name)}>${reportTexts.in(channel.name)}</a>
          ${isThere ? nothing : html`<span class="tag">${reportTexts.gone}</span>`}
        </h3>
        <p class="quotation">${text}</p>
        <p>
          ${moment(at)}${reporter === null ? nothing : ` · ${reportTexts.by(reporter.displayName)}`}
          ${closedAt === null ? nothing : ` · ${reportTexts.closed(closedBy?.displayName ?? "")}`}
        </p>
        ${reason === "" ? nothing : html`<p>${reportTexts.reason(reason)}</p>`}
      </div>
      <div class="actions">
        ${isThere
          ? html`<button type="button" class="danger" @click=${() => void this.#delete(report)}>
              ${reportTexts.delete}
            </button>`
          : nothing}
        ${closedAt === null
          ? html`<button type="button" @click=${() => void this.#close(report)}>
              ${reportTexts.close}
            </button>`
          : nothing}
      </div>
    </li>`;
  }

  readonly #onChoose = (event: Event): void => {
    this.isOpenAlone = (event.currentTarget as HTMLInputElement).checked;
    void this.#list.load();
  };

  async #delete({ channel, messageId, text }: Report): Promise<void> {
    const isDone = await this.dialog.ask({
      heading: reportTexts.deleteHeading,
      text,
      confirmLabel: reportTexts.delete,
      isDangerous: true,
      work: (_answer, signal) => chatApi.delete(channel.name, messageId, signal),
    });
    if (isDone) await this.#list.load();
  }

  async #close({ id }: Report): Promise<void> {
    const isDone = await this.#acting.run(async (signal) => {
      await api.post("/admin/chat/reports/{report}/close", { path: { report: id }, signal });
    });
    if (isDone) await this.#list.load();
  }
}
