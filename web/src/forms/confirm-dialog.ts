import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";

import { buttonStyle } from "../button-style.js";
import { formTexts } from "../texts/forms.js";
import { fieldError } from "./failure.js";
import { field } from "./field.js";
import { formStyle } from "./form-style.js";
import { FormValues } from "./form-values.js";
import { Submission } from "./submission.js";
import { submitButton } from "./submit-button.js";
import { summary } from "./summary.js";

/** What to ask a person before doing something. */
export interface Question {
  readonly heading: string;
  readonly text: string;
  readonly confirmLabel: string;
  readonly isDangerous?: boolean;
  /** Whether the account's password is asked for; `work` gets it. */
  readonly asksPassword?: boolean;
  /** A text field beside it, such as for a reason; `work` gets it. */
  readonly note?: {
    readonly label: string;
    readonly hint?: string;
    readonly isOptional?: boolean;
    /** What stands there at first. */
    readonly value?: string;
    readonly maxLength?: number;
  };
  readonly work: (answer: Confirmation, signal: AbortSignal) => Promise<void>;
}

export interface Confirmation {
  /** Null where none was asked for. */
  readonly password: string | null;
  readonly note: string;
}

/** Asks before something is done, does it, and stays open with the reason if that fails. */
@customElement("rillcast-confirm-dialog")
export class ConfirmDialog extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    formStyle,
    css`
      /* Out of the flow: closed, it leaves no gap where it stands. */
      :host {
        position: absolute;
      }
      dialog {
        width: min(30rem, calc(100vw - 2rem));
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
        margin: 0;
        font-size: var(--text-l);
        letter-spacing: -0.01em;
      }
      p {
        margin: 0;
      }
      .text {
        color: var(--text-muted);
        overflow-wrap: anywhere;
      }
      .actions {
        justify-content: flex-end;
      }
      button.danger {
        background: var(--danger);
        color: var(--on-danger);
      }
      button.danger:hover {
        border-color: var(--text);
      }
      @media (max-width: 27rem) {
        .actions button {
          flex: 1 1 auto;
        }
      }
    `,
  ];

  @state() private question: Question | null = null;
  @query("dialog") private readonly dialog!: HTMLDialogElement;
  readonly #submission = new Submission(this);
  #answer: (isDone: boolean) => void = () => undefined;

  /** Resolves with whether the person agreed and it was done. */
  async ask(question: Question): Promise<boolean> {
    this.#answer(false);
    this.question = question;
    this.#submission.clear();
    await this.updateComplete;
    this.dialog.showModal();
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#answer(false);
  }

  override render(): TemplateResult {
    const { question } = this;
    return html`<dialog
      aria-labelledby="heading"
      @cancel=${this.#onCancel}
      @close=${this.#onClose}
    >
      ${question === null
        ? nothing
        : html`<form method="dialog" @submit=${this.#onSubmit}>
            <h2 id="heading">${question.heading}</h2>
            <p class="text">${question.text}</p>
            ${summary(this.#submission)} ${this.#renderNote(question)}
            ${question.asksPassword === true
              ? field({
                  name: "password",
                  label: formTexts.password,
                  hint: formTexts.passwordHint,
                  type: "password",
                  autocomplete: "current-password",
                  hasFocus: true,
                  error: fieldError(this.#submission.failure, "password"),
                })
              : nothing}
            <div class="actions">
              <button
                type="button"
                aria-disabled=${this.#submission.isBusy}
                @click=${this.#cancel}
              >
                ${formTexts.cancel}
              </button>
              ${submitButton(
                this.#submission,
                question.confirmLabel,
                question.isDangerous === true ? "danger" : "primary",
              )}
            </div>
          </form>`}
    </dialog>`;
  }

  #renderNote({ note }: Question): TemplateResult | typeof nothing {
    return note === undefined ? nothing : field({ name: "note", hasFocus: true, ...note });
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    const { question } = this;
    const values = FormValues.of(event);
    if (question === null) return;
    const password = question.asksPassword === true ? values.text("password") : null;
    const isDone = await this.#submission.run((signal) =>
      question.work({ password, note: values.text("note") }, signal),
    );
    if (!isDone) return;
    this.#answer(true);
    this.dialog.close();
  };

  readonly #cancel = (): void => {
    if (!this.#submission.isBusy) this.dialog.close();
  };

  /** What is being done cannot be called back: it is told how it went before the dialog goes. */
  readonly #onCancel = (event: Event): void => {
    if (this.#submission.isBusy) event.preventDefault();
  };

  readonly #onClose = (): void => {
    this.#answer(false);
    // Neither a password nor the words of an old question stay in the page.
    this.question = null;
  };
}
