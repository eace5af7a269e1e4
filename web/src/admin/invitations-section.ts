import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { CreateKey } from "../api/idempotency.js";
import type { Invitation } from "../api/schema-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle, emptyBlock } from "../forms/blocks.js";
import "../forms/confirm-dialog.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import { fieldError } from "../forms/failure.js";
import { choice, field } from "../forms/field.js";
import { formStyle } from "../forms/form-style.js";
import { FormValues } from "../forms/form-values.js";
import "../forms/notice.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import "../forms/secret-field.js";
import { Submission } from "../forms/submission.js";
import { submitButton } from "../forms/submit-button.js";
import { summary } from "../forms/summary.js";
import { sectionStyle } from "../settings/section-style.js";
import { invitationsTexts as texts, roleNames } from "../texts/admin.js";
import { day } from "../texts/times.js";

const USES_MAX = 1_000;
const DAYS_MAX = 365;

/** Whom administrators let in. */
@customElement("rillcast-admin-invitations")
export class AdminInvitations extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    sectionStyle,
    css`
      .numbers {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr));
        gap: var(--space-4);
        align-items: start;
      }
    `,
  ];

  /** The link that was just made, and where it was mailed. */
  @state() private made: { readonly link: string; readonly email: string | null } | null = null;
  @state() private said = "";
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;

  readonly #submission = new Submission(this);
  readonly #key = new CreateKey();
  readonly #list = new PagedList<Invitation>(this, async (cursor, signal) => {
    const query = cursor === undefined ? {} : { cursor };
    return (await api.get("/admin/invitations", { query, signal })).body;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#list.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.made = null;
  }

  override render(): TemplateResult {
    return html`<section aria-labelledby="new">
        <h2 id="new">${texts.newHeading}</h2>
        ${this.made === null ? nothing : this.#renderMade(this.made)} ${this.#renderForm()}
      </section>
      <section aria-labelledby="heading">
        <h2 id="heading">${texts.heading}</h2>
        <p class="lead">${texts.lead}</p>
        ${pagedList(
          this.#list,
          (invitations) => this.#renderInvitations(invitations),
          () => emptyBlock(texts.empty, texts.emptyText),
        )}
        <rillcast-notice .text=${this.said}></rillcast-notice>
      </section>
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  #renderMade({ link, email }: { link: string; email: string | null }): TemplateResult {
    return html`<div role="status">
      <rillcast-secret-field once .label=${texts.made} .text=${link}></rillcast-secret-field>
      ${email === null ? nothing : html`<p class="hint">${texts.madeMailed(email)}</p>`}
    </div>`;
  }

  #renderForm(): TemplateResult {
    const { failure } = this.#submission;
    return html`<form @submit=${this.#onSubmit}>
      ${summary(this.#submission)}
      ${field({
        name: "email",
        label: texts.email,
        hint: texts.emailHint,
        type: "email",
        inputMode: "email",
        maxLength: 254,
        isOptional: true,
        error: fieldError(failure, "email"),
      })}
      ${choice({
        name: "role",
        label: texts.role,
        value: "user",
        choices: [
          ["user", roleNames.user],
          ["admin", roleNames.admin],
        ],
      })}
      <div class="numbers">
        ${field({
          name: "uses",
          label: texts.uses,
          hint: texts.usesHint,
          type: "number",
          min: 1,
          max: USES_MAX,
          value: "1",
          error: fieldError(failure, "uses"),
        })}
        ${field({
          name: "days",
          label: texts.days,
          hint: texts.daysHint,
          type: "number",
          min: 1,
          max: DAYS_MAX,
          isOptional: true,
          error: fieldError(failure, "days"),
        })}
      </div>
      <div class="actions">${submitButton(this.#submission, texts.create)}</div>
    </form>`;
  }

  #renderInvitations(invitations: readonly Invitation[]): TemplateResult {
    return html`<ul class="rows">
      ${repeat(
        invitations,
        ({ id }) => id,
        (invitation) => this.#renderInvitation(invitation),
      )}
    </ul>`;
  }

  #renderInvitation(invitation: Invitation): TemplateResult {
    const whom = invitation.email ?? texts.anybody;
    return html`<li>
      <div class="what">
        <b>${whom}</b>
        ${invitation.role === "admin" ? html`<span class="tag">${roleNames.admin}</span>` : nothing}
        <p>
          ${texts.usesLeft(invitation.usesLeft)}, ${texts.expires} ${day(invitation.expiresAt)}
        </p>
      </div>
      <button
        type="button"
        aria-label=${texts.withdrawLabel(whom)}
        @click=${() => void this.#withdraw(invitation)}
      >
        ${texts.withdraw}
      </button>
    </li>`;
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    const form = event.currentTarget as HTMLFormElement;
    const values = FormValues.of(event);
    const email = values.textOrNull("email");
    const role: "user" | "admin" = values.text("role") === "admin" ? "admin" : "user";
    const uses = email === null ? (values.numberOrNull("uses") ?? 1) : 1;
    const body = { email, role, uses, days: values.numberOrNull("days") };
    this.said = "";
    this.made = null;
    const isDone = await this.#submission.run(async (signal) => {
      const answer = await api.post("/admin/invitations", {
        body,
        idempotencyKey: this.#key.for(body),
        signal,
      });
      this.#key.done();
      this.made = { link: answer.body.link, email };
    });
    if (!isDone) return;
    form.reset();
    await this.#list.load();
  };

  async #withdraw(invitation: Invitation): Promise<void> {
    this.said = "";
    const isDone = await this.dialog.ask({
      heading: texts.withdraw,
      text: texts.withdrawQuestion,
      confirmLabel: texts.withdraw,
      isDangerous: true,
      work: async (_, signal) => {
        const path = { invitation_id: invitation.id };
        await api.delete("/admin/invitations/{invitation_id}", { path, signal });
      },
    });
    if (!isDone) return;
    this.said = texts.withdrawn;
    this.#list.show(this.#list.items.filter(({ id }) => id !== invitation.id));
  }
}
