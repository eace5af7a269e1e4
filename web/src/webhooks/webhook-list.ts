import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { CreateKey } from "../api/idempotency.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { panelStyle } from "../dashboard/panel-style.js";
import { blockStyle, emptyBlock } from "../forms/blocks.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import "../forms/confirm-dialog.js";
import { fieldError } from "../forms/failure.js";
import { check, field } from "../forms/field.js";
import { formStyle } from "../forms/form-style.js";
import { FormValues } from "../forms/form-values.js";
import "../forms/notice.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import "../forms/secret-field.js";
import { Submission } from "../forms/submission.js";
import { submitButton } from "../forms/submit-button.js";
import { summary } from "../forms/summary.js";
import { agoText } from "../texts/spans.js";
import { WEBHOOK_EVENTS, webhookTexts } from "../texts/webhooks.js";
import "./delivery-list.js";
import type { DeliveryList } from "./delivery-list.js";
import type { Webhook, WebhookApi, WebhookEvent, WebhookWithSecret } from "./webhook-api.js";

const NAME_CHARACTERS = 60;
const EVENTS = Object.keys(WEBHOOK_EVENTS) as readonly WebhookEvent[];

/** Webhooks of one place: made, tested, switched, deleted; with what became of their deliveries. */
@customElement("rillcast-webhook-list")
export class WebhookList extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    panelStyle,
    css`
      .url {
        font-family: var(--font-mono);
        overflow-wrap: anywhere;
      }
      .warning {
        color: var(--danger);
        font-weight: 600;
      }
      rillcast-delivery-list {
        flex: 1 1 100%;
      }
    `,
  ];

  @property({ attribute: false }) place: WebhookApi | null = null;
  @property() lead = "";
  @state() private made: WebhookWithSecret | null = null;
  @state() private notice = "";
  @state() private areEventsMissing = false;
  /** The webhook whose deliveries are shown. */
  @state() private opened: string | null = null;
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;
  @query("rillcast-delivery-list") private readonly deliveries!: DeliveryList | null;

  readonly #making = new Submission(this);
  readonly #acting = new Submission(this);
  readonly #createKey = new CreateKey();
  readonly #list = new PagedList<Webhook>(this, (_cursor, signal) => this.#place.list(signal));

  get #place(): WebhookApi {
    if (this.place === null) throw new Error("expected the webhooks of a place");
    return this.place;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.made = null;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("place") && this.place !== null) void this.#list.load();
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-labelledby="heading">
        <h2 id="heading">${webhookTexts.heading}</h2>
        <p class="lead">${this.lead}</p>
        <rillcast-notice .text=${this.notice}></rillcast-notice>
        ${summary(this.#acting)}
        ${this.made === null
          ? nothing
          : html`<div class="made" role="status">
              <rillcast-secret-field
                once
                .label=${webhookTexts.made(this.made.name)}
                .text=${this.made.secret}
              ></rillcast-secret-field>
              <p class="lead">${webhookTexts.secretHint}</p>
            </div>`}
        ${pagedList(
          this.#list,
          (webhooks) => html`<ul class="rows">
            ${repeat(
              webhooks,
              ({ id }) => id,
              (webhook) => this.#renderWebhook(webhook),
            )}
          </ul>`,
          () => emptyBlock(webhookTexts.none, webhookTexts.noneText),
        )}
      </section>
      <section class="panel" aria-labelledby="new">
        <h2 id="new">${webhookTexts.new}</h2>
        ${this.#renderForm()}
      </section>
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  #renderWebhook(webhook: Webhook): TemplateResult {
    const { id, name, url, isEnabled, disabledReason } = webhook;
    return html`<li class="row">
      <div class="words">
        <h3>${name}</h3>
        <p class="url">${url}</p>
        <p>${webhook.events.map((event) => WEBHOOK_EVENTS[event]).join(" · ")}</p>
        <p>${stateWords(webhook)}</p>
        ${disabledReason === null
          ? nothing
          : html`<p class="warning">${webhookTexts.disabled[disabledReason] ?? disabledReason}</p>`}
      </div>
      <div class="actions">
        ${this.#action(webhookTexts.test, webhook, () => this.#test(webhook))}
        ${this.#action(webhookTexts.deliveries, webhook, () => {
          this.opened = this.opened === id ? null : id;
          return Promise.resolve();
        })}
        ${this.#action(isEnabled ? webhookTexts.turnOff : webhookTexts.turnOn, webhook, () =>
          this.#turn(webhook),
        )}
        ${this.#action(webhookTexts.rotate, webhook, () => this.#rotate(webhook))}
        ${this.#action(webhookTexts.remove, webhook, () => this.#remove(webhook), true)}
      </div>
      ${this.opened === id
        ? html`<rillcast-delivery-list .place=${this.place} .webhook=${id}></rillcast-delivery-list>`
        : nothing}
    </li>`;
  }

  #action(
    label: string,
    { name }: Webhook,
    act: () => Promise<void>,
    isDangerous = false,
  ): TemplateResult {
    return html`<button
      type="button"
      class=${isDangerous ? "danger" : nothing}
      aria-label="${label}: ${name}"
      @click=${() => void act()}
    >
      ${label}
    </button>`;
  }

  #renderForm(): TemplateResult {
    const { failure } = this.#making;
    return html`<form @submit=${this.#onSubmit}>
      ${summary(this.#making)}
      ${field({
        name: "name",
        label: webhookTexts.name,
        hint: webhookTexts.nameHint,
        maxLength: NAME_CHARACTERS,
        error: fieldError(failure, "name"),
      })}
      ${field({
        name: "url",
        label: webhookTexts.url,
        hint: webhookTexts.urlHint,
        type: "url",
        inputMode: "url",
        error: fieldError(failure, "url"),
      })}
      <fieldset aria-describedby=${this.areEventsMissing ? "events-error" : nothing}>
        <legend>${webhookTexts.events}</legend>
        ${this.areEventsMissing
          ? html`<p class="field-error" id="events-error" role="alert">
              ${webhookTexts.eventsMissing}
            </p>`
          : nothing}
        ${EVENTS.map((event) =>
          check({
            name: "events",
            value: event,
            label: WEBHOOK_EVENTS[event],
            isChecked: event === "channel.live",
          }),
        )}
      </fieldset>
      <div class="actions">${submitButton(this.#making, webhookTexts.make)}</div>
    </form>`;
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    const form = event.currentTarget as HTMLFormElement;
    const values = FormValues.of(event);
    const events = EVENTS.filter((name) => values.all("events").includes(name));
    this.areEventsMissing = events.length === 0;
    if (this.areEventsMissing) return;
    const body = { name: values.text("name"), url: values.text("url").trim(), events, isEnabled: true };
    const isDone = await this.#making.run(async (signal) => {
      this.made = await this.#place.create(body, this.#createKey.for(body), signal);
    });
    if (!isDone) return;
    this.#createKey.done();
    this.notice = "";
    form.reset();
    await this.#list.load();
  };

  async #test({ id }: Webhook): Promise<void> {
    this.notice = "";
    const isDone = await this.#acting.run(async (signal) => {
      await this.#place.test(id, signal);
    });
    if (!isDone) return;
    this.notice = webhookTexts.tested;
    this.opened = id;
    await this.updateComplete;
    this.deliveries?.refresh();
  }

  async #turn({ id, isEnabled }: Webhook): Promise<void> {
    this.notice = "";
    const isDone = await this.#acting.run(async (signal) => {
      await this.#place.edit(id, { isEnabled: !isEnabled }, signal);
    });
    if (isDone) await this.#list.load();
  }

  async #rotate({ id, name }: Webhook): Promise<void> {
    const isDone = await this.dialog.ask({
      heading: webhookTexts.rotateHeading(name),
      text: webhookTexts.rotateText,
      confirmLabel: webhookTexts.rotate,
      work: async (_answer, signal) => {
        this.made = await this.#place.rotate(id, signal);
      },
    });
    if (isDone) await this.#list.load();
  }

  async #remove({ id, name }: Webhook): Promise<void> {
    const isDone = await this.dialog.ask({
      heading: webhookTexts.removeHeading(name),
      text: webhookTexts.removeText,
      confirmLabel: webhookTexts.remove,
      isDangerous: true,
      work: (_answer, signal) => this.#place.remove(id, signal),
    });
    if (!isDone) return;
    if (this.made?.id === id) this.made = null;
    this.notice = webhookTexts.removed(name);
    await this.#list.load();
  }
}

function stateWords({ isEnabled, failingSince, lastDeliveredAt }: Webhook): string {
  const nowMs = Date.now();
  const words: string[] = [isEnabled ? webhookTexts.active : webhookTexts.off];
  if (failingSince !== null) words.push(webhookTexts.failing(agoText(Date.parse(failingSince), nowMs)));
  words.push(
    lastDeliveredAt === null
      ? webhookTexts.neverDelivered
      : webhookTexts.lastDelivered(agoText(Date.parse(lastDeliveredAt), nowMs)),
  );
  return words.join(" · ");
}
