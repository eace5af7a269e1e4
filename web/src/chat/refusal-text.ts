import { refusalTexts, ruleTexts } from "../texts/chat.js";
import { momentText, untilText } from "../texts/spans.js";
import type { Refusal } from "./chat-room.js";

/** Below that the seconds are counted. */
const COUNTED_S = 120;

/** How many seconds there are to wait; 0 if the time is over, null if waiting does not help. */
export function secondsLeft({ untilMs }: Refusal, nowMs: number): number | null {
  return untilMs === null ? null : Math.max(0, Math.ceil((untilMs - nowMs) / 1000));
}

/** Why somebody may not write, and for how long, in words. */
export function refusalText(refusal: Refusal, nowMs: number): string {
  const words = refusalTexts[refusal.code] ?? refusal.text;
  const seconds = secondsLeft(refusal, nowMs);
  if (seconds === null || seconds === 0) return words;
  if (seconds <= COUNTED_S) return `${words} ${ruleTexts.wait(seconds)}.`;
  const untilMs = nowMs + seconds * 1000;
  return `${words} ${ruleTexts.ends(untilText(untilMs, nowMs), momentText(untilMs))}`;
}
