import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { CreateKey } from "../api/idempotency.js";
import type { PersonalToken } from "../api/schema-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle, emptyBlock, errorBlock, loadingBlock } from "../forms/blocks.js";
import "../forms/confirm-dialog.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import { check, choice, field } from "../forms/field.js";
import { formStyle } from "../forms/form-style.js";
import { FormValues } from "../forms/form-values.js";
import "../forms/notice.js";
import "../forms/secret-field.js";
import { SessionWatch } from "../session/session-watch.js";
import { tokensTexts } from "../texts/settings.js";
import { day } from "../texts/times.js";
import { sectionStyle } from "./section-style.js";

const { scopeNames } = tokensTexts;

/** Personal tokens: made, listed, revoked. */
@customElement("rillcast-tokens-section")
export class TokensSection extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    sectionStyle,
  ];

  @state() private tokens: readonly PersonalToken[] | null = null;
  @state() private loadError: unknown = null;
  /** The text of the token that was just made. */
  @state() private made: string | null = null;
  @state() private areScopesMissing = false;
  @state() private said = "";
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;

  readonly #session = new SessionWatch(this);
  readonly #key = new CreateKey();

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.made = null;
  }

  override render(): TemplateResult {
    return html`<section aria-labelledby="heading">
        <h2 id="heading">${tokensTexts.heading}</h2>
        <p class="lead">${tokensTexts.lead}</p>
        ${this.#renderList()}
        <rillcast-notice .text=${this.said}></rillcast-notice>
      </section>
      <section aria-labelledby="new">
        <h2 id="new">${tokensTexts.create}</h2>
        ${this.made === null
          ? nothing
          : html`<rillcast-secret-field
              once
              .label=${tokensTexts.made}
              .text=${this.made}
            ></rillcast-secret-field>`}
        ${this.#renderForm()}
      </section>
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  #renderList(): TemplateResult {
    if (this.tokens === null) {
      return this.loadError === null
        ? loadingBlock()
        : errorBlock(this.loadError, () => void this.#load());
    }
    if (this.tokens.length === 0) return emptyBlock(tokensTexts.empty, tokensTexts.emptyText);
    return html`<ul class="rows">
      ${repeat(
        this.tokens,
        ({ id }) => id,
        (token) => this.#renderToken(token),
      )}
    </ul>`;
  }

  #renderToken(token: PersonalToken): TemplateResult {
    return html`<li>
      <div class="what">
        <b>${token.name}</b>
        <p>${token.scopes.join(", ")}</p>
        <p>
          ${token.expiresAt === null
            ? tokensTexts.neverExpires
            : html`${tokensTexts.expires} ${day(token.expiresAt)}`},
          ${token.usedAt === null
            ? tokensTexts.neverUsed
            : html`${tokensTexts.used} ${day(token.usedAt)}`}
        </p>
      </div>
      <button
        type="button"
        aria-label=${tokensTexts.revokeLabel(token.name)}
        @click=${() => void this.#revoke(token)}
      >
        ${tokensTexts.revoke}
      </button>
    </li>`;
  }

  #renderForm(): TemplateResult {
    const isAdmin = this.#session.me?.role === "admin";
    const scopes = Object.entries(scopeNames).filter(([scope]) => scope !== "admin" || isAdmin);
    return html`<form @submit=${this.#onSubmit}>
      ${field({ name: "name", label: tokensTexts.name, maxLength: 60 })}
      <fieldset aria-describedby=${this.areScopesMissing ? "scopes-error" : nothing}>
        <legend>${tokensTexts.scopes}</legend>
        ${this.areScopesMissing
          ? html`<p class="field-error" id="scopes-error" role="alert">
              ${tokensTexts.scopesMissing}
            </p>`
          : nothing}
        ${scopes.map(([scope, label]) => check({ name: "scopes", value: scope, label }))}
      </fieldset>
      ${choice({
        name: "days",
        label: tokensTexts.lasting,
        value: "90",
        choices: tokensTexts.days,
      })}
      <div class="actions">
        <button type="submit" class="primary">${tokensTexts.create}</button>
      </div>
    </form>`;
  }

  async #load(): Promise<void> {
    this.loadError = null;
    try {
      this.tokens = (await api.get("/me/tokens", {})).body.items;
    } catch (error) {
      this.loadError = error;
    }
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    const form = event.currentTarget as HTMLFormElement;
    const values = FormValues.of(event);
    const token = {
      name: values.text("name"),
      scopes: values.all("scopes"),
      days: values.numberOrNull("days"),
    };
    this.said = "";
    this.made = null;
    this.areScopesMissing = token.scopes.length === 0;
    if (this.areScopesMissing) return;
    const isDone = await this.dialog.ask({
      heading: tokensTexts.create,
      text: tokensTexts.createQuestion,
      confirmLabel: tokensTexts.create,
      asksPassword: this.#session.me?.hasPassword === true,
      work: async ({ password }, signal) => {
        const { body } = await api.post("/me/tokens", {
          body: { ...token, password },
          idempotencyKey: this.#key.for({ ...token, password }),
          signal,
        });
        this.#key.done();
        this.made = body.token;
      },
    });
    if (!isDone) return;
    form.reset();
    await this.#load();
  };

  async #revoke({ id, name }: PersonalToken): Promise<void> {
    this.said = "";
    const isDone = await this.dialog.ask({
      heading: tokensTexts.revokeLabel(name),
      text: tokensTexts.revokeQuestion,
      confirmLabel: tokensTexts.revoke,
      isDangerous: true,
      work: async (_, signal) => {
        await api.delete("/me/tokens/{token_id}", { path: { token_id: id }, signal });
      },
    });
    if (!isDone) return;
    this.said = tokensTexts.revoked;
    await this.#load();
  }
}
