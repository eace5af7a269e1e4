import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { components } from "../api/schema.js";
import { api } from "../api/server.js";
import "../forms/notice.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { Submission } from "../forms/submission.js";
import { summary } from "../forms/summary.js";
import "../shell/avatar.js";
import { sanctionTexts } from "../texts/moderation.js";
import { untilText } from "../texts/spans.js";
import { moderationStyle } from "./moderation-style.js";

type Sanction = components["schemas"]["SanctionView"];

/** Who may not write in a channel's room, and why. */
@customElement("rillcast-sanction-list")
export class SanctionList extends LitElement {
  static override styles: CSSResultGroup = moderationStyle;

  @property() channel = "";
  @state() private notice = "";
  readonly #acting = new Submission(this);
  readonly #list = new PagedList<Sanction>(this, async (cursor, signal) => {
    const { body } = await api.get("/channels/{channel}/chat/sanctions", {
      path: { channel: this.channel },
      query: cursor === undefined ? {} : { cursor },
      signal,
    });
    return body;
  });

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("channel") && this.channel !== "") void this.#list.load();
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-labelledby="heading">
      <h2 id="heading">${sanctionTexts.heading}</h2>
      <rillcast-notice .text=${this.notice}></rillcast-notice>
      ${summary(this.#acting)}
      ${pagedList(
        this.#list,
        (sanctions) => html`<ul class="rows">
          ${sanctions.map((sanction) => this.#renderOne(sanction))}
        </ul>`,
        () => html`<p class="lead">${sanctionTexts.none}</p>`,
      )}
    </section>`;
  }

  #renderOne({ kind, person, by, reason, endsAt }: Sanction): TemplateResult {
    const facts = [
      endsAt === null
        ? sanctionTexts.forGood
        : sanctionTexts.until(untilText(Date.parse(endsAt), Date.now())),
    ];
    if (by !== null) facts.push(sanctionTexts.by(by.displayName));
    if (reason !== "") facts.push(reason);
    return html`<li class="row">
      <div class="person">
        <rillcast-avatar
          .name=${person.displayName}
          .src=${person.avatar[0]?.url ?? null}
        ></rillcast-avatar>
        <div class="words">
          <h3>${person.displayName} <span class="tag ${kind}">${sanctionTexts[kind]}</span></h3>
          <p>${facts.join(" · ")}</p>
        </div>
      </div>
      <button
        type="button"
        aria-label="${sanctionTexts.lift}: ${person.displayName}"
        @click=${() => void this.#lift(person.accountId, person.displayName)}
      >
        ${sanctionTexts.lift}
      </button>
    </li>`;
  }

  async #lift(account: string, name: string): Promise<void> {
    this.notice = "";
    const isDone = await this.#acting.run(async (signal) => {
      await api.delete("/channels/{channel}/chat/sanctions/{account}", {
        path: { channel: this.channel, account },
        signal,
      });
    });
    if (!isDone) return;
    this.notice = sanctionTexts.lifted(name);
    await this.#list.load();
  }
}
