import { customElement } from "lit/decorators.js";

import { api } from "../api/server.js";
import { MailedLinkPage } from "../people/mailed-link-page.js";
import { session } from "../session/current.js";
import { confirmEmailTexts, peopleTexts } from "../texts/people.js";

/** Confirms a new address by a mailed link. */
@customElement("rillcast-confirm-email-page")
export class ConfirmEmailPage extends MailedLinkPage {
  protected override readonly texts = { ...confirmEmailTexts, toSettings: peopleTexts.toSettings };
  protected override readonly settingsPath = "/settings/account";

  protected override async act(token: string, signal: AbortSignal): Promise<void> {
    await api.post("/email-changes/complete", { body: { token }, signal });
    await session.refresh();
  }
}
