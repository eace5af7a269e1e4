import { customElement } from "lit/decorators.js";

import { api } from "../api/server.js";
import { MailedLinkPage } from "../people/mailed-link-page.js";
import { unsubscribeTexts } from "../texts/notifications.js";

/** What mail programs send of their own (RFC 8058). */
const ONE_CLICK = "List-Unsubscribe=One-Click";
const FORM_TYPE = "application/x-www-form-urlencoded";

/** Ends mails for who has the link of one. */
@customElement("rillcast-unsubscribe-page")
export class UnsubscribePage extends MailedLinkPage {
  protected override readonly texts = unsubscribeTexts;
  protected override readonly settingsPath = "/settings/notifications";

  protected override async act(token: string, signal: AbortSignal): Promise<void> {
    const file = new Blob([ONE_CLICK], { type: FORM_TYPE });
    await api.post("/unsubscribe/{token}", { path: { token }, file, signal });
  }
}
