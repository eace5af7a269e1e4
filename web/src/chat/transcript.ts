/** What has been said in a room, in order, as far as this page knows it. Pure. */

import type { ChatMessage } from "./chat-message.js";
import { compareIds } from "./chat-message.js";

/** A message and its place: places go up by one, and stay when older messages are added. */
export interface PlacedMessage {
  readonly place: number;
  readonly message: ChatMessage;
}

/**
 * Messages in the order in which they were said, each once, wherever they come from: history, the
 * event line, answers to what was said here.
 */
export class Transcript {
  #messages: ChatMessage[] = [];
  /** The place of the first one. */
  #first = 0;
  readonly #ids = new Set<string>();
  /** Deleted before they came: history that was under way when they were. */
  readonly #deletedEarly = new Set<string>();

  get first(): number {
    return this.#first;
  }

  /** The place after the last one. */
  get end(): number {
    return this.#first + this.#messages.length;
  }

  get oldest(): ChatMessage | null {
    return this.#messages[0] ?? null;
  }

  /** The messages at places from `from` up to but not including `until`. */
  slice(from: number, until: number): readonly PlacedMessage[] {
    const start = Math.max(from - this.#first, 0);
    const part = this.#messages.slice(start, Math.max(until - this.#first, 0));
    return part.map((message, index) => ({ place: this.#first + start + index, message }));
  }

  find(id: string): ChatMessage | null {
    return this.#ids.has(id) ? (this.#messages.find((message) => message.id === id) ?? null) : null;
  }

  /** Adds what was said last. Returns how many messages are new. */
  add(messages: readonly ChatMessage[]): number {
    let count = 0;
    for (const message of messages) {
      if (this.#ids.has(message.id)) continue;
      this.#insert(this.#deletedEarly.has(message.id) ? gone(message) : message);
      count += 1;
    }
    return count;
  }

  /** Puts older messages before those that are here. Returns how many are new. */
  addOlder(messages: readonly ChatMessage[]): number {
    const fresh = messages
      .filter(({ id }) => !this.#ids.has(id))
      .map((message) => (this.#deletedEarly.has(message.id) ? gone(message) : message))
      .sort(inOrder);
    for (const { id } of fresh) this.#ids.add(id);
    this.#messages.unshift(...fresh);
    this.#first -= fresh.length;
    return fresh.length;
  }

  /** Takes a message's words away. Its line stays: what was answered to it stays readable. */
  delete(id: string): void {
    if (!this.#ids.has(id)) this.#deletedEarly.add(id);
    this.#change((message) => message.id === id);
  }

  /** Takes away all that one person has said, or everybody. */
  clear(accountId: string | null): void {
    this.#change(({ author }) => accountId === null || author.accountId === accountId);
  }

  /** Forgets the oldest messages beyond a number. */
  keep(count: number): void {
    const gone = this.#messages.splice(0, Math.max(0, this.#messages.length - count));
    for (const { id } of gone) this.#ids.delete(id);
    this.#first += gone.length;
  }

  /** Forgets everything: too much was missed to join what comes to what is here. */
  reset(): void {
    this.#first = this.end;
    this.#messages = [];
    this.#ids.clear();
  }

  #insert(message: ChatMessage): void {
    this.#ids.add(message.id);
    let index = this.#messages.length;
    // Mostly the last one; a later event may overtake an answer by a moment.
    for (; index > 0; index -= 1) {
      const before = this.#messages[index - 1];
      if (before === undefined || inOrder(before, message) <= 0) break;
    }
    this.#messages.splice(index, 0, message);
  }

  #change(isMeant: (message: ChatMessage) => boolean): void {
    this.#messages = this.#messages.map((message) => (isMeant(message) ? gone(message) : message));
  }
}

function gone(message: ChatMessage): ChatMessage {
  return message.isDeleted
    ? message
    : { ...message, text: "", emotes: [], mentions: [], isDeleted: true };
}

function inOrder(one: ChatMessage, other: ChatMessage): number {
  return compareIds(one.id, other.id);
}
