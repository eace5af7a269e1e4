import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import type { BlockedPerson } from "../api/schema-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle, emptyBlock } from "../forms/blocks.js";
import { formStyle } from "../forms/form-style.js";
import "../forms/notice.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { Submission } from "../forms/submission.js";
import { summary } from "../forms/summary.js";
import "../shell/avatar.js";
import { blockedTexts as texts } from "../texts/settings.js";
import { day } from "../texts/times.js";
import { sectionStyle } from "./section-style.js";

/** Whom one has blocked, and the way to lift it. */
@customElement("rillcast-blocked-section")
export class BlockedSection extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    sectionStyle,
    css`
      rillcast-avatar {
        --avatar-size: 2.75rem;
      }
    `,
  ];

  @state() private said = "";
  @query("h2") private readonly heading!: HTMLElement;

  readonly #submission = new Submission(this);
  readonly #list = new PagedList<BlockedPerson>(this, async (cursor, signal) => {
    const query = cursor === undefined ? {} : { cursor };
    return (await api.get("/me/blocks", { query, signal })).body;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#list.load();
  }

  override render(): TemplateResult {
    return html`<section aria-labelledby="heading">
      <h2 id="heading" tabindex="-1">${texts.heading}</h2>
      <p class="lead">${texts.lead}</p>
      ${summary(this.#submission)}
      ${pagedList(
        this.#list,
        (blocks) => this.#renderBlocks(blocks),
        () => emptyBlock(texts.empty, texts.emptyText),
      )}
      <rillcast-notice .text=${this.said}></rillcast-notice>
    </section>`;
  }

  #renderBlocks(blocks: readonly BlockedPerson[]): TemplateResult {
    return html`<ul class="rows">
      ${repeat(
        blocks,
        ({ person }) => person.accountId,
        ({ person, since }) =>
          html`<li>
            <rillcast-avatar
              .name=${person.displayName}
              .src=${person.avatar[0]?.url ?? null}
            ></rillcast-avatar>
            <div class="what">
              <b>${person.displayName}</b>
              <p>${texts.since} ${day(since)}</p>
            </div>
            <button
              type="button"
              aria-disabled=${this.#submission.isBusy}
              aria-label=${texts.unblockLabel(person.displayName)}
              @click=${() => void this.#unblock(person.accountId, person.displayName)}
            >
              ${texts.unblock}
            </button>
          </li>`,
      )}
    </ul>`;
  }

  async #unblock(account: string, name: string): Promise<void> {
    this.said = "";
    const isDone = await this.#submission.run(async (signal) => {
      await api.delete("/me/blocks/{account}", { path: { account }, signal });
    });
    if (!isDone) return;
    this.said = texts.unblocked(name);
    this.#list.show(this.#list.items.filter(({ person }) => person.accountId !== account));
    // The button that had the focus is gone.
    this.heading.focus();
  }
}
