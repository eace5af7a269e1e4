import { ApiProblem } from "../api/api-problem.js";
import { newIdempotencyKey } from "../api/idempotency.js";
import type { components } from "../api/schema.js";
import { api } from "../api/server.js";
import type { ChatMessage } from "./chat-message.js";
import { messageOf } from "./chat-message.js";
import type { ChatRoom, Emote, Refusal, Sent } from "./chat-room.js";

type RoomView = components["schemas"]["ChatView"];

/** Messages in the order in which they were said; whether there are older ones. */
interface HistoryPage {
  readonly items: readonly ChatMessage[];
  readonly more: boolean;
}

/** What the API's operations of rooms answer, in the pages' own words. */
export const chatApi = {
  /** `leave` is the token of a shared link: who has one may read. */
  async room(channel: string, leave: string | null, signal: AbortSignal): Promise<ChatRoom> {
    const { body } = await api.get("/channels/{channel}/chat", { path: { channel }, leave, signal });
    return roomOf(body);
  },

  /** What was said last before a message, or up to now. */
  async messages(
    channel: string,
    before: string | null,
    limit: number,
    leave: string | null,
    signal: AbortSignal,
  ): Promise<HistoryPage> {
    const { body } = await api.get("/channels/{channel}/chat/messages", {
      path: { channel },
      query: before === null ? { limit } : { before, limit },
      leave,
      signal,
    });
    return { items: body.items.map(messageOf).reverse(), more: body.more };
  },

  async emotes(channel: string, signal: AbortSignal): Promise<readonly Emote[]> {
    const { body } = await api.get("/channels/{channel}/chat/emotes", { path: { channel }, signal });
    return body.items.map(({ code, pictures }) => ({
      code: `:${code}:`,
      url: pictures.at(-1)?.url ?? "",
    }));
  },

  /** Says something where no command gets through. Throws what the API throws, but for refusals. */
  async say(channel: string, text: string, replyTo: string | null): Promise<Sent> {
    try {
      const { body } = await api.post("/channels/{channel}/chat/messages", {
        path: { channel },
        body: { text, replyTo },
        idempotencyKey: newIdempotencyKey(),
      });
      return { kind: "said", answer: body.answer ?? "" };
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status >= 500) throw error;
      const { code, detail, message, retryAfterMs } = error;
      return { kind: "refused", refusal: refusalOf(code, detail ?? message, retryAfterMs / 1000) };
    }
  },

  async delete(channel: string, message: string, signal: AbortSignal): Promise<void> {
    await api.delete("/channels/{channel}/chat/messages/{message}", {
      path: { channel, message },
      signal,
    });
  },

  async report(channel: string, message: string, reason: string, signal: AbortSignal): Promise<void> {
    await api.post("/channels/{channel}/chat/messages/{message}/reports", {
      path: { channel, message },
      body: { reason },
      signal,
    });
  },

  /** Shuts somebody out for some seconds, or, if they are null, until it is lifted. */
  async sanction(
    channel: string,
    accountId: string,
    seconds: number | null,
    reason: string,
    signal: AbortSignal,
  ): Promise<void> {
    await api.post("/channels/{channel}/chat/sanctions", {
      path: { channel },
      body: { accountId, kind: seconds === null ? "ban" : "timeout", seconds, reason, clears: true },
      signal,
    });
  },
};

function roomOf({ standing, ...rules }: RoomView): ChatRoom {
  const { role, isStaff, mayRead, whyNot } = standing;
  return {
    rules,
    role,
    isStaff,
    mayRead,
    refusal:
      whyNot === null
        ? null
        : refusalOf(whyNot.code, whyNot.text, whyNot.retryAfterS, whyNot.reason),
  };
}

/** A refusal as the server says it; `retryAfterS` where waiting helps. */
export function refusalOf(
  code: string,
  text: string,
  retryAfterS: number | null,
  reason = "",
): Refusal {
  const mayWait = retryAfterS !== null && retryAfterS > 0;
  return { code, text, untilMs: mayWait ? Date.now() + retryAfterS * 1000 : null, reason };
}
