import type { LiveEvent } from "./event-types.js";

/** How much of what was missed is told after a subscription. */
export type Resumed = "exact" | "facts" | "none";

/** What the server says on a WebSocket, or as server-sent events, apart from events. */
export type Reply =
  | {
      readonly type: "welcome";
      readonly id?: string;
      readonly account?: string;
      readonly pingS?: number;
      readonly resumed?: Resumed;
    }
  | {
      readonly type: "subscribed";
      readonly ref?: number;
      readonly topics: readonly string[];
      readonly refused: readonly { readonly topic: string; readonly code: string }[];
      readonly resumed?: Resumed;
    }
  | { readonly type: "unsubscribed"; readonly topics: readonly string[]; readonly reason: string }
  | { readonly type: "pong" }
  | { readonly type: "end"; readonly code: number }
  | {
      readonly type: "said" | "error";
      readonly ref?: number;
      readonly code?: string;
      readonly text?: string;
      readonly answer?: string;
      readonly retryAfterS?: number;
    };

/** Newer servers tell events that these pages do not know: who hears one looks at its type. */
export type WireMessage = Reply | LiveEvent;

/** Reads a message; null for what is none. The server is ours: what is within it is trusted. */
export function readMessage(text: unknown): WireMessage | null {
  if (typeof text !== "string") return null;
  try {
    const read: unknown = JSON.parse(text);
    return isMessage(read) ? read : null;
  } catch {
    return null;
  }
}

/** Whether it is an event: it has a place among others, and was told on topics. */
export function isEvent(message: WireMessage): message is LiveEvent {
  return "id" in message && "topics" in message;
}

function isMessage(read: unknown): read is WireMessage {
  return typeof read === "object" && read !== null && "type" in read && typeof read.type === "string";
}
