import type { ChatMessage } from "./chat-message.js";

/** What can be done with a message. Time-outs are in seconds. */
export type MessageAction =
  | { readonly kind: "reply" }
  | { readonly kind: "copy" | "report" | "delete" | "ban" }
  | { readonly kind: "timeout"; readonly seconds: number };

/** Somebody wants to do something with a message. */
export class MessageActionEvent extends Event {
  static readonly type = "message-action";
  readonly message: ChatMessage;
  readonly action: MessageAction;

  constructor(message: ChatMessage, action: MessageAction) {
    super(MessageActionEvent.type, { bubbles: true, composed: true });
    this.message = message;
    this.action = action;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    [MessageActionEvent.type]: MessageActionEvent;
  }
}
