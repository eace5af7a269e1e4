import type { CSSResult, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement } from "lit/decorators.js";

/** The name of the product with its sign: three rills that join to a play triangle. */
@customElement("rillcast-wordmark")
export class Wordmark extends LitElement {
  static override styles: CSSResult = css`
    :host {
      display: inline-flex;
      align-items: center;
      gap: 0.5em;
      color: var(--text);
      font-size: 1.1875rem;
      font-weight: 700;
      letter-spacing: -0.02em;
      line-height: 1;
    }
    svg {
      width: 1.5em;
      height: 1.5em;
      color: var(--accent);
    }
  `;

  override render(): TemplateResult {
    return html`<svg viewBox="4 4 24 24" aria-hidden="true" focusable="false">
        <g fill="none" stroke="currentColor" stroke-width="3.6" stroke-linecap="round">
          <path d="M7.5 9c2-1.6 3.6-1.6 5.4 0" />
          <path d="M7.5 16c3-2.2 5.4-2.2 8.2 0s5.4 2.2 8.6 0" />
          <path d="M7.5 23c2-1.6 3.6-1.6 5.4 0" />
        </g>
      </svg>
      Rillcast`;
  }
}
