import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";

import { figureTableStyle } from "../analytics/figure-table-style.js";
import type { PublisherOnAir } from "../api/operations-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { panelStyle } from "../dashboard/panel-style.js";
import { blockStyle, emptyBlock } from "../forms/blocks.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import "../forms/confirm-dialog.js";
import { formStyle } from "../forms/form-style.js";
import "../forms/notice.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { channelPath } from "../route.js";
import { Poller } from "../status/poller.js";
import { adminChannelTexts } from "../texts/admin-channels.js";
import { publishersTexts } from "../texts/admin-overview.js";
import { bitrateText, elapsedText, qualityText } from "../wording.js";

type Sort = keyof typeof publishersTexts.sorts;

const INTERVAL_MS = 10_000;
const PAGE_ITEMS = 50;

/** Who is on air on this server, sorted, and shown out if need be. */
@customElement("rillcast-admin-publishers")
export class AdminPublishers extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    panelStyle,
    figureTableStyle,
    css`
      :host {
        grid-template-columns: minmax(0, 1fr);
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3);
        align-items: end;
        justify-content: space-between;
      }
      .head label {
        display: grid;
        gap: var(--space-1);
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      tbody th {
        min-width: 9rem;
      }
      /* What is hidden stands within what scrolls. */
      .table-frame {
        position: relative;
      }
      th a {
        color: inherit;
      }
      th small {
        color: var(--text-muted);
        overflow-wrap: anywhere;
      }
      .health {
        text-align: start;
      }
      td.warning,
      td.problem {
        color: var(--danger);
        font-weight: 600;
      }
    `,
  ];

  @state() private notice = "";
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;

  #sort: Sort = "viewers";
  readonly #list = new PagedList<PublisherOnAir>(this, async (cursor, signal) => {
    const { body } = await api.get("/admin/publishers", {
      query: {
        sort: this.#sort,
        limit: PAGE_ITEMS,
        ...(cursor === undefined ? {} : { cursor }),
      },
      signal,
    });
    return body;
  });
  /** Who has asked for more keeps what is shown: a first page would take it away. */
  readonly #poller = new Poller({
    poll: async () => {
      if (this.#list.items.length <= PAGE_ITEMS) await this.#list.load();
      return INTERVAL_MS;
    },
    whenHidden: "pause",
    intervalMs: INTERVAL_MS,
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#poller.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#poller.stop();
  }

  override render(): TemplateResult {
    const texts = publishersTexts;
    return html`<section class="panel" aria-labelledby="heading">
        <div class="head">
          <h2 id="heading">${texts.heading}</h2>
          <label>
            ${texts.sort}
            <select @change=${this.#onSort}>
              ${Object.entries(texts.sorts).map(
                ([name, words]) =>
                  html`<option value=${name} ?selected=${name === this.#sort}>${words}</option>`,
              )}
            </select>
          </label>
        </div>
        <rillcast-notice .text=${this.notice}></rillcast-notice>
        ${pagedList(
          this.#list,
          (publishers) => this.#renderTable(publishers),
          () => emptyBlock(texts.none, texts.noneText),
        )}
      </section>
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  #renderTable(publishers: readonly PublisherOnAir[]): TemplateResult {
    const { columns, heading } = publishersTexts;
    const nowMs = Date.now();
    return html`<div class="table-frame" tabindex="0" role="region" aria-label=${heading}>
      <table>
        <thead>
          <tr>
            <th scope="col">${columns.channel}</th>
            <th scope="col" class="health">${columns.health}</th>
            <th scope="col">${columns.viewers}</th>
            <th scope="col">${columns.out}</th>
            <th scope="col">${columns.in}</th>
            <th scope="col">${columns.since}</th>
            <th scope="col"><span class="hidden-text">${columns.action}</span></th>
          </tr>
        </thead>
        <tbody>
          ${publishers.map((publisher) => this.#renderRow(publisher, nowMs))}
        </tbody>
      </table>
    </div>`;
  }

  #renderRow(publisher: PublisherOnAir, nowMs: number): TemplateResult {
    const texts = publishersTexts;
    const { channel, health, width, height, fps, codecs } = publisher;
    const side = width === null || height === null ? null : Math.min(width, height);
    const encoder = publisher.encoder === "" ? texts.encoderUnknown : publisher.encoder;
    const facts = [qualityText(side, fps), ...codecs].filter((fact) => fact !== null);
    return html`<tr>
      <th scope="row">
        <a href=${channelPath(channel)}>${channel}</a>
        <small>${facts.join(" · ")}</small>
        <small>${encoder}</small>
      </th>
      <td class="health ${health ?? nothing}">${texts.health[health ?? "unknown"]}</td>
      <td>${publisher.viewers.toLocaleString("en")}</td>
      <td>${bitrateText(publisher.outBps)}</td>
      <td>${bitrateText(publisher.inBps)}</td>
      <td>${elapsedText(nowMs - Date.parse(publisher.since))}</td>
      <td>
        <button
          type="button"
          aria-label="${adminChannelTexts.cut}: ${channel}"
          @click=${() => void this.#cut(channel)}
        >
          ${adminChannelTexts.cut}
        </button>
      </td>
    </tr>`;
  }

  readonly #onSort = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    if (!isSort(value)) return;
    this.#sort = value;
    this.#list.show([]);
    void this.#list.load();
  };

  async #cut(channel: string): Promise<void> {
    const texts = adminChannelTexts;
    this.notice = "";
    const isDone = await this.dialog.ask({
      heading: texts.cutHeading(channel),
      text: texts.cutText,
      confirmLabel: texts.cut,
      isDangerous: true,
      work: async (_answer, signal) => {
        await api.post("/channels/{channel}/cut", { path: { channel }, signal });
      },
    });
    if (!isDone) return;
    this.#list.show(this.#list.items.filter((item) => item.channel !== channel));
    this.notice = texts.wasCut(channel);
  }
}

function isSort(name: string): name is Sort {
  return Object.hasOwn(publishersTexts.sorts, name);
}
