import type { EventOf } from "../events/event-types.js";

type Told = EventOf<"chat.message">;

export type Author = Told["author"];
/** Who is somebody to the room. */
export type ChatRole = Author["role"];
export type EmoteSpan = Told["emotes"][number];
export type MentionSpan = Told["mentions"][number];
export type RepliedMessage = NonNullable<Told["replyTo"]>;

/** Something that was said in a room. */
export interface ChatMessage {
  /** A number as text; what is said later has a larger one. */
  readonly id: string;
  readonly atMs: number;
  readonly author: Author;
  readonly text: string;
  readonly emotes: readonly EmoteSpan[];
  readonly mentions: readonly MentionSpan[];
  readonly replyTo: RepliedMessage | null;
  /** Said of oneself: "/me waves". */
  readonly isAction: boolean;
  readonly isDeleted: boolean;
}

/** A message as the server tells it, in an event or in the history. */
export function messageOf(told: Omit<Told, "type" | "version" | "id" | "topics" | "channel">): ChatMessage {
  const { messageId, at, author, text, emotes, mentions, replyTo, isAction } = told;
  return {
    id: messageId,
    atMs: Date.parse(at),
    author,
    text,
    emotes,
    mentions,
    replyTo,
    isAction,
    isDeleted: false,
  };
}

/** Which of two messages was said first: less than 0 for the first of them. */
export function compareIds(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}
