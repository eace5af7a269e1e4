import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import type { FoundPerson } from "../api/channel-names.js";
import { api } from "../api/server.js";
import { hiddenTextStyle } from "../button-style.js";
import { failureOf } from "../forms/failure.js";
import { formStyle } from "../forms/form-style.js";
import "../shell/avatar.js";
import { formTexts } from "../texts/forms.js";
import { pickerTexts } from "../texts/dashboard.js";
import { stepIn } from "./list-step.js";

/** How long somebody rests before what they have typed so far is looked up. */
const REST_MS = 250;

/**
 * Finds a person by name: a combobox whose list comes from the server as one types.
 *
 * Keyboard as in the ARIA Authoring Practices: arrows move in the list while the focus stays in the
 * text, Enter picks, Escape closes the list and then empties the text.
 *
 * @fires picked - with the person as its detail
 */
@customElement("rillcast-person-picker")
export class PersonPicker extends LitElement {
  static override styles: CSSResultGroup = [
    hiddenTextStyle,
    formStyle,
    css`
      :host {
        display: block;
        max-width: 32rem;
      }
      * {
        box-sizing: border-box;
      }
      .anchor {
        position: relative;
      }
      .popup {
        position: absolute;
        z-index: 1;
        inset: calc(100% + var(--space-1)) 0 auto;
        max-height: 22rem;
        margin: 0;
        padding: var(--space-2);
        overflow-y: auto;
        border: 1px solid var(--line);
        border-radius: var(--radius-m);
        background: var(--surface);
        box-shadow: var(--shadow);
        list-style: none;
      }
      [role="option"] {
        display: flex;
        align-items: center;
        gap: var(--space-3);
        min-height: 3.25rem;
        padding: var(--space-2) var(--space-3);
        border-radius: var(--radius-s);
        cursor: pointer;
        overflow-wrap: anywhere;
      }
      [role="option"]:hover {
        background: var(--raised);
      }
      [role="option"][aria-selected="true"] {
        background: var(--accent-soft);
        box-shadow: inset 3px 0 0 var(--accent);
      }
      rillcast-avatar {
        --avatar-size: 2.25rem;
        flex: none;
      }
      b {
        display: block;
        font-weight: 600;
      }
      small {
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      .said {
        margin: 0;
        padding: var(--space-2) var(--space-3);
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      :focus-visible {
        outline: 3px solid var(--focus);
        outline-offset: 2px;
      }
    `,
  ];

  /** For whose owner or moderator people are looked up. */
  @property() channel = "";
  @state() private found: readonly FoundPerson[] = [];
  /** What stands in the list's place: that it is asked for, that there is nobody, or what failed. */
  @state() private said = "";
  @state() private isOpen = false;
  /** Which of the found is marked; -1 while none is. */
  @state() private marked = -1;
  @query("input") private readonly input!: HTMLInputElement;

  #resting: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  override render(): TemplateResult {
    const isListShown = this.isOpen && this.found.length > 0;
    return html`<div class="field">
      <label for="name">${pickerTexts.label}</label>
      <div class="anchor">
        <input
          id="name"
          type="text"
          role="combobox"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          maxlength="50"
          aria-autocomplete="list"
          aria-expanded=${isListShown}
          aria-controls="list"
          aria-activedescendant=${isListShown && this.marked >= 0 ? `person-${this.marked}` : nothing}
          aria-describedby="name-hint"
          @input=${this.#onInput}
          @keydown=${this.#onKey}
          @focus=${this.#onFocus}
          @blur=${this.#close}
        />
        <ul
          id="list"
          class="popup"
          role="listbox"
          aria-label=${pickerTexts.found}
          ?hidden=${!isListShown}
          @pointerdown=${this.#keepFocus}
        >
          ${this.found.map((each, index) => this.#renderOption(each, index))}
        </ul>
        <div class="popup" ?hidden=${!this.isOpen || isListShown || this.said === ""}>
          <p class="said" aria-hidden="true">${this.said}</p>
        </div>
      </div>
      <p class="hint" id="name-hint">${pickerTexts.hint}</p>
      <p class="hidden-text" role="status">
        ${this.isOpen ? (isListShown ? pickerTexts.count(this.found.length) : this.said) : ""}
      </p>
    </div>`;
  }

  #renderOption({ person, channels }: FoundPerson, index: number): TemplateResult {
    return html`<li
      id="person-${index}"
      role="option"
      aria-selected=${index === this.marked}
      @click=${() => {
        this.#pick(index);
      }}
    >
      <rillcast-avatar
        .name=${person.displayName}
        .src=${person.avatar[0]?.url ?? null}
      ></rillcast-avatar>
      <span>
        <b>${person.displayName}</b>
        ${channels.length === 0 ? nothing : html`<small>${channels.join(", ")}</small>`}
      </span>
    </li>`;
  }

  readonly #onInput = (): void => {
    this.#stop();
    this.marked = -1;
    if (this.input.value.trim() === "") {
      this.found = [];
      this.#close();
      return;
    }
    this.isOpen = true;
    if (this.found.length === 0) this.said = formTexts.loading;
    this.#resting = setTimeout(() => void this.#look(), REST_MS);
  };

  async #look(): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const { body } = await api.get("/channels/{channel}/people", {
        path: { channel: this.channel },
        query: { q: this.input.value.trim() },
        signal: asking.signal,
      });
      if (asking.signal.aborted) return;
      this.found = body.items;
      this.said = body.items.length === 0 ? pickerTexts.nobody : "";
    } catch (error) {
      if (asking.signal.aborted) return;
      this.found = [];
      this.said = failureOf(error).text;
    }
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && !this.isOpen) {
      this.input.value = "";
      this.found = [];
      return;
    }
    if (event.key === "Enter" && this.isOpen && this.marked >= 0) this.#pick(this.marked);
    else if (event.key === "Escape") this.#close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") this.#mark(event.key);
    else return;
    event.preventDefault();
  };

  #mark(key: "ArrowDown" | "ArrowUp"): void {
    if (this.found.length === 0) return;
    this.isOpen = true;
    this.marked = stepIn(this.found.length, this.marked, key === "ArrowDown" ? 1 : -1);
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
    });
  }

  #pick(index: number): void {
    const picked = this.found[index];
    if (picked === undefined) return;
    this.#stop();
    this.input.value = "";
    this.found = [];
    this.#close();
    this.dispatchEvent(new CustomEvent("picked", { detail: picked }));
  }

  readonly #onFocus = (): void => {
    if (this.found.length > 0) this.isOpen = true;
  };

  /** A press on an option must not take the focus from the text: that would close the list. */
  readonly #keepFocus = (event: Event): void => {
    event.preventDefault();
  };

  readonly #close = (): void => {
    this.isOpen = false;
    this.marked = -1;
  };

  #stop(): void {
    clearTimeout(this.#resting);
    this.#asking?.abort();
  }
}
