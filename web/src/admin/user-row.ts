import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import type { User } from "../api/schema-names.js";
import { buttonStyle } from "../button-style.js";
import "../forms/confirm-dialog.js";
import type { ConfirmDialog, Question } from "../forms/confirm-dialog.js";
import { formStyle } from "../forms/form-style.js";
import "../forms/notice.js";
import { roleNames, userActionTexts, usersTexts } from "../texts/admin.js";
import { day, moment } from "../texts/times.js";
import type { UserAction } from "./user-actions.js";
import { actionsFor } from "./user-actions.js";

/** One account, and what an administrator can do with it. "changed" says that it is not as it was. */
@customElement("rillcast-admin-user")
export class AdminUser extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    formStyle,
    css`
      :host {
        display: block;
        width: 100%;
        min-width: 0;
      }
      p {
        margin: 0;
        color: var(--text-muted);
        font-size: var(--text-s);
        overflow-wrap: anywhere;
      }
      b {
        overflow-wrap: anywhere;
      }
      .tag {
        display: inline-block;
        margin-left: var(--space-2);
        padding: 0.15em 0.6em;
        border-radius: 999px;
        background: var(--accent-soft);
        color: var(--accent);
        font: 600 var(--text-xs) / 1.5 var(--font);
      }
      .tag.warning {
        background: var(--warn);
        color: var(--on-warn);
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-4);
      }
      .what {
        flex: 1 1 9rem;
        min-width: 0;
      }
      .actions {
        margin-top: var(--space-3);
      }
    `,
  ];

  @property({ attribute: false }) user: User | null = null;
  /** Whether it is the account of who looks at it. */
  @property({ type: Boolean }) isOwn = false;
  @state() private isOpen = false;
  @state() private said = "";
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;

  override render(): TemplateResult | typeof nothing {
    const { user } = this;
    if (user === null) return nothing;
    return html`<div class="head">
        <div class="what">
          <b>${user.displayName}</b>
          ${user.role === "admin" ? html`<span class="tag">${roleNames.admin}</span>` : nothing}
          ${this.isOwn ? html`<span class="tag">${usersTexts.you}</span>` : nothing}
          ${user.suspendedAt === null
            ? nothing
            : html`<span class="tag warning">${usersTexts.suspended}</span>`}
          <p>${user.email}</p>
          <p>
            ${usersTexts.since} ${day(user.createdAt)},
            ${user.signedInAt === null
              ? usersTexts.neverSignedIn
              : html`${usersTexts.signedIn} ${moment(user.signedInAt)}`}${user.hasPassword
              ? nothing
              : `, ${usersTexts.noPassword}`}
          </p>
          ${user.suspensionReason === null || user.suspensionReason === ""
            ? nothing
            : html`<p>${usersTexts.reason(user.suspensionReason)}</p>`}
        </div>
        <button
          type="button"
          aria-expanded=${this.isOpen}
          aria-controls="actions"
          aria-label=${usersTexts.manageLabel(user.displayName)}
          @click=${this.#toggle}
        >
          ${usersTexts.manage}
        </button>
      </div>
      <div id="actions" class="actions" ?hidden=${!this.isOpen}>
        ${actionsFor(user, this.isOwn).map(
          (action) =>
            html`<button
              type="button"
              class=${action.isDangerous ? "danger" : ""}
              @click=${() => void this.#do(action)}
            >
              ${action.label}
            </button>`,
        )}
      </div>
      <rillcast-notice .text=${this.said}></rillcast-notice>
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  readonly #toggle = (): void => {
    this.isOpen = !this.isOpen;
  };

  async #do(action: UserAction): Promise<void> {
    this.said = "";
    const question: Question = {
      heading: action.label,
      text: action.question,
      confirmLabel: action.label,
      isDangerous: action.isDangerous,
      ...(action.asksReason
        ? {
            note: {
              label: userActionTexts.reason,
              hint: userActionTexts.reasonHint,
              isOptional: true,
            },
          }
        : {}),
      work: async ({ note }, signal) => {
        await action.work(note, signal);
      },
    };
    if (!(await this.dialog.ask(question))) return;
    this.said = userActionTexts.done;
    this.dispatchEvent(new CustomEvent("changed"));
  }
}
