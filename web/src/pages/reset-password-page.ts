import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, html } from "lit";
import { customElement, state } from "lit/decorators.js";

import { api } from "../api/server.js";
import { buttonStyle } from "../button-style.js";
import { formStyle } from "../forms/form-style.js";
import { FormValues } from "../forms/form-values.js";
import { Submission } from "../forms/submission.js";
import { submitButton } from "../forms/submit-button.js";
import { summary } from "../forms/summary.js";
import { narrowPageStyle } from "../people/narrow-page-style.js";
import { addressField, newPasswordField } from "../people/new-account-fields.js";
import { RegistrationFacts } from "../people/registration-facts.js";
import { session } from "../session/current.js";
import { LinkFragment } from "../session/link-fragment.js";
import { peopleTexts, resetTexts, signUpTexts } from "../texts/people.js";

type Step =
  | { readonly kind: "forgot" }
  | { readonly kind: "mailed"; readonly email: string }
  | { readonly kind: "choose"; readonly token: string }
  | { readonly kind: "done" };

/** Replaces a forgotten password: asks for a link, or, by that link, for the new password. */
@customElement("rillcast-reset-password-page")
export class ResetPasswordPage extends LitElement {
  static override styles: CSSResultGroup = [buttonStyle, formStyle, narrowPageStyle];

  @state() private step: Step = { kind: "forgot" };

  readonly #facts = new RegistrationFacts(this);
  readonly #submission = new Submission(this);
  readonly #fragment = new LinkFragment(this, () => {
    const token = this.#fragment.value("token");
    if (token !== null) this.step = { kind: "choose", token };
  });

  override render(): TemplateResult {
    const { step } = this;
    const { failure } = this.#submission;
    switch (step.kind) {
      case "forgot":
        return html`<h1>${resetTexts.forgotHeading}</h1>
          <p class="lead">${resetTexts.forgotLead}</p>
          <form @submit=${this.#onForgot}>
            ${summary(this.#submission)} ${addressField(failure)}
            ${submitButton(this.#submission, resetTexts.forgotSubmit)}
          </form>
          <p class="beside"><a href="/sign-in">${peopleTexts.toSignIn}</a></p>`;
      case "mailed":
        return html`<h1 tabindex="-1">${resetTexts.mailedHeading}</h1>
          <p class="lead" role="status">${resetTexts.mailed(step.email)}</p>
          <p class="hint">${signUpTexts.mailedHint}</p>`;
      case "choose":
        return html`<h1>${resetTexts.chooseHeading}</h1>
          <p class="lead">${resetTexts.chooseLead}</p>
          <form @submit=${this.#onChoose}>
            ${summary(this.#submission)} ${newPasswordField(failure, this.#facts.charactersMin)}
            ${submitButton(this.#submission, resetTexts.chooseSubmit)}
          </form>
          <p class="beside">
            <button type="button" @click=${this.#startOver}>${signUpTexts.again}</button>
          </p>`;
      case "done":
        return html`<h1 tabindex="-1">${resetTexts.doneHeading}</h1>
          <p class="lead" role="status">${resetTexts.done}</p>
          <a class="button primary" href="/sign-in">${peopleTexts.toSignIn}</a>`;
    }
  }

  readonly #onForgot = async (event: Event): Promise<void> => {
    const email = FormValues.of(event).text("email");
    const isDone = await this.#submission.run(async (signal) => {
      await api.post("/password-resets", { body: { email }, signal });
      this.step = { kind: "mailed", email };
    });
    if (isDone) await this.#focusHeading();
  };

  readonly #onChoose = async (event: Event): Promise<void> => {
    const password = FormValues.of(event).text("password");
    const { step } = this;
    if (step.kind !== "choose") return;
    const { token } = step;
    const isDone = await this.#submission.run(async (signal) => {
      await api.post("/password-resets/complete", { body: { token, password }, signal });
      this.step = { kind: "done" };
    });
    if (!isDone) return;
    this.#fragment.clear();
    await session.refresh();
    await this.#focusHeading();
  };

  readonly #startOver = (): void => {
    this.#fragment.clear();
    this.#submission.clear();
    this.step = { kind: "forgot" };
  };

  async #focusHeading(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("h1")?.focus();
  }
}
