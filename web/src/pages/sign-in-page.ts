import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";

import { isProblem } from "../api/api-problem.js";
import { api } from "../api/server.js";
import { buttonStyle } from "../button-style.js";
import { field } from "../forms/field.js";
import { formStyle } from "../forms/form-style.js";
import { FormValues } from "../forms/form-values.js";
import { Submission } from "../forms/submission.js";
import { submitButton } from "../forms/submit-button.js";
import { summary } from "../forms/summary.js";
import "../people/issuer-buttons.js";
import { narrowPageStyle } from "../people/narrow-page-style.js";
import { addressField } from "../people/new-account-fields.js";
import { RegistrationFacts } from "../people/registration-facts.js";
import { session } from "../session/current.js";
import { LinkFragment } from "../session/link-fragment.js";
import { returnPath } from "../session/return-path.js";
import { SessionWatch } from "../session/session-watch.js";
import { redirect } from "../shell/navigate.js";
import { issuerProblemTexts, peopleTexts, signInTexts } from "../texts/people.js";
import { problemTexts, unexpectedText } from "../texts/problems.js";

/** Signs people in: by password, a code where they have a second factor, or with an issuer. */
@customElement("rillcast-sign-in-page")
export class SignInPage extends LitElement {
  static override styles: CSSResultGroup = [buttonStyle, formStyle, narrowPageStyle];

  /** What a code is asked for with; null while the password is. */
  @state() private challenge: string | null = null;
  /** What went wrong at an issuer, in words. */
  @state() private issuerProblem: string | null = null;

  readonly #session = new SessionWatch(this);
  readonly #facts = new RegistrationFacts(this);
  readonly #submission = new Submission(this);
  readonly #fragment = new LinkFragment(this, () => {
    this.#readFragment();
  });
  #isLeaving = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#isLeaving = false;
  }

  override updated(): void {
    // Who is signed in and comes back from an issuer with a problem is told of it first.
    if (this.#session.me === null || this.issuerProblem !== null || this.#isLeaving) return;
    this.#isLeaving = true;
    redirect(this.#returnPath);
  }

  override render(): TemplateResult {
    if (this.#session.me !== null) return this.#renderSignedIn();
    return this.challenge === null ? this.#renderPassword() : this.#renderCode();
  }

  #renderSignedIn(): TemplateResult {
    if (this.issuerProblem === null) return html`<p role="status">${signInTexts.waiting}</p>`;
    return html`<h1>${signInTexts.heading}</h1>
      <div class="summary" role="alert">${this.issuerProblem}</div>
      <p class="beside"><a href="/settings/security">${peopleTexts.toSettings}</a></p>`;
  }

  #renderPassword(): TemplateResult {
    const { failure } = this.#submission;
    const issuers = this.#facts.facts?.issuers ?? [];
    return html`<h1>${signInTexts.heading}</h1>
      <form @submit=${this.#onPassword}>
        ${this.issuerProblem === null || failure !== null
          ? nothing
          : html`<div class="summary" role="alert">${this.issuerProblem}</div>`}
        ${summary(this.#submission)} ${addressField(failure)}
        ${field({
          name: "password",
          label: peopleTexts.password,
          type: "password",
          autocomplete: "current-password",
        })}
        ${submitButton(this.#submission, signInTexts.submit)}
      </form>
      <p class="beside">
        <a href="/reset-password">${signInTexts.forgot}</a>
        ${this.#renderNewHere()}
      </p>
      ${issuers.length === 0
        ? nothing
        : html`<p class="or">${peopleTexts.or}</p>
            <rillcast-issuer-buttons
              .issuers=${issuers}
              .returnTo=${this.#returnPath}
            ></rillcast-issuer-buttons>`}`;
  }

  #renderNewHere(): TemplateResult | typeof nothing {
    switch (this.#session.registration) {
      case "open":
        return html`<span>
          ${signInTexts.newHere} <a href="/sign-up">${signInTexts.signUp}</a>
        </span>`;
      case "invitation":
        return html`<span class="quiet">${signInTexts.invited}</span>`;
      case "closed":
        return nothing;
    }
  }

  #renderCode(): TemplateResult {
    return html`<h1>${signInTexts.codeHeading}</h1>
      <p class="lead">${signInTexts.codeLead}</p>
      <form @submit=${this.#onCode}>
        ${summary(this.#submission)}
        ${field({
          name: "code",
          label: signInTexts.code,
          hint: signInTexts.codeHint,
          autocomplete: "one-time-code",
          maxLength: 40,
          hasFocus: true,
        })}
        ${submitButton(this.#submission, signInTexts.codeSubmit)}
      </form>
      <p class="beside">
        <button type="button" @click=${this.#startOver}>${signInTexts.startOver}</button>
      </p>`;
  }

  get #returnPath(): string {
    return returnPath(location.search, location.origin);
  }

  #readFragment(): void {
    const code = this.#fragment.value("problem");
    if (code === null) return;
    this.challenge = this.#fragment.value("challenge");
    if (this.challenge === null) {
      this.issuerProblem = issuerProblemTexts[code] ?? problemTexts[code] ?? unexpectedText;
    }
  }

  readonly #onPassword = async (event: Event): Promise<void> => {
    const values = FormValues.of(event);
    await this.#submission.run(async (signal) => {
      try {
        await api.post("/sessions", {
          body: { email: values.text("email"), password: values.text("password") },
          signal,
        });
      } catch (error) {
        if (!isProblem(error, "second-factor-required")) throw error;
        this.challenge = String(error.members.challenge);
        return;
      }
      await this.#enter();
    });
    if (this.challenge !== null) await this.#focusCode();
  };

  readonly #onCode = async (event: Event): Promise<void> => {
    const code = FormValues.of(event).text("code").trim();
    const { challenge } = this;
    if (challenge === null) return;
    await this.#submission.run(async (signal) => {
      try {
        await api.post("/sessions/second-factor", { body: { challenge, code }, signal });
      } catch (error) {
        // The five minutes are over: back to the password.
        if (isProblem(error, "link-void")) this.challenge = null;
        throw error;
      }
      await this.#enter();
    });
  };

  async #enter(): Promise<void> {
    this.issuerProblem = null;
    if (location.hash !== "") this.#fragment.clear();
    await session.refresh();
  }

  async #focusCode(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>("#code")?.focus();
  }

  readonly #startOver = (): void => {
    this.challenge = null;
    this.#submission.clear();
  };
}
