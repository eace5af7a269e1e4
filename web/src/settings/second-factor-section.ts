import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, query, state } from "lit/decorators.js";

import type { Enrolment, SecondFactor } from "../api/schema-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle, errorBlock, loadingBlock } from "../forms/blocks.js";
import "../forms/confirm-dialog.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import { field } from "../forms/field.js";
import { formStyle } from "../forms/form-style.js";
import { FormValues } from "../forms/form-values.js";
import "../forms/notice.js";
import "../forms/secret-field.js";
import { Submission } from "../forms/submission.js";
import { submitButton } from "../forms/submit-button.js";
import { summary } from "../forms/summary.js";
import { SessionWatch } from "../session/session-watch.js";
import { formTexts } from "../texts/forms.js";
import { securityTexts } from "../texts/settings.js";
import { qrPath } from "./qr-path.js";
import "./recovery-codes.js";
import { sectionStyle } from "./section-style.js";

/** Sets up and removes the codes of an authenticator app. */
@customElement("rillcast-second-factor-section")
export class SecondFactorSection extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    sectionStyle,
    css`
      .qr {
        display: block;
        width: min(16rem, 100%);
        border-radius: var(--radius-m);
      }
      /* Cameras want dark on light, in the dark theme as well. */
      .qr rect {
        fill: #ffffff;
      }
      .qr path {
        fill: #000000;
      }
    `,
  ];

  @state() private factor: SecondFactor | null = null;
  @state() private loadError: unknown = null;
  /** While the app is being told the secret. */
  @state() private enrolment: Enrolment | null = null;
  @state() private codes: readonly string[] | null = null;
  @state() private said = "";
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;

  readonly #session = new SessionWatch(this);
  readonly #submission = new Submission(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // Secrets do not wait in a page that nobody looks at.
    this.enrolment = null;
    this.codes = null;
  }

  override render(): TemplateResult {
    return html`<section aria-labelledby="heading">
        <h2 id="heading">${securityTexts.factorHeading}</h2>
        ${this.#renderState()}
        <rillcast-notice .text=${this.said}></rillcast-notice>
      </section>
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  #renderState(): TemplateResult {
    if (this.codes !== null) {
      return html`<rillcast-recovery-codes
        .codes=${this.codes}
        @kept=${this.#onKept}
      ></rillcast-recovery-codes>`;
    }
    if (this.enrolment !== null) return this.#renderEnrolment(this.enrolment);
    if (this.factor === null) {
      return this.loadError === null
        ? loadingBlock(1)
        : errorBlock(this.loadError, () => void this.#load());
    }
    if (!this.factor.isOn) {
      return html`<p class="lead">${securityTexts.factorOff}</p>
        <div class="actions">
          <button type="button" class="primary" @click=${this.#enrol}>${securityTexts.setUp}</button>
        </div>`;
    }
    return html`<p class="lead">${securityTexts.factorOn(this.factor.recoveryCodesLeft)}</p>
      <div class="actions">
        <button type="button" @click=${this.#renew}>${securityTexts.renew}</button>
        <button type="button" class="danger" @click=${this.#remove}>
          ${securityTexts.removeFactor}
        </button>
      </div>`;
  }

  #renderEnrolment({ secret, uri }: Enrolment): TemplateResult {
    const { size, path } = qrPath(uri);
    return html`<p class="lead">${securityTexts.scan}</p>
      <svg
        class="qr"
        viewBox="0 0 ${size} ${size}"
        role="img"
        aria-label=${securityTexts.qrLabel}
        shape-rendering="crispEdges"
      >
        <rect width=${size} height=${size} />
        <path d=${path} />
      </svg>
      <rillcast-secret-field .label=${securityTexts.key} .text=${secret}></rillcast-secret-field>
      <form @submit=${this.#onCode}>
        ${summary(this.#submission)}
        ${field({
          name: "code",
          label: securityTexts.code,
          hint: securityTexts.codeHint,
          autocomplete: "one-time-code",
          inputMode: "numeric",
          maxLength: 10,
        })}
        <div class="actions">
          ${submitButton(this.#submission, securityTexts.confirm)}
          <button type="button" @click=${this.#giveUp}>${formTexts.cancel}</button>
        </div>
      </form>`;
  }

  get #asksPassword(): boolean {
    return this.#session.me?.hasPassword === true;
  }

  async #load(): Promise<void> {
    this.loadError = null;
    try {
      this.factor = (await api.get("/me/second-factor", {})).body;
    } catch (error) {
      this.loadError = error;
    }
  }

  readonly #enrol = async (): Promise<void> => {
    this.said = "";
    await this.dialog.ask({
      heading: securityTexts.factorHeading,
      text: securityTexts.setUpQuestion,
      confirmLabel: securityTexts.setUp,
      asksPassword: this.#asksPassword,
      work: async ({ password }, signal) => {
        this.enrolment = (await api.post("/me/second-factor", { body: { password }, signal })).body;
      },
    });
  };

  readonly #onCode = async (event: Event): Promise<void> => {
    const code = FormValues.of(event).text("code").replace(/\s/g, "");
    await this.#submission.run(async (signal) => {
      const { body } = await api.post("/me/second-factor/confirm", { body: { code }, signal });
      this.codes = body.recoveryCodes;
      this.enrolment = null;
    });
  };

  readonly #giveUp = (): void => {
    this.enrolment = null;
    this.#submission.clear();
  };

  readonly #onKept = (): void => {
    this.codes = null;
    this.factor = null;
    void this.#load();
  };

  readonly #renew = async (): Promise<void> => {
    this.said = "";
    await this.dialog.ask({
      heading: securityTexts.renew,
      text: securityTexts.renewQuestion,
      confirmLabel: securityTexts.renewConfirm,
      asksPassword: this.#asksPassword,
      work: async ({ password }, signal) => {
        const { body } = await api.post("/me/second-factor/recovery-codes", {
          body: { password },
          signal,
        });
        this.codes = body.recoveryCodes;
      },
    });
  };

  readonly #remove = async (): Promise<void> => {
    this.said = "";
    const isDone = await this.dialog.ask({
      heading: securityTexts.removeFactor,
      text: securityTexts.removeFactorQuestion,
      confirmLabel: securityTexts.removeFactor,
      isDangerous: true,
      asksPassword: this.#asksPassword,
      work: async ({ password }, signal) => {
        await api.post("/me/second-factor/removal", { body: { password }, signal });
      },
    });
    if (!isDone) return;
    this.said = securityTexts.removed;
    await this.#load();
  };
}
