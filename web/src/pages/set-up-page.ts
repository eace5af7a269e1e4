import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, html } from "lit";
import { customElement, state } from "lit/decorators.js";

import { isProblem } from "../api/api-problem.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle, errorBlock, loadingBlock } from "../forms/blocks.js";
import { formStyle } from "../forms/form-style.js";
import { FormValues } from "../forms/form-values.js";
import { Submission } from "../forms/submission.js";
import { submitButton } from "../forms/submit-button.js";
import { summary } from "../forms/summary.js";
import { narrowPageStyle } from "../people/narrow-page-style.js";
import { addressField, displayNameField, newPasswordField } from "../people/new-account-fields.js";
import { RegistrationFacts } from "../people/registration-facts.js";
import { session } from "../session/current.js";
import { LinkFragment } from "../session/link-fragment.js";
import { redirect } from "../shell/navigate.js";
import { peopleTexts, setUpTexts } from "../texts/people.js";

type Step =
  | { readonly kind: "looking" | "missing" | "void" }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "form"; readonly token: string };

/** Makes the first administrator, by the link in the server's console. */
@customElement("rillcast-set-up-page")
export class SetUpPage extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    narrowPageStyle,
  ];

  @state() private step: Step = { kind: "looking" };

  readonly #facts = new RegistrationFacts(this);
  readonly #submission = new Submission(this);
  readonly #fragment = new LinkFragment(this, () => {
    void this.#look();
  });

  override render(): TemplateResult {
    const { step } = this;
    switch (step.kind) {
      case "looking":
        return html`<h1>${setUpTexts.heading}</h1>
          ${loadingBlock()}`;
      case "failed":
        return html`<h1>${setUpTexts.heading}</h1>
          ${errorBlock(step.error, () => void this.#look())}`;
      case "missing":
        return html`<h1>${setUpTexts.missingHeading}</h1>
          <p class="lead">${setUpTexts.missing}</p>
          <p class="beside"><a href="/sign-in">${peopleTexts.toSignIn}</a></p>`;
      case "void":
        return html`<h1>${setUpTexts.voidHeading}</h1>
          <p class="lead">${setUpTexts.void}</p>
          <a class="button primary" href="/sign-in">${peopleTexts.toSignIn}</a>`;
      case "form":
        return this.#renderForm();
    }
  }

  #renderForm(): TemplateResult {
    const { failure } = this.#submission;
    return html`<h1>${setUpTexts.heading}</h1>
      <p class="lead">${setUpTexts.lead}</p>
      <form @submit=${this.#onSubmit}>
        ${summary(this.#submission)} ${addressField(failure)} ${displayNameField(failure)}
        ${newPasswordField(failure, this.#facts.charactersMin)}
        ${submitButton(this.#submission, setUpTexts.submit)}
      </form>`;
  }

  /** Sees whether the link is good, before anybody fills in a form for nothing. */
  async #look(): Promise<void> {
    const token = this.#fragment.value("token");
    if (token === null) {
      this.step = { kind: "missing" };
      return;
    }
    this.step = { kind: "looking" };
    try {
      await api.post("/set-up/check", { body: { token } });
      this.step = { kind: "form", token };
    } catch (error) {
      const isVoid = isProblem(error, "link-void") || isProblem(error, "invalid");
      this.step = isVoid ? { kind: "void" } : { kind: "failed", error };
    }
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    const values = FormValues.of(event);
    const { step } = this;
    if (step.kind !== "form") return;
    const { token } = step;
    await this.#submission.run(async (signal) => {
      await api.post("/set-up", {
        body: {
          token,
          email: values.text("email"),
          password: values.text("password"),
          displayName: values.text("displayName"),
        },
        signal,
      });
      await session.refresh();
      redirect("/dashboard");
    });
  };
}
