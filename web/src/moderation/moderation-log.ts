import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import type { components } from "../api/schema.js";
import { api } from "../api/server.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { LOG_ACTIONS, logTexts } from "../texts/moderation.js";
import { momentText } from "../texts/spans.js";
import { moment } from "../texts/times.js";
import { moderationStyle } from "./moderation-style.js";

type Entry = components["schemas"]["LogEntryView"];

/** What moderators did in a channel's room, the newest first. */
@customElement("rillcast-moderation-log")
export class ModerationLog extends LitElement {
  static override styles: CSSResultGroup = moderationStyle;

  @property() channel = "";
  readonly #list = new PagedList<Entry>(this, async (cursor, signal) => {
    const { body } = await api.get("/channels/{channel}/chat/log", {
      path: { channel: this.channel },
      query: cursor === undefined ? { limit: 20 } : { limit: 20, cursor },
      signal,
    });
    return body;
  });

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("channel") && this.channel !== "") void this.#list.load();
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-labelledby="heading">
      <h2 id="heading">${logTexts.heading}</h2>
      <p class="lead">${logTexts.lead}</p>
      ${pagedList(
        this.#list,
        (entries) => html`<ol class="rows">
          ${entries.map(renderEntry)}
        </ol>`,
        () => html`<p class="lead">${logTexts.none}</p>`,
      )}
    </section>`;
  }
}

function renderEntry({ at, action, by, about, text, reason, details }: Entry): TemplateResult {
  const whom = about === null ? nothing : html`: <b>${about.displayName}</b>`;
  const { pattern, code, endsAtMs } = details;
  const facts = [
    reason,
    typeof pattern === "string" ? pattern : "",
    typeof code === "string" ? `:${code}:` : "",
    typeof endsAtMs === "number" ? logTexts.until(momentText(endsAtMs)) : "",
  ].filter((fact) => fact !== "");
  return html`<li class="row">
    <div class="words">
      <h3>${LOG_ACTIONS[action]}${whom}</h3>
      <p>${moment(at)} · ${by?.displayName ?? logTexts.somebody}</p>
      ${text === null || text === "" ? nothing : html`<p class="quotation">${text}</p>`}
      ${facts.length === 0 ? nothing : html`<p>${facts.join(" · ")}</p>`}
    </div>
  </li>`;
}
