import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { buttonStyle } from "../button-style.js";
import "../settings/avatar-section.js";
import "../settings/blocked-section.js";
import "../settings/channel-notifications-section.js";
import "../settings/email-section.js";
import "../settings/identities-section.js";
import "../settings/leaving-section.js";
import "../settings/notifications-section.js";
import "../settings/password-section.js";
import "../settings/profile-section.js";
import "../settings/push-section.js";
import "../settings/recommendations-section.js";
import "../settings/second-factor-section.js";
import { sectionedPageStyle } from "../settings/sectioned-page-style.js";
import "../settings/sessions-section.js";
import "../settings/tokens-section.js";
import { sectionNames, settingsTexts } from "../texts/settings.js";
import "./not-found-page.js";

type SectionName = keyof typeof sectionNames;

/** One's own account, in sections with addresses of their own. */
@customElement("rillcast-settings-page")
export class SettingsPage extends LitElement {
  static override styles: CSSResultGroup = [buttonStyle, sectionedPageStyle];

  @property() section = "";
  /** The account's version as the profile's form or its picture has read it, for both. */
  @state() private etag: string | null = null;

  override render(): TemplateResult {
    if (!isSection(this.section)) return html`<rillcast-not-found-page></rillcast-not-found-page>`;
    return html`<h1>${settingsTexts.heading}</h1>
      <div class="columns">
        <nav aria-label=${settingsTexts.sections}>
          ${Object.entries(sectionNames).map(
            ([name, words]) =>
              html`<a
                href=${name === "" ? "/settings" : `/settings/${name}`}
                aria-current=${name === this.section ? "page" : "false"}
                >${words}</a
              >`,
          )}
        </nav>
        <div class="sections">${this.#renderSection(this.section)}</div>
      </div>`;
  }

  #renderSection(name: SectionName): TemplateResult {
    switch (name) {
      case "":
        return html`<rillcast-profile-section
            .knownEtag=${this.etag}
            @versioned=${this.#onVersion}
          ></rillcast-profile-section>
          <rillcast-avatar-section
            .etag=${this.etag}
            @versioned=${this.#onVersion}
          ></rillcast-avatar-section>`;
      case "security":
        return html`<rillcast-password-section></rillcast-password-section>
          <rillcast-second-factor-section></rillcast-second-factor-section>
          <rillcast-identities-section></rillcast-identities-section>`;
      case "notifications":
        return html`<rillcast-notifications-section></rillcast-notifications-section>
          <rillcast-push-section></rillcast-push-section>
          <rillcast-channel-notifications-section></rillcast-channel-notifications-section>`;
      case "sessions":
        return html`<rillcast-sessions-section></rillcast-sessions-section>`;
      case "tokens":
        return html`<rillcast-tokens-section></rillcast-tokens-section>`;
      case "recommendations":
        return html`<rillcast-recommendations-section></rillcast-recommendations-section>`;
      case "blocked":
        return html`<rillcast-blocked-section></rillcast-blocked-section>`;
      case "account":
        return html`<rillcast-email-section></rillcast-email-section>
          <rillcast-leaving-section></rillcast-leaving-section>`;
    }
  }

  readonly #onVersion = (event: CustomEvent<string | null>): void => {
    this.etag = event.detail;
  };
}

function isSection(name: string): name is SectionName {
  return Object.hasOwn(sectionNames, name);
}
