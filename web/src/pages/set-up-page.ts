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
import { addressField, displayNameField, newPasswordField } from "../people/new-account-fields.js";
import { RegistrationFacts } from "../people/registration-facts.js";
import { session } from "../session/current.js";
import { LinkFragment } from "../session/link-fragment.js";
import { redirect } from "../shell/navigate.js";
import { peopleTexts, setUpTexts } from "../texts/people.js";

/** Makes the first administrator, by the link in the server's console. */
@customElement("rillcast-set-up-page")
export class SetUpPage extends LitElement {
  static override styles: CSSResultGroup = [buttonStyle, formStyle, narrowPageStyle];

  @state() private token: string | null = null;

  readonly #facts = new RegistrationFacts(this);
  readonly #submission = new Submission(this);
  readonly #fragment = new LinkFragment(this, () => {
    this.token = this.#fragment.value("token");
  });

  override render(): TemplateResult {
    if (this.token === null) {
      return html`<h1>${setUpTexts.missingHeading}</h1>
        <p class="lead">${setUpTexts.missing}</p>
        <p class="beside"><a href="/sign-in">${peopleTexts.toSignIn}</a></p>`;
    }
    const { failure } = this.#submission;
    return html`<h1>${setUpTexts.heading}</h1>
      <p class="lead">${setUpTexts.lead}</p>
      <form @submit=${this.#onSubmit}>
        ${summary(this.#submission)} ${addressField(failure)} ${displayNameField(failure)}
        ${newPasswordField(failure, this.#facts.charactersMin)}
        ${submitButton(this.#submission, setUpTexts.submit)}
      </form>`;
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    const values = FormValues.of(event);
    const { token } = this;
    if (token === null) return;
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
