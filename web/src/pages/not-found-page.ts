import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement } from "lit/decorators.js";

import { buttonStyle } from "../button-style.js";

/** For addresses that cannot be a page. */
@customElement("rillcast-not-found-page")
export class NotFoundPage extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    css`
      :host {
        display: block;
        max-width: 34rem;
        margin: 0 auto;
        padding: clamp(3rem, 14vh, 9rem) var(--gutter) var(--space-8);
        text-align: center;
      }
      .code {
        margin: 0;
        color: var(--accent);
        font: 700 var(--text-s) / 1 var(--font);
        letter-spacing: 0.1em;
      }
      h1 {
        margin: var(--space-3) 0;
        font-size: var(--text-xxl);
        letter-spacing: -0.03em;
        line-height: 1.1;
      }
      p {
        margin: 0 0 var(--space-5);
        color: var(--text-muted);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = "Not found · Rillcast";
  }

  override render(): TemplateResult {
    return html`<p class="code">404</p>
      <h1>There is no such page</h1>
      <p>
        A channel’s address is its name: letters, digits, - and _, up to 64 of them, beginning with a
        letter or a digit.
      </p>
      <a class="button primary" href="/">See what is live</a>`;
  }
}
