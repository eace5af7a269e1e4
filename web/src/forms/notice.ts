import type { CSSResult, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";

/** Says politely that something was done; put it into the page before it has anything to say. */
@customElement("rillcast-notice")
export class Notice extends LitElement {
  static override styles: CSSResult = css`
    :host {
      display: block;
    }
    /* Out of the flow while it has nothing to say, so that it leaves no gap there. */
    :host([text=""]) {
      position: absolute;
    }
    p {
      margin: 0;
      padding: var(--space-3) var(--space-4);
      border-left: 4px solid var(--accent);
      border-radius: var(--radius-s);
      background: var(--accent-soft);
      font-size: var(--text-s);
      overflow-wrap: anywhere;
    }
  `;

  @property({ reflect: true }) text = "";

  override render(): TemplateResult {
    return html`<div role="status">${this.text === "" ? "" : html`<p>${this.text}</p>`}</div>`;
  }
}
