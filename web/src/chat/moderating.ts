import { failureOf } from "../forms/failure.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import { TIMEOUT_CHOICES, chatTexts, moderationTexts } from "../texts/chat.js";
import { chatApi } from "./chat-api.js";
import type { ChatMessage } from "./chat-message.js";
import type { MessageAction } from "./message-action.js";

const REASON_CHARACTERS = 200;

type Deed = Exclude<MessageAction, { readonly kind: "reply" }>;

/**
 * Does what somebody wants with a message, after asking where it cannot be taken back.
 *
 * Returns what to say of it; nothing if it was not done.
 */
export async function askAndDo(
  dialog: ConfirmDialog,
  channel: string,
  message: ChatMessage,
  deed: Deed,
): Promise<string> {
  const texts = moderationTexts;
  const name = message.author.displayName;
  switch (deed.kind) {
    case "copy":
      return copy(message.text);
    case "delete": {
      const isDone = await dialog.ask({
        heading: texts.deleteHeading,
        text: texts.deleteText(name, message.text),
        confirmLabel: chatTexts.delete,
        isDangerous: true,
        work: (_answer, signal) => chatApi.delete(channel, message.id, signal),
      });
      return isDone ? texts.messageDeleted : "";
    }
    case "report": {
      const isDone = await dialog.ask({
        heading: texts.reportHeading(name),
        text: texts.reportText,
        confirmLabel: chatTexts.report,
        note: { label: texts.reportReason, maxLength: REASON_CHARACTERS },
        work: ({ note }, signal) => chatApi.report(channel, message.id, note, signal),
      });
      return isDone ? texts.reported : "";
    }
    case "timeout": {
      const { seconds } = deed;
      const words = TIMEOUT_CHOICES.find(([length]) => length === seconds)?.[1] ?? `${seconds} s`;
      const isDone = await dialog.ask({
        heading: texts.timeoutHeading(name, words),
        text: texts.timeoutText,
        confirmLabel: texts.timeout,
        isDangerous: true,
        note: reason(),
        work: ({ note }, signal) =>
          chatApi.sanction(channel, message.author.accountId, seconds, note, signal),
      });
      return isDone ? texts.timedOut(name) : "";
    }
    case "ban": {
      const isDone = await dialog.ask({
        heading: texts.banHeading(name),
        text: texts.banText,
        confirmLabel: chatTexts.ban,
        isDangerous: true,
        note: reason(),
        work: ({ note }, signal) =>
          chatApi.sanction(channel, message.author.accountId, null, note, signal),
      });
      return isDone ? texts.banned(name) : "";
    }
  }
}

function reason(): { label: string; hint: string; isOptional: true; maxLength: number } {
  const { reason: label, reasonHint: hint } = moderationTexts;
  return { label, hint, isOptional: true, maxLength: REASON_CHARACTERS };
}

async function copy(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return chatTexts.copied;
  } catch (error) {
    return failureOf(error).text;
  }
}
