/** A message in runs: text, addresses, people it names, emotes. Pure. */

import { linkedText } from "../channels/linked-text.js";
import type { ChatMessage } from "./chat-message.js";

export type MessageRun =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string }
  | { readonly kind: "mention"; readonly text: string; readonly isSelf: boolean }
  | { readonly kind: "emote"; readonly code: string; readonly url: string };

interface Mark {
  readonly start: number;
  readonly end: number;
  readonly run: MessageRun;
}

/**
 * The message's text in runs, in order: emotes and names stand where the server has found them.
 *
 * Places that overlap, or that the text does not have, are passed over. `readerId` is the account
 * of who reads.
 */
export function messageRuns(
  { text, emotes, mentions }: Pick<ChatMessage, "text" | "emotes" | "mentions">,
  readerId: string | null,
): readonly MessageRun[] {
  const marks: Mark[] = [
    ...emotes.map(({ start, end, url }) => ({
      start,
      end,
      // As it was written, with its colons: so it is read out, and copied.
      run: { kind: "emote" as const, code: text.slice(start, end), url },
    })),
    ...mentions.map(({ start, end, accountId }) => ({
      start,
      end,
      run: {
        kind: "mention" as const,
        text: text.slice(start, end),
        isSelf: accountId === readerId,
      },
    })),
  ].sort((one, other) => one.start - other.start);
  const runs: MessageRun[] = [];
  let place = 0;
  for (const { start, end, run } of marks) {
    if (start < place || end <= start || end > text.length) continue;
    runs.push(...plain(text.slice(place, start)), run);
    place = end;
  }
  return [...runs, ...plain(text.slice(place))];
}

function plain(text: string): MessageRun[] {
  return linkedText(text).map(({ text: part, href }) =>
    href === null ? { kind: "text", text: part } : { kind: "link", text: part, href },
  );
}
