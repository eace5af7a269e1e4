import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";

import type { Identity, Issuer } from "../api/schema-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle, errorBlock, loadingBlock } from "../forms/blocks.js";
import "../forms/confirm-dialog.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import { formStyle } from "../forms/form-style.js";
import { RegistrationFacts } from "../people/registration-facts.js";
import { SessionWatch } from "../session/session-watch.js";
import { securityTexts } from "../texts/settings.js";
import { day } from "../texts/times.js";
import { sectionStyle } from "./section-style.js";

/** Issuers that sign in to one's account. Not there where the server knows none. */
@customElement("rillcast-identities-section")
export class IdentitiesSection extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    sectionStyle,
  ];

  @state() private identities: readonly Identity[] | null = null;
  @state() private loadError: unknown = null;
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;

  readonly #session = new SessionWatch(this);
  readonly #facts = new RegistrationFacts(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult | typeof nothing {
    const issuers = this.#facts.facts?.issuers ?? [];
    if (issuers.length === 0 && (this.identities ?? []).length === 0) return nothing;
    return html`<section aria-labelledby="heading">
        <h2 id="heading">${securityTexts.identitiesHeading}</h2>
        <p class="lead">${securityTexts.identitiesLead}</p>
        ${this.#renderList()}
        <div class="actions">
          ${issuers.map(
            (issuer) =>
              html`<button type="button" @click=${() => void this.#add(issuer)}>
                ${securityTexts.addIdentity(issuer.title)}
              </button>`,
          )}
        </div>
      </section>
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  #renderList(): TemplateResult {
    if (this.loadError !== null) return errorBlock(this.loadError, () => void this.#load());
    if (this.identities === null) return loadingBlock(1);
    if (this.identities.length === 0) return html`<p class="lead">${securityTexts.noIdentities}</p>`;
    return html`<ul class="rows">
      ${this.identities.map(
        (identity) =>
          html`<li>
            <div class="what">
              <b>${hostOf(identity.issuer)}</b>
              <p>
                ${identity.email ?? nothing} ${securityTexts.added} ${day(identity.createdAt)}${identity.usedAt ===
                null
                  ? nothing
                  : html`, ${securityTexts.lastUsed} ${day(identity.usedAt)}`}
              </p>
            </div>
            <button
              type="button"
              aria-label=${securityTexts.removeIdentityLabel(hostOf(identity.issuer))}
              @click=${() => void this.#remove(identity)}
            >
              ${securityTexts.removeIdentity}
            </button>
          </li>`,
      )}
    </ul>`;
  }

  async #load(): Promise<void> {
    this.loadError = null;
    try {
      this.identities = (await api.get("/me/identities", {})).body.items;
    } catch (error) {
      this.loadError = error;
    }
  }

  async #add({ name, title }: Issuer): Promise<void> {
    await this.dialog.ask({
      heading: securityTexts.addIdentity(title),
      text: securityTexts.addIdentityQuestion,
      confirmLabel: securityTexts.goOn,
      asksPassword: this.#session.me?.hasPassword === true,
      work: async ({ password }, signal) => {
        const { body } = await api.post("/me/identities", {
          body: { issuer: name, returnTo: "/settings/security", password },
          signal,
        });
        location.assign(body.url);
      },
    });
  }

  async #remove({ id, issuer }: Identity): Promise<void> {
    const isDone = await this.dialog.ask({
      heading: securityTexts.removeIdentityLabel(hostOf(issuer)),
      text: securityTexts.removeIdentityQuestion,
      confirmLabel: securityTexts.removeIdentity,
      isDangerous: true,
      asksPassword: this.#session.me?.hasPassword === true,
      work: async ({ password }, signal) => {
        await api.post("/me/identities/{identity_id}/removal", {
          path: { identity_id: id },
          body: { password },
          signal,
        });
      },
    });
    if (isDone) await this.#load();
  }
}

/** An issuer is an address (OpenID Connect Core, 2): people know its host. */
function hostOf(issuer: string): string {
  return URL.canParse(issuer) ? new URL(issuer).host : issuer;
}
