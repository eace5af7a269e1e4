import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, html, nothing } from "lit";
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
import "../people/issuer-buttons.js";
import { narrowPageStyle } from "../people/narrow-page-style.js";
import { addressField, displayNameField, newPasswordField } from "../people/new-account-fields.js";
import { RegistrationFacts } from "../people/registration-facts.js";
import { session } from "../session/current.js";
import { LinkFragment } from "../session/link-fragment.js";
import { redirect } from "../shell/navigate.js";
import { peopleTexts, signUpTexts } from "../texts/people.js";

/** What the server says of a link that is good for nothing any more; the last, of invitations. */
const VOID_CODES = ["link-void", "invalid", "registration-closed"];

type Step =
  | { readonly kind: "looking" }
  | { readonly kind: "failed"; readonly error: unknown }
  /** No link, or one that names no address: it begins with an address. */
  | { readonly kind: "address"; readonly invitation: string | null }
  | { readonly kind: "mailed"; readonly email: string }
  | { readonly kind: "finish"; readonly token: string; readonly email: string }
  | { readonly kind: "void" };

/** Makes an account: first an address is proven by a mailed link, then a password is chosen. */
@customElement("rillcast-sign-up-page")
export class SignUpPage extends LitElement {
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
        return html`<h1>${signUpTexts.heading}</h1>
          ${loadingBlock()}`;
      case "failed":
        return html`<h1>${signUpTexts.heading}</h1>
          ${errorBlock(step.error, () => void this.#look())}`;
      case "address":
        return this.#renderBegin(step.invitation);
      case "mailed":
        return html`<h1 tabindex="-1">${signUpTexts.mailedHeading}</h1>
          <p class="lead" role="status">${signUpTexts.mailed(step.email)}</p>
          <p class="hint">${signUpTexts.mailedHint}</p>`;
      case "finish":
        return this.#renderFinish(step.email);
      case "void":
        return html`<h1>${signUpTexts.voidHeading}</h1>
          <p class="lead">${signUpTexts.void}</p>
          <button type="button" class="primary" @click=${this.#beginAgain}>
            ${signUpTexts.again}
          </button>`;
    }
  }

  #renderBegin(invitation: string | null): TemplateResult {
    const { facts, error } = this.#facts;
    if (facts === null) {
      return html`<h1>${signUpTexts.heading}</h1>
        ${error === null ? loadingBlock() : errorBlock(error, () => void this.#facts.ask())}`;
    }
    if (facts.mode === "closed") return renderRefusal(signUpTexts.closedHeading, signUpTexts.closed);
    if (facts.mode === "invitation" && invitation === null) {
      return renderRefusal(signUpTexts.invitedHeading, signUpTexts.invited);
    }
    return html`<h1>${signUpTexts.heading}</h1>
      <p class="lead">${signUpTexts.lead}</p>
      <form @submit=${this.#onAddress}>
        ${summary(this.#submission)} ${addressField(this.#submission.failure)}
        ${submitButton(this.#submission, signUpTexts.submit)}
      </form>
      <p class="beside"><span>${signUpTexts.have} <a href="/sign-in">${peopleTexts.toSignIn}</a></span></p>
      ${facts.issuers.length === 0
        ? nothing
        : html`<p class="or">${peopleTexts.or}</p>
            <rillcast-issuer-buttons
              .issuers=${facts.issuers}
              .invitation=${invitation}
            ></rillcast-issuer-buttons>`}`;
  }

  #renderFinish(email: string): TemplateResult {
    const { failure } = this.#submission;
    return html`<h1>${signUpTexts.finishHeading}</h1>
      <p class="lead">${signUpTexts.finishLead}</p>
      <form @submit=${this.#onFinish}>
        ${summary(this.#submission)} ${addressField(failure, email)} ${displayNameField(failure)}
        ${newPasswordField(failure, this.#facts.charactersMin)}
        ${submitButton(this.#submission, signUpTexts.finish)}
      </form>`;
  }

  /** Sees what the link is good for. */
  async #look(): Promise<void> {
    const invitation = this.#fragment.value("invitation");
    const token = this.#fragment.value("token") ?? invitation;
    if (token === null) {
      this.step = { kind: "address", invitation: null };
      return;
    }
    this.step = { kind: "looking" };
    try {
      const { body } = await api.post("/registrations/address", { body: { token } });
      this.step = { kind: "finish", token, email: body.email };
    } catch (error) {
      if (isProblem(error, "link-void") && token === invitation) {
        // One for anybody, which names no address.
        this.step = { kind: "address", invitation };
      } else {
        const isVoid = VOID_CODES.some((code) => isProblem(error, code));
        this.step = isVoid ? { kind: "void" } : { kind: "failed", error };
      }
    }
  }

  readonly #onAddress = async (event: Event): Promise<void> => {
    const email = FormValues.of(event).text("email");
    const { step } = this;
    if (step.kind !== "address") return;
    const isDone = await this.#submission.run(async (signal) => {
      await api.post("/registrations", { body: { email, invitation: step.invitation }, signal });
      this.step = { kind: "mailed", email };
    });
    if (isDone) await this.#focusHeading();
  };

  readonly #onFinish = async (event: Event): Promise<void> => {
    const values = FormValues.of(event);
    const { step } = this;
    if (step.kind !== "finish") return;
    const { token } = step;
    await this.#submission.run(async (signal) => {
      await api.post("/registrations/complete", {
        body: { token, password: values.text("password"), displayName: values.text("displayName") },
        signal,
      });
      await session.refresh();
      redirect("/");
    });
  };

  readonly #beginAgain = (): void => {
    this.#fragment.clear();
    void this.#look();
  };

  async #focusHeading(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("h1")?.focus();
  }
}

function renderRefusal(heading: string, text: string): TemplateResult {
  return html`<h1>${heading}</h1>
    <p class="lead">${text}</p>
    <p class="beside">
      <span>${signUpTexts.have} <a href="/sign-in">${peopleTexts.toSignIn}</a></span>
    </p>`;
}
