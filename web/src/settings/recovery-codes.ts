import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";

import { buttonStyle } from "../button-style.js";
import "../copy-button.js";
import { securityTexts } from "../texts/settings.js";

/** Recovery codes, shown this once. "kept" says that the person has them. */
@customElement("rillcast-recovery-codes")
export class RecoveryCodes extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
      }
      h3,
      p {
        margin: 0;
      }
      h3 {
        font-size: var(--text-m);
      }
      p {
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(max(11rem, 40%), 1fr));
        gap: var(--space-2) var(--space-4);
        margin: 0;
        padding: var(--space-4);
        border: 1px solid var(--line);
        border-radius: var(--radius-m);
        background: var(--ground);
        font: 500 var(--text-m) / 1.4 var(--font-mono);
        list-style: none;
        user-select: text;
      }
      div {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3);
      }
    `,
  ];

  @property({ attribute: false }) codes: readonly string[] = [];

  override render(): TemplateResult {
    return html`<h3 tabindex="-1">${securityTexts.codesHeading}</h3>
      <p>${securityTexts.codesLead}</p>
      <ul>
        ${this.codes.map((code) => html`<li>${code}</li>`)}
      </ul>
      <div>
        <rillcast-copy-button .text=${this.codes.join("\n")}></rillcast-copy-button>
        <button type="button" class="primary" @click=${this.#onKept}>
          ${securityTexts.codesKept}
        </button>
      </div>`;
  }

  /** They are what the person has to look at now. */
  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>("h3")?.focus();
  }

  readonly #onKept = (): void => {
    this.dispatchEvent(new CustomEvent("kept"));
  };
}
