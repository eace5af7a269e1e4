import type { TemplateResult } from "lit";
import { html, nothing } from "lit";

import { broadcastIcon, shieldIcon } from "../icons.js";
import { chatTexts, roleTexts } from "../texts/chat.js";
import type { ChatMessage, ChatRole } from "./chat-message.js";
import type { MessageRun } from "./message-run.js";
import { messageRuns } from "./message-run.js";
import { hueIndex } from "./name-colour.js";

const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** Whether a message is meant for its reader: it names or answers them. */
export function isForReader({ mentions, replyTo }: ChatMessage, readerId: string | null): boolean {
  if (readerId === null) return false;
  return (
    replyTo?.accountId === readerId || mentions.some(({ accountId }) => accountId === readerId)
  );
}

/**
 * What a message says. Everything that people have written stands in text nodes.
 *
 * `answered` is the message that it replies to, if that is here.
 */
export function messageBody(
  message: ChatMessage,
  answered: ChatMessage | null,
  readerId: string | null,
): TemplateResult {
  const { author, atMs, replyTo, isAction, isDeleted } = message;
  const at = new Date(atMs);
  return html`${replyTo === null || isDeleted
      ? nothing
      : html`<p class="quoted">
          <span class="hidden-text">${chatTexts.inReplyTo}</span>
          <b>${replyTo.displayName}</b> ${answered === null
            ? nothing
            : answered.isDeleted
              ? chatTexts.deleted
              : answered.text}
        </p>`}
    <p class=${isAction ? "said action" : "said"}>
      <time datetime=${at.toISOString()} title=${MOMENT.format(at)}>${TIME.format(at)}</time>
      ${badge(author.role)}<b class="name hue-${hueIndex(author.accountId)}" dir="auto">${author.displayName}</b
      >${isAction ? " " : html`<span class="colon">: </span>`}${isDeleted
        ? html`<i class="gone">${chatTexts.deleted}</i>`
        : html`<span class="text" dir="auto"
            >${messageRuns(message, readerId).map(run)}</span
          >`}
    </p>`;
}

function badge(role: ChatRole): TemplateResult | typeof nothing {
  if (role === "viewer" || role === "follower") return nothing;
  return html`<span class="badge ${role}" title=${roleTexts[role]}
    >${role === "owner" ? broadcastIcon : shieldIcon}<span class="hidden-text"
      >${roleTexts[role]}
    </span></span
  >`;
}

function run(part: MessageRun): TemplateResult | string {
  switch (part.kind) {
    case "text":
      return part.text;
    case "link":
      return html`<a href=${part.href} target="_blank" rel="noopener noreferrer nofollow ugc"
        >${part.text}</a
      >`;
    case "mention":
      return html`<span class=${part.isSelf ? "mention self" : "mention"}>${part.text}</span>`;
    case "emote":
      return html`<img
        class="emote"
        src=${part.url}
        alt=${part.code}
        title=${part.code}
        loading="lazy"
        decoding="async"
      />`;
  }
}
