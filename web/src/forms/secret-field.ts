import type { CSSResult, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import "../copy-button.js";
import { formTexts } from "../texts/forms.js";

/** A text to copy: an address, or a secret that is shown this once. */
@customElement("rillcast-secret-field")
export class SecretField extends LitElement {
  static override styles: CSSResult = css`
    :host {
      display: block;
    }
    .row {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-2);
    }
    code {
      flex: 1 1 14rem;
      min-width: 0;
      padding: 0.7rem var(--space-3);
      border: 1px solid var(--line);
      border-radius: var(--radius-m);
      background: var(--ground);
      font: 500 var(--text-s) / 1.4 var(--font-mono);
      overflow-wrap: anywhere;
      user-select: all;
    }
    .label {
      margin: 0 0 var(--space-1);
      font-size: var(--text-s);
      font-weight: 600;
    }
    .warning {
      margin: var(--space-2) 0 0;
      color: var(--text-muted);
      font-size: var(--text-s);
    }
  `;

  @property() label = "";
  @property() text = "";
  @property({ type: Boolean }) once = false;

  override render(): TemplateResult {
    return html`${this.label === "" ? nothing : html`<p class="label">${this.label}</p>`}
      <div class="row">
        <code>${this.text}</code>
        <rillcast-copy-button .text=${this.text}></rillcast-copy-button>
      </div>
      ${this.once ? html`<p class="warning">${formTexts.shownOnce}</p>` : nothing}`;
  }
}
