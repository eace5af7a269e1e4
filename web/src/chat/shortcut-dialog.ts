import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, query } from "lit/decorators.js";

import { buttonStyle } from "../button-style.js";
import { chatTexts, shortcutTexts } from "../texts/chat.js";
import { formTexts } from "../texts/forms.js";

/** Which keys do what in the chat. */
@customElement("rillcast-shortcut-dialog")
export class ShortcutDialog extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    css`
      :host {
        position: absolute;
      }
      dialog {
        width: min(28rem, calc(100vw - 2rem));
        max-height: calc(100dvh - 2rem);
        padding: var(--space-5);
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      dialog::backdrop {
        background: rgb(4 8 10 / 60%);
      }
      h2 {
        margin: 0 0 var(--space-4);
        font-size: var(--text-l);
        letter-spacing: -0.01em;
      }
      dl {
        display: grid;
        gap: var(--space-2);
        margin: 0 0 var(--space-5);
      }
      div {
        display: grid;
        grid-template-columns: 11rem minmax(0, 1fr);
        gap: var(--space-3);
        align-items: baseline;
      }
      @media (max-width: 27rem) {
        div {
          grid-template-columns: minmax(0, 1fr);
          gap: 0;
        }
      }
      dt {
        font-weight: 600;
        font-size: var(--text-s);
      }
      dd {
        margin: 0;
        color: var(--text-muted);
        font-size: var(--text-s);
      }
    `,
  ];

  @query("dialog") private readonly dialog!: HTMLDialogElement;

  show(): void {
    this.dialog.showModal();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="heading">
      <h2 id="heading">${chatTexts.shortcuts}</h2>
      <dl>
        ${shortcutTexts.map(
          ([keys, meaning]) =>
            html`<div>
              <dt>${keys}</dt>
              <dd>${meaning}</dd>
            </div>`,
        )}
      </dl>
      <form method="dialog"><button>${formTexts.close}</button></form>
    </dialog>`;
  }
}
