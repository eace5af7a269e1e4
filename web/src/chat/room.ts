import type { ReactiveController, ReactiveControllerHost } from "lit";

import { ApiProblem } from "../api/api-problem.js";
import { eventLine } from "../events/current.js";
import type { LiveEvent } from "../events/event-types.js";
import type { Resumed } from "../events/wire-message.js";
import { chatApi, refusalOf } from "./chat-api.js";
import type { ChatMessage } from "./chat-message.js";
import { messageOf } from "./chat-message.js";
import type { ChatRoom, Emote, Refusal, Sent } from "./chat-room.js";
import { Transcript } from "./transcript.js";

/** What is kept while the newest messages are looked at, and at most while reading back. */
const KEPT_AT_THE_END = 400;
const KEPT_AT_MOST = 3_000;
const PAGE = 50;
/** Most connections are back before anybody would notice. */
const LOST_MS = 3_000;
/** After a question that nobody answered. */
const RETRY_MS = 5_000;

/** What a room tells whoever shows it. */
export interface RoomListener {
  /** Messages were added at the end; `count` of them. */
  readonly onSaid?: (messages: readonly ChatMessage[]) => void;
  /** All is another: the room, or what is known of it. */
  readonly onReset?: () => void;
}

/**
 * One chat room: what is said in it, its rules, and what one may do.
 *
 * Hears first and reads history then, so that nothing falls between.
 */
export class Room implements ReactiveController {
  readonly transcript = new Transcript();
  /** Null until the server has said. */
  room: ChatRoom | null = null;
  emotes: readonly Emote[] = [];
  error: unknown = null;
  isReadingOlder = false;
  hasOlder = false;
  /** Whether what is said now comes in. */
  isHeard = false;
  /** It came in, and does not any more. */
  isLost = false;
  /** Changes with whatever is shown of the messages. */
  revision = 0;

  readonly #host: ReactiveControllerHost;
  readonly #listener: RoomListener;
  #channel: string | null = null;
  /** The token of the shared link that its reader came by. */
  #token: string | null = null;
  #stop: () => void = () => undefined;
  #stopWatching: () => void = () => undefined;
  #asking = new AbortController();
  #doubting: ReturnType<typeof setTimeout> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The reader looks at the newest messages: older ones need not be kept. */
  isAtEnd = true;

  constructor(host: ReactiveControllerHost, listener: RoomListener = {}) {
    this.#host = host;
    this.#listener = listener;
    host.addController(this);
  }

