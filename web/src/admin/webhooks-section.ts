import type { TemplateResult } from "lit";
import { LitElement, html } from "lit";
import { customElement } from "lit/decorators.js";

import { webhookTexts } from "../texts/webhooks.js";
import { serverWebhooks } from "../webhooks/webhook-api.js";
import "../webhooks/webhook-list.js";

/** Webhooks that are told of all channels. */
@customElement("rillcast-admin-webhooks")
export class AdminWebhooks extends LitElement {
  override render(): TemplateResult {
    return html`<rillcast-webhook-list
      .place=${serverWebhooks}
      lead=${webhookTexts.serverLead}
    ></rillcast-webhook-list>`;
  }
}
