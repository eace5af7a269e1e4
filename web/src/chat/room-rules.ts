import type { TemplateResult } from "lit";
import { html, nothing } from "lit";

import { ruleTexts } from "../texts/chat.js";
import { durationText } from "../texts/spans.js";
import type { ChatRules } from "./chat-room.js";

/** The rules of a room that are not the usual ones; nothing if there are none. */
export function roomRules(rules: ChatRules): TemplateResult | typeof nothing {
  const words = ruleWords(rules);
  if (words.length === 0) return nothing;
  return html`<ul class="rules">
    ${words.map((rule) => html`<li>${rule}</li>`)}
  </ul>`;
}

function ruleWords({ slowModeS, followersOnlyMinutes, verifiedOnly }: ChatRules): string[] {
  const words: string[] = [];
  if (slowModeS > 0) words.push(ruleTexts.slow(durationText(slowModeS * 1000)));
  if (followersOnlyMinutes === 0) words.push(ruleTexts.followers);
  else if (followersOnlyMinutes !== null) {
    words.push(ruleTexts.followersSince(durationText(followersOnlyMinutes * 60_000)));
  }
  if (verifiedOnly) words.push(ruleTexts.verified);
  return words;
}