  readonly #lose = (): void => {
    this.isLost = this.#channel !== null && !this.isHeard;
    this.#host.requestUpdate();
  };

  get channel(): string {
    return this.#channel ?? "";
  }

  hostConnected(): void {
    this.#stopWatching = eventLine.watch(() => {
      const isHeard = this.#channel !== null && eventLine.tells(topicOf(this.#channel));
      if (isHeard === this.isHeard) return;
      this.isHeard = isHeard;
      clearTimeout(this.#doubting);
      if (isHeard) this.isLost = false;
      else this.#doubting = setTimeout(this.#lose, LOST_MS);
      this.#host.requestUpdate();
    });
  }

  hostDisconnected(): void {
    this.#stopWatching();
    this.enter(null);
  }

  /** Goes into another room, or out of this one; by a shared link's token, if there is one. */
  enter(channel: string | null, token: string | null = null): void {
    if (channel === this.#channel && token === this.#token) return;
    this.#leave();
    this.#channel = channel;
    this.#token = token;
    if (channel === null) return;
    const listener = {
      onBegin: (resumed: Resumed) => {
        this.#begin(resumed);
      },
      onEvent: (event: LiveEvent) => {
        this.#hear(event);
      },
      onRefused: () => {
        this.isHeard = false;
        this.#host.requestUpdate();
      },
    };
    this.#stop = eventLine.hear(topicOf(channel), listener, token);
    // Where no event comes through, the history of the room is still there.
    void this.#read(false);
  }

  /** Reads again what one may do here: somebody has signed in, or followed. */
  async refresh(): Promise<void> {
    if (this.#channel === null) return;
    const { signal } = this.#asking;
    try {
      const room = await chatApi.room(this.#channel, this.#token, signal);
      if (signal.aborted) return;
      this.room = room;
      this.error = null;
    } catch (error) {
      if (!signal.aborted) this.error = error;
    }
    this.#host.requestUpdate();
  }

  /** Reads messages before the oldest. Returns how many came. */
  async readOlder(): Promise<number> {
    if (this.isReadingOlder || !this.hasOlder || this.#channel === null) return 0;
    const { signal } = this.#asking;
    this.isReadingOlder = true;
    this.#host.requestUpdate();
    try {
      const oldest = this.transcript.oldest?.id ?? null;
      const page = await chatApi.messages(this.#channel, oldest, PAGE, this.#token, signal);
      if (signal.aborted) return 0;
      this.hasOlder = page.more && this.#size < KEPT_AT_MOST;
      return this.transcript.addOlder(page.items);
    } catch {
      return 0;
    } finally {
      if (!signal.aborted) {
        this.isReadingOlder = false;
        this.#host.requestUpdate();
      }
    }
  }

  /** Says something. Throws what the API throws; what the room refuses is an answer. */
  async say(text: string, replyTo: string | null): Promise<Sent> {
    const { channel } = this;
    const answer = await eventLine.ask({ type: "say", channel, text, replyTo });
    if (answer === null) return chatApi.say(channel, text, replyTo);
    if (answer.type === "said") return { kind: "said", answer: answer.answer ?? "" };
    const { code = "", text: why = "", retryAfterS = null } = answer;
    return { kind: "refused", refusal: refusalOf(code, why, retryAfterS) };
  }

  /** Takes what the server has just refused, so that the page says why one cannot write. */
  note(refusal: Refusal): void {
    if (this.room === null) return;
    this.room = { ...this.room, refusal };
    this.#host.requestUpdate();
  }

  async readEmotes(): Promise<void> {
    const { channel } = this;
    const { signal } = this.#asking;
    if (channel === "") return;
    try {
      const emotes = await chatApi.emotes(channel, signal);
      if (signal.aborted) return;
      this.emotes = emotes;
      this.#host.requestUpdate();
    } catch {
      // People write without them.
    }
  }

  get #size(): number {
    return this.transcript.end - this.transcript.first;
  }

  #leave(): void {
    this.#stop();
    this.#stop = () => undefined;
    this.#asking.abort();
    this.#asking = new AbortController();
    clearTimeout(this.#timer);
    clearTimeout(this.#doubting);
    this.transcript.reset();
    this.room = null;
    this.emotes = [];
    this.error = null;
    this.isReadingOlder = false;
    this.hasOlder = false;
    this.isHeard = false;
    this.isLost = false;
    this.#listener.onReset?.();
  }

  #begin(resumed: Resumed): void {
    this.isHeard = true;
    // Something was missed: what is here may have a hole before what comes.
    if (resumed !== "exact") void this.#read(true);
    this.#host.requestUpdate();
  }

  async #read(isAgain: boolean): Promise<void> {
    const channel = this.#channel;
    if (channel === null) return;
    const { signal } = this.#asking;
    clearTimeout(this.#timer);
    try {
      const [room, page] = await Promise.all([
        chatApi.room(channel, this.#token, signal),
        chatApi.messages(channel, null, PAGE, this.#token, signal),
      ]);
      if (signal.aborted) return;
      this.room = room;
      this.error = null;
      this.#join(page.items, page.more, isAgain);
    } catch (error) {
      if (signal.aborted) return;
      this.error = error;
      const isOver = error instanceof ApiProblem && error.status < 500;
      if (!isOver) this.#timer = setTimeout(() => void this.#read(isAgain), RETRY_MS);
    }
    this.#host.requestUpdate();
  }

  /** Joins the newest page of history to what is here; starts anew if there is a hole between. */
  #join(page: readonly ChatMessage[], more: boolean, isAgain: boolean): void {
    const { transcript } = this;
    const touches = page.some(({ id }) => transcript.find(id) !== null);
    if (isAgain && this.#size > 0 && !touches && more) {
      transcript.reset();
      this.#listener.onReset?.();
    }
    if (!touches) this.hasOlder = more;
    transcript.add(page);
    this.revision += 1;
    this.#listener.onSaid?.([]);
  }

  #hear(event: LiveEvent): void {
    switch (event.type) {
      case "chat.message": {
        const message = messageOf(event);
        if (this.transcript.add([message]) === 0) return;
        if (this.isAtEnd) this.#forgetOldest();
        this.#listener.onSaid?.([message]);
        break;
      }
      case "chat.deleted":
        this.transcript.delete(event.messageId);
        break;
      case "chat.cleared":
        this.transcript.clear(event.accountId);
        break;
      case "chat.emotes":
        if (this.emotes.length > 0) void this.readEmotes();
        return;
      case "chat.settings":
      case "chat.sanctioned":
        void this.refresh();
        break;
      default:
        return;
    }
    this.revision += 1;
    this.#host.requestUpdate();
  }

  #forgetOldest(): void {
    if (this.#size <= KEPT_AT_THE_END) return;
    this.transcript.keep(KEPT_AT_THE_END);
    this.hasOlder = true;
  }
}

export function topicOf(channel: string): string {
  return `chat:${channel}`;
}
