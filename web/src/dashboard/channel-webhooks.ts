import type { PropertyValues, TemplateResult } from "lit";
import { LitElement, html } from "lit";
import { customElement, property } from "lit/decorators.js";

import { webhookTexts } from "../texts/webhooks.js";
import type { WebhookApi } from "../webhooks/webhook-api.js";
import { webhooksOf } from "../webhooks/webhook-api.js";
import "../webhooks/webhook-list.js";

/** Webhooks that are told of one channel. */
@customElement("rillcast-channel-webhooks")
export class ChannelWebhooks extends LitElement {
  @property() channel = "";
  #place: WebhookApi | null = null;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("channel") && this.channel !== "") this.#place = webhooksOf(this.channel);
  }

  override render(): TemplateResult {
    return html`<rillcast-webhook-list
      .place=${this.#place}
      lead=${webhookTexts.lead}
    ></rillcast-webhook-list>`;
  }
}
