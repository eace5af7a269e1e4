import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";

import type { NotificationKinds, NotificationSettings } from "../api/notification-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle, errorBlock, loadingBlock } from "../forms/blocks.js";
import { fieldError } from "../forms/failure.js";
import { check, field } from "../forms/field.js";
import { formStyle } from "../forms/form-style.js";
import { FormValues } from "../forms/form-values.js";
import "../forms/notice.js";
import { Submission } from "../forms/submission.js";
import { submitButton } from "../forms/submit-button.js";
import { summary } from "../forms/summary.js";
import { notificationSettingsTexts } from "../texts/notifications.js";
import { sectionStyle } from "./section-style.js";

type Kind = keyof NotificationKinds;
type Way = "kinds" | "push" | "email";

const KINDS: readonly Kind[] = ["live", "title"];
const WAYS: readonly Way[] = ["kinds", "push", "email"];

/** What one is told of, by which way, and when not aloud. */
@customElement("rillcast-notifications-section")
export class NotificationsSection extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    sectionStyle,
    css`
      .times {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
        gap: var(--space-4);
      }
    `,
  ];

  @state() private settings: NotificationSettings | null = null;
  @state() private error: unknown = null;
  @state() private hasQuietHours = false;
  @state() private said = "";
  readonly #saving = new Submission(this);
  #etag: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    const texts = notificationSettingsTexts;
    return html`<section aria-labelledby="heading">
      <h2 id="heading">${texts.heading}</h2>
      <p class="lead">${texts.lead}</p>
      <rillcast-notice .text=${this.said}></rillcast-notice>
      ${this.settings === null
        ? this.error === null
          ? loadingBlock()
          : errorBlock(this.error, () => void this.#load())
        : this.#renderForm(this.settings)}
    </section>`;
  }

  #renderForm(settings: NotificationSettings): TemplateResult {
    const texts = notificationSettingsTexts;
    return html`<form @submit=${this.#onSubmit}>
      ${summary(this.#saving)}
      ${KINDS.map(
        (kind) =>
          html`<fieldset>
            <legend>${texts[kind]}</legend>
            <p class="hint">${texts[`${kind}Hint`]}</p>
            ${WAYS.map((way) =>
              check({
                name: `${way}-${kind}`,
                label: texts.ways[way],
                isChecked: settings[way]?.[kind] === true,
              }),
            )}
          </fieldset>`,
      )}
      ${this.#renderQuietHours(settings)}
      <div class="actions">${submitButton(this.#saving, texts.save)}</div>
    </form>`;
  }

  #renderQuietHours({ quietHours }: NotificationSettings): TemplateResult {
    const texts = notificationSettingsTexts;
    const { failure } = this.#saving;
    return html`<fieldset>
      <legend>${texts.quietHeading}</legend>
      <p class="hint">${texts.quietLead}</p>
      <div class="check">
        <input
          id="quiet"
          name="quiet"
          type="checkbox"
          .checked=${this.hasQuietHours}
          @change=${this.#onQuiet}
        />
        <label for="quiet">${texts.quiet}</label>
      </div>
      ${this.hasQuietHours
        ? html`<div class="times">
              ${time("starts", texts.from, quietHours?.starts ?? "22:00")}
              ${time("ends", texts.until, quietHours?.ends ?? "07:00")}
            </div>
            ${field({
              name: "zone",
              label: texts.zone,
              hint: texts.zoneHint,
              value: quietHours?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
              error: fieldError(failure, "quietHours"),
            })}`
        : nothing}
    </fieldset>`;
  }

  async #load(): Promise<void> {
    this.error = null;
    try {
      const { body, etag } = await api.get("/me/notifications/settings", {});
      this.#take(body, etag);
    } catch (error) {
      this.error = error;
    }
  }

  #take(settings: NotificationSettings, etag: string | null): void {
    this.settings = settings;
    this.hasQuietHours = (settings.quietHours ?? null) !== null;
    this.#etag = etag;
  }

  readonly #onQuiet = (event: Event): void => {
    this.hasQuietHours = (event.currentTarget as HTMLInputElement).checked;
  };

  readonly #onSubmit = async (event: Event): Promise<void> => {
    const values = FormValues.of(event);
    const kindsOf = (way: Way): NotificationKinds => ({
      live: values.isChecked(`${way}-live`),
      title: values.isChecked(`${way}-title`),
    });
    const quietHours = values.isChecked("quiet")
      ? {
          starts: values.text("starts"),
          ends: values.text("ends"),
          timeZone: values.text("zone").trim(),
        }
      : null;
    this.said = "";
    const isDone = await this.#saving.run(async (signal) => {
      const { body, etag } = await api.put("/me/notifications/settings", {
        body: { kinds: kindsOf("kinds"), push: kindsOf("push"), email: kindsOf("email"), quietHours },
        ifMatch: this.#etag ?? "*",
        signal,
      });
      this.#take(body, etag);
    });
    if (isDone) this.said = notificationSettingsTexts.saved;
  };
}

function time(name: string, label: string, value: string): TemplateResult {
  return html`<div class="field">
    <label for=${name}>${label}</label>
    <input id=${name} name=${name} type="time" required .value=${value} />
  </div>`;
}
