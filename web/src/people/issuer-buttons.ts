import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import type { Issuer } from "../api/schema-names.js";
import { api } from "../api/server.js";
import { buttonStyle } from "../button-style.js";
import { formStyle } from "../forms/form-style.js";
import { Submission } from "../forms/submission.js";
import { summary } from "../forms/summary.js";
import { peopleTexts } from "../texts/people.js";

/** Ways to come in with an account that one has elsewhere. */
@customElement("rillcast-issuer-buttons")
export class IssuerButtons extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    formStyle,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
      }
      button {
        width: 100%;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) issuers: readonly Issuer[] = [];
  @property({ attribute: false }) returnTo = "/";
  @property({ attribute: false }) invitation: string | null = null;

  readonly #submission = new Submission(this);

  override render(): TemplateResult | typeof nothing {
    if (this.issuers.length === 0) return nothing;
    return html`${summary(this.#submission)}
    ${this.issuers.map(
      ({ name, title }) =>
        html`<button
          type="button"
          aria-disabled=${this.#submission.isBusy}
          @click=${() => void this.#begin(name)}
        >
          ${peopleTexts.with(title)}
        </button>`,
    )}`;
  }

  async #begin(name: string): Promise<void> {
    const { returnTo, invitation } = this;
    await this.#submission.run(async (signal) => {
      const { body } = await api.post("/openid/{issuer_name}", {
        path: { issuer_name: name },
        body: { returnTo, invitation },
        signal,
      });
      location.assign(body.url);
    });
  }
}
