import type { CSSResult, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";

import { initialOf } from "./initial.js";

/** A person's picture, or the first letter of their name. Decorative: the name stands beside it. */
@customElement("rillcast-avatar")
export class Avatar extends LitElement {
  static override styles: CSSResult = css`
    :host {
      display: inline-block;
      width: var(--avatar-size, 2rem);
      height: var(--avatar-size, 2rem);
    }
    img,
    span {
      display: grid;
      place-items: center;
      width: 100%;
      height: 100%;
      border-radius: 50%;
      object-fit: cover;
    }
    span {
      background: var(--accent-soft);
      color: var(--accent);
      font: 700 calc(var(--avatar-size, 2rem) * 0.45) / 1 var(--font);
    }
  `;

  @property() name = "";
  @property() src: string | null = null;

  override render(): TemplateResult {
    return this.src === null
      ? html`<span aria-hidden="true">${initialOf(this.name)}</span>`
      : html`<img src=${this.src} alt="" />`;
  }
}
