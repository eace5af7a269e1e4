import { ApiProblem } from "../api/api-problem.js";
import { newIdempotencyKey } from "../api/idempotency.js";
import { api } from "../api/server.js";
import type { EventOf } from "../events/event-types.js";
import type { ChatMessage, ChatRole } from "./chat-message.js";
import { messageOf } from "./chat-message.js";
import type { ChatRoom, ChatRules, Emote, Refusal, Sent } from "./chat-room.js";

interface Loose {
  get(path: string, request: object): Promise<{ body: unknown; etag: string | null }>;
  post(path: string, request: object): Promise<{ body: unknown }>;
  delete(path: string, request: object): Promise<{ body: unknown }>;
}

const loose = api as unknown as Loose;

interface RoomAnswer extends ChatRules {
  readonly standing: {
    readonly role: ChatRole;
    readonly mayWrite: boolean;
    readonly refusal: { readonly code: string; readonly text: string; readonly retryAfterS: number | null } | null;
  };
}

interface Page {
  readonly items: readonly ChatMessage[];
  readonly next: string | null;
}

/** What the API's operations of rooms answer, in the pages' own words. */
export const chatApi = {
  async room(channel: string, signal: AbortSignal): Promise<ChatRoom> {
    const { body } = (await loose.get("/channels/{channel}/chat", { path: { channel }, signal })) as {
      body: RoomAnswer;
    };
    const { standing, ...rules } = body;
    const { refusal } = standing;
    return {
      rules,
      role: standing.role,
      refusal: refusal === null ? null : refusalOf(refusal.code, refusal.text, refusal.retryAfterS),
    };
  },

  /** A page of what was said, in order, before a message or up to now. */
  async messages(channel: string, before: string | null, limit: number, signal: AbortSignal): Promise<Page> {
    const { body } = (await loose.get("/channels/{channel}/chat/messages", {
      path: { channel },
      query: before === null ? { limit } : { before, limit },
      signal,
    })) as { body: { items: readonly EventOf<"chat.message">[]; next: string | null } };
    return { items: body.items.map(messageOf), next: body.next };
  },

  async emotes(channel: string, signal: AbortSignal): Promise<readonly Emote[]> {
    const { body } = (await loose.get("/channels/{channel}/chat/emotes", {
      path: { channel },
      signal,
    })) as { body: { items: readonly Emote[] } };
    return body.items;
  },

  /** Says something where no command gets through. Throws what the API throws, but for refusals. */
  async say(channel: string, text: string, replyTo: string | null): Promise<Sent> {
    try {
      const { body } = (await loose.post("/channels/{channel}/chat/messages", {
        path: { channel },
        body: { text, replyTo },
        idempotencyKey: newIdempotencyKey(),
      })) as { body: { answer?: string | null } | undefined };
      return { kind: "said", answer: body?.answer ?? "" };
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status >= 500) throw error;
      return {
        kind: "refused",
        refusal: refusalOf(error.code, error.detail ?? error.message, error.retryAfterMs / 1000),
      };
    }
  },

  async delete(channel: string, message: string, signal: AbortSignal): Promise<void> {
    await loose.delete("/channels/{channel}/chat/messages/{message}", { path: { channel, message }, signal });
  },

  async report(channel: string, message: string, reason: string, signal: AbortSignal): Promise<void> {
    await loose.post("/channels/{channel}/chat/messages/{message}/reports", {
      path: { channel, message },
      body: { reason },
      signal,
    });
  },

  /** Shuts somebody out for some seconds, or until it is lifted if they are null. */
  async sanction(
    channel: string,
    accountId: string,
    seconds: number | null,
    reason: string,
    signal: AbortSignal,
  ): Promise<void> {
    await loose.post("/channels/{channel}/chat/sanctions", {
      path: { channel },
      body: { accountId, seconds, reason },
      idempotencyKey: newIdempotencyKey(),
      signal,
    });
  },
};

/** A refusal as the server says it; `retryAfterS` where waiting helps. */
export function refusalOf(code: string, text: string, retryAfterS: number | null): Refusal {
  const mayWait = retryAfterS !== null && retryAfterS > 0;
  return { code, text, untilMs: mayWait ? Date.now() + retryAfterS * 1000 : null };
}
