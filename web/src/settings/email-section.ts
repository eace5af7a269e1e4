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
import { SessionWatch } from "../session/session-watch.js";
import { formTexts } from "../texts/forms.js";
import { accountTexts } from "../texts/settings.js";
import { sectionStyle } from "./section-style.js";

/** Changes the address that one signs in with, by a link that is mailed to the new one. */
@customElement("rillcast-email-section")
export class EmailSection extends LitElement {
  static override styles: CSSResultGroup = [buttonStyle, formStyle, sectionStyle];

  @state() private said = "";
  @query("form") private readonly form!: HTMLFormElement;

  readonly #session = new SessionWatch(this);
  readonly #submission = new Submission(this);

  override render(): TemplateResult | typeof nothing {
    const { me } = this.#session;
    if (me === null) return nothing;
    const { failure } = this.#submission;
    return html`<section aria-labelledby="heading">
      <h2 id="heading">${accountTexts.emailHeading}</h2>
      <p class="lead">${accountTexts.emailLead(me.email)}</p>
      <form @submit=${this.#onSubmit}>
        ${summary(this.#submission)}
        ${field({
          name: "email",
          label: accountTexts.newEmail,
          type: "email",
          autocomplete: "email",
          inputMode: "email",
          maxLength: 254,
          error: fieldError(failure, "email"),
        })}
        ${me.hasPassword
          ? field({
              name: "password",
              label: formTexts.password,
              hint: formTexts.passwordHint,
              type: "password",
              autocomplete: "current-password",
              error: fieldError(failure, "password"),
            })
          : nothing}
        <div class="actions">${submitButton(this.#submission, accountTexts.changeEmail)}</div>
      </form>
      <rillcast-notice .text=${this.said}></rillcast-notice>
    </section>`;
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    const values = FormValues.of(event);
    const email = values.text("email");
    this.said = "";
    const isDone = await this.#submission.run(async (signal) => {
      await api.post("/me/email", {
        body: { email, password: values.textOrNull("password") },
        signal,
      });
    });
    if (!isDone) return;
    this.form.reset();
    this.said = accountTexts.emailMailed(email);
  };
}
