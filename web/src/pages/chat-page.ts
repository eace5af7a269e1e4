import type { CSSResult, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";

import { sharedLinkToken } from "../channels/shared-link.js";
import "../chat/chat-panel.js";
import { chatTexts } from "../texts/chat.js";
import { titleOf } from "../texts/shell.js";

/** A channel's chat in a window of its own. */
@customElement("rillcast-chat-page")
export class ChatPage extends LitElement {
  static override styles: CSSResult = css`
    :host {
      display: flex;
      height: 100dvh;
    }
    rillcast-chat {
      flex: 1;
      min-width: 0;
    }
  `;

  @property() channel = "";

  override willUpdate(): void {
    document.title = titleOf(chatTexts.chatOf(this.channel));
  }

  override render(): TemplateResult {
    const leave = sharedLinkToken(location.hash);
    return html`<rillcast-chat .channel=${this.channel} .leave=${leave} isAlone></rillcast-chat>`;
  }
}
