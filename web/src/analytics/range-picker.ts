import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { buttonStyle } from "../button-style.js";
import { formStyle } from "../forms/form-style.js";
import { FormValues } from "../forms/form-values.js";
import { RANGE_TEXTS, rangeTexts } from "../texts/analytics.js";
import type { RangeChoice } from "./range.js";
import { RANGE_NAMES, daysProblem } from "./range.js";

/** Somebody has chosen another time. */
export class RangeChosenEvent extends Event {
  static readonly type = "range-chosen";

  constructor(readonly choice: RangeChoice) {
    super(RangeChosenEvent.type, { bubbles: true, composed: true });
  }
}

/** Chooses a time: by name, or from day to day. */
@customElement("rillcast-range-picker")
export class RangePicker extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    formStyle,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
      }
      .names {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
        padding: var(--space-1);
        border: 1px solid var(--line);
        border-radius: var(--radius-m);
        background: var(--surface);
      }
      .names button {
        flex: 1 0 auto;
        padding: 0 var(--space-3);
        border-color: transparent;
        color: var(--text-muted);
      }
      .names button[aria-pressed="true"] {
        background: var(--accent-soft);
        color: var(--accent);
      }
      form {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3);
        align-items: end;
      }
      .field-error,
      .hint {
        flex-basis: 100%;
      }
    `,
  ];

  @property({ attribute: false }) choice: RangeChoice | null = null;

  @state() private areDaysOpen = false;
  @state() private problem: "missing" | "order" | "long" | null = null;

  override render(): TemplateResult {
    const { choice } = this;
    const isDays = this.areDaysOpen || choice?.kind === "days";
    return html`<div class="names" role="group" aria-label=${rangeTexts.label}>
        ${RANGE_NAMES.map((name) => {
          const isChosen = !isDays && choice?.kind === "named" && choice.name === name;
          return html`<button
            type="button"
            aria-pressed=${isChosen}
            @click=${() => { this.#choose({ kind: "named", name }); }}
          >
            ${RANGE_TEXTS[name]}
          </button>`;
        })}
        <button
          type="button"
          aria-pressed=${isDays}
          aria-expanded=${isDays}
          @click=${() => { this.areDaysOpen = true; }}
        >
          ${rangeTexts.custom}
        </button>
      </div>
      ${isDays ? this.#renderDays() : nothing}`;
  }

  #renderDays(): TemplateResult {
    const { choice, problem } = this;
    const [from, to] = choice?.kind === "days" ? [choice.from, choice.to] : ["", ""];
    return html`<form novalidate @submit=${this.#onSubmit}>
      <div class="field">
        <label for="from">${rangeTexts.from}</label>
        <input
          id="from"
          name="from"
          type="date"
          required
          .value=${from}
          aria-invalid=${problem !== null}
          aria-describedby="problem"
        />
      </div>
      <div class="field">
        <label for="to">${rangeTexts.to}</label>
        <input
          id="to"
          name="to"
          type="date"
          required
          .value=${to}
          aria-invalid=${problem !== null}
          aria-describedby="problem"
        />
      </div>
      <button type="submit" class="primary">${rangeTexts.show}</button>
      <p id="problem" class=${problem === null ? "hint" : "field-error"} role="status">
        ${problem === null ? rangeTexts.utc : rangeTexts[problem]}
      </p>
    </form>`;
  }

  readonly #onSubmit = (event: SubmitEvent): void => {
    const values = FormValues.of(event);
    const [from, to] = [values.text("from"), values.text("to")];
    this.problem = daysProblem(from, to);
    if (this.problem === null) this.#choose({ kind: "days", from, to });
  };

  #choose(choice: RangeChoice): void {
    this.areDaysOpen = false;
    this.problem = null;
    this.dispatchEvent(new RangeChosenEvent(choice));
  }
}
