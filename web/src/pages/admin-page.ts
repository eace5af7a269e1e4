import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";

import "../admin/channels-section.js";
import "../admin/chat-section.js";
import "../admin/invitations-section.js";
import "../admin/overview-section.js";
import "../admin/users-section.js";
import "../admin/webhooks-section.js";
import { buttonStyle } from "../button-style.js";
import { sectionedPageStyle } from "../settings/sectioned-page-style.js";
import { adminSectionNames, adminTexts } from "../texts/admin.js";
import "./not-found-page.js";

type SectionName = keyof typeof adminSectionNames;

/** What administrators see and do: the server, people, invitations, channels. */
@customElement("rillcast-admin-page")
export class AdminPage extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    sectionedPageStyle,
    css`
      /* Figures side by side make use of a wide window. */
      :host([wide]) {
        max-width: 92rem;
      }
    `,
  ];

  @property() section = "";

  override updated(): void {
    this.toggleAttribute("wide", this.section === "");
  }

  override render(): TemplateResult {
    if (!isSection(this.section)) return html`<rillcast-not-found-page></rillcast-not-found-page>`;
    return html`<h1>${adminTexts.heading}</h1>
      <div class="columns">
        <nav aria-label=${adminTexts.sections}>
          ${Object.entries(adminSectionNames).map(
            ([name, words]) =>
              html`<a
                href=${name === "" ? "/admin" : `/admin/${name}`}
                aria-current=${name === this.section ? "page" : "false"}
                >${words}</a
              >`,
          )}
        </nav>
        <div class="sections">${renderSection(this.section)}</div>
      </div>`;
  }
}

function isSection(name: string): name is SectionName {
  return Object.hasOwn(adminSectionNames, name);
}

function renderSection(name: SectionName): TemplateResult {
  switch (name) {
    case "":
      return html`<rillcast-admin-overview></rillcast-admin-overview>`;
    case "people":
      return html`<rillcast-admin-users></rillcast-admin-users>`;
    case "invitations":
      return html`<rillcast-admin-invitations></rillcast-admin-invitations>`;
    case "channels":
      return html`<rillcast-admin-channels></rillcast-admin-channels>`;
    case "chat":
      return html`<rillcast-admin-chat></rillcast-admin-chat>`;
    case "webhooks":
      return html`<rillcast-admin-webhooks></rillcast-admin-webhooks>`;
  }
}
