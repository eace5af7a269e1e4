import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import type { OwnSession } from "../api/schema-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle, errorBlock, loadingBlock } from "../forms/blocks.js";
import "../forms/confirm-dialog.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import { formStyle } from "../forms/form-style.js";
import "../forms/notice.js";
import { Submission } from "../forms/submission.js";
import { summary } from "../forms/summary.js";
import { session } from "../session/current.js";
import { navigate } from "../shell/navigate.js";
import { sessionsTexts } from "../texts/settings.js";
import { moment } from "../texts/times.js";
import { clientName } from "./client-name.js";
import { sectionStyle } from "./section-style.js";

/** One's own log-ins, and how to end them. */
@customElement("rillcast-sessions-section")
export class SessionsSection extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    sectionStyle,
  ];

  @state() private sessions: readonly OwnSession[] | null = null;
  @state() private loadError: unknown = null;
  @state() private said = "";
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;

  readonly #submission = new Submission(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    return html`<section aria-labelledby="heading">
        <h2 id="heading" tabindex="-1">${sessionsTexts.heading}</h2>
        <p class="lead">${sessionsTexts.lead}</p>
        ${summary(this.#submission)} ${this.#renderList()}
        <rillcast-notice .text=${this.said}></rillcast-notice>
        <div class="actions">
          <button type="button" @click=${() => void this.#endMany(true)}>
            ${sessionsTexts.endOthers}
          </button>
          <button type="button" class="danger" @click=${() => void this.#endMany(false)}>
            ${sessionsTexts.endAll}
          </button>
        </div>
      </section>
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  #renderList(): TemplateResult {
    if (this.sessions === null) {
      return this.loadError === null
        ? loadingBlock()
        : errorBlock(this.loadError, () => void this.#load());
    }
    return html`<ul class="rows">
      ${repeat(
        this.sessions,
        ({ id }) => id,
        (each) => this.#renderSession(each),
      )}
    </ul>`;
  }

  #renderSession(each: OwnSession): TemplateResult {
    const client = clientName(each.client);
    return html`<li>
      <div class="what">
        <b>${client}</b>
        ${each.isCurrent ? html`<span class="tag">${sessionsTexts.current}</span>` : nothing}
        <p>
          ${sessionsTexts.begun} ${moment(each.createdAt)}, ${sessionsTexts.used}
          ${moment(each.usedAt)}
        </p>
      </div>
      ${each.isCurrent
        ? nothing
        : html`<button
            type="button"
            aria-label=${sessionsTexts.endLabel(client)}
            @click=${() => void this.#end(each)}
          >
            ${sessionsTexts.end}
          </button>`}
    </li>`;
  }

  async #load(): Promise<void> {
    this.loadError = null;
    try {
      this.sessions = (await api.get("/me/sessions", {})).body.items;
    } catch (error) {
      this.loadError = error;
    }
  }

  async #end({ id }: OwnSession): Promise<void> {
    this.said = "";
    const isDone = await this.#submission.run(async (signal) => {
      await api.delete("/me/sessions/{session_id}", { path: { session_id: id }, signal });
      this.said = sessionsTexts.ended;
    });
    // One that has ended meanwhile is gone as well: the list is read anew in either case.
    await this.#load();
    if (isDone) this.renderRoot.querySelector<HTMLElement>("h2")?.focus();
  }

  async #endMany(butThis: boolean): Promise<void> {
    this.said = "";
    const isDone = await this.dialog.ask({
      heading: butThis ? sessionsTexts.endOthers : sessionsTexts.endAll,
      text: butThis ? sessionsTexts.endOthersQuestion : sessionsTexts.endAllQuestion,
      confirmLabel: butThis ? sessionsTexts.endOthers : sessionsTexts.endAll,
      isDangerous: !butThis,
      work: async (_, signal) => {
        await api.delete("/me/sessions", { query: { butThis }, signal });
      },
    });
    if (!isDone) return;
    if (butThis) {
      this.said = sessionsTexts.othersEnded;
      await this.#load();
      return;
    }
    session.forget();
    navigate("/");
  }
}
