import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, html } from "lit";
import { customElement, query } from "lit/decorators.js";

import { api } from "../api/server.js";
import { buttonStyle } from "../button-style.js";
import "../forms/confirm-dialog.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import { formStyle } from "../forms/form-style.js";
import { session } from "../session/current.js";
import { SessionWatch } from "../session/session-watch.js";
import { navigate } from "../shell/navigate.js";
import { accountTexts } from "../texts/settings.js";
import { sectionStyle } from "./section-style.js";

/** Takes one's data along, and leaves. */
@customElement("rillcast-leaving-section")
export class LeavingSection extends LitElement {
  static override styles: CSSResultGroup = [buttonStyle, formStyle, sectionStyle];

  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;
  readonly #session = new SessionWatch(this);

  override render(): TemplateResult {
    return html`<section aria-labelledby="export">
        <h2 id="export">${accountTexts.exportHeading}</h2>
        <p class="lead">${accountTexts.exportLead}</p>
        <div class="actions">
          <a class="button" href="/api/v1/me/export" download="rillcast-export.zip"
            >${accountTexts.export}</a
          >
        </div>
      </section>
      <section aria-labelledby="delete">
        <h2 id="delete">${accountTexts.deleteHeading}</h2>
        <p class="lead">${accountTexts.deleteLead}</p>
        <div class="actions">
          <button type="button" class="danger" @click=${this.#delete}>${accountTexts.delete}</button>
        </div>
      </section>
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  readonly #delete = async (): Promise<void> => {
    const isDone = await this.dialog.ask({
      heading: accountTexts.deleteHeading,
      text: accountTexts.deleteQuestion,
      confirmLabel: accountTexts.delete,
      isDangerous: true,
      asksPassword: this.#session.me?.hasPassword === true,
      work: async ({ password }, signal) => {
        await api.post("/me/deletion", { body: { password }, signal });
      },
    });
    if (!isDone) return;
    session.forget();
    navigate("/");
  };
}
