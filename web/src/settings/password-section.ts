import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";

import { api } from "../api/server.js";
import { buttonStyle } from "../button-style.js";
import { fieldError } from "../forms/failure.js";
import { field } from "../forms/field.js";
import { formStyle } from "../forms/form-style.js";
import { FormValues } from "../forms/form-values.js";
import "../forms/notice.js";
import { Submission } from "../forms/submission.js";
import { submitButton } from "../forms/submit-button.js";
import { summary } from "../forms/summary.js";
import { newPasswordField } from "../people/new-account-fields.js";
import { RegistrationFacts } from "../people/registration-facts.js";
import { session } from "../session/current.js";
import { SessionWatch } from "../session/session-watch.js";
import { securityTexts } from "../texts/settings.js";
import { sectionStyle } from "./section-style.js";

/** Changes the password, or sets a first one. */
@customElement("rillcast-password-section")
export class PasswordSection extends LitElement {
  static override styles: CSSResultGroup = [buttonStyle, formStyle, sectionStyle];

  @state() private said = "";
  @query("form") private readonly form!: HTMLFormElement;

  readonly #session = new SessionWatch(this);
  readonly #facts = new RegistrationFacts(this);
  readonly #submission = new Submission(this);

  override render(): TemplateResult | typeof nothing {
    const { me } = this.#session;
    if (me === null) return nothing;
    const { failure } = this.#submission;
    return html`<section aria-labelledby="heading">
      <h2 id="heading">${securityTexts.passwordHeading}</h2>
      <p class="lead">
        ${me.hasPassword ? securityTexts.passwordLead : securityTexts.noPasswordLead}
      </p>
      <form @submit=${this.#onSubmit}>
        ${summary(this.#submission)}
        <input hidden type="email" autocomplete="username" .value=${me.email} />
        ${me.hasPassword
          ? field({
              name: "password",
              label: securityTexts.current,
              type: "password",
              autocomplete: "current-password",
              error: fieldError(failure, "password"),
            })
          : nothing}
        ${newPasswordField(failure, this.#facts.charactersMin, "newPassword")}
        <div class="actions">
          ${submitButton(
            this.#submission,
            me.hasPassword ? securityTexts.change : securityTexts.choose,
          )}
        </div>
      </form>
      <rillcast-notice .text=${this.said}></rillcast-notice>
    </section>`;
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    const values = FormValues.of(event);
    this.said = "";
    const isDone = await this.#submission.run(async (signal) => {
      await api.put("/me/password", {
        body: { password: values.textOrNull("password"), newPassword: values.text("newPassword") },
        signal,
      });
    });
    if (!isDone) return;
    this.form.reset();
    this.said = securityTexts.changed;
    await session.refresh();
  };
}
