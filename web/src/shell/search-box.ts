import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";

import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { FormValues } from "../forms/form-values.js";
import { searchIcon } from "../icons.js";
import { shellTexts } from "../texts/shell.js";
import { navigate } from "./navigate.js";

/** Finds channels and broadcasts: leads to the page of results. */
@customElement("rillcast-search-box")
export class SearchBox extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    css`
      :host {
        display: block;
      }
      form {
        display: flex;
        margin: 0;
      }
      input {
        flex: 1;
        min-width: 0;
        min-height: 2.5rem;
        padding: 0 var(--space-3);
        border: 1px solid var(--line-strong);
        border-right: 0;
        border-radius: var(--radius-m) 0 0 var(--radius-m);
        background: var(--ground);
        color: var(--text);
        font: 400 var(--text-m) / 1.4 var(--font);
      }
      input:focus-visible {
        outline-offset: -1px;
      }
      button {
        min-height: 2.5rem;
        border-radius: 0 var(--radius-m) var(--radius-m) 0;
      }
    `,
  ];

  /** What the present page has searched for. */
  @property() text = "";

  override render(): TemplateResult {
    return html`<form role="search" @submit=${this.#onSubmit}>
      <label class="hidden-text" for="q">${shellTexts.searchLabel}</label>
      <input
        id="q"
        name="q"
        type="search"
        autocomplete="off"
        maxlength="200"
        placeholder=${shellTexts.search}
        .value=${this.text}
      />
      <button type="submit" aria-label=${shellTexts.search}>${searchIcon}</button>
    </form>`;
  }

  readonly #onSubmit = (event: Event): void => {
    const text = FormValues.of(event).text("q").trim();
    navigate(text === "" ? "/search" : `/search?${new URLSearchParams({ q: text }).toString()}`);
  };
}
