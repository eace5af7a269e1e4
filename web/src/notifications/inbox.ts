import { api } from "../api/server.js";
import { eventLine } from "../events/current.js";
import type { EventOf } from "../events/event-types.js";
import { session } from "../session/current.js";

/** Something about notifications has changed. */
export interface InboxListener {
  readonly onChange?: () => void;
  /** One has come in at this moment. */
  readonly onAdded?: (event: EventOf<"notification.added">) => void;
}

/** How many notifications of whoever is signed in are unread, for all parts of the page. */
class Inbox {
  /** At most a hundred or so; the server counts no further. */
  unread = 0;
  readonly #listeners = new Set<InboxListener>();
  #stopHearing: () => void = () => undefined;
  #person: string | null = null;
  #asking = new AbortController();

  /** Returns how to stop listening. */
  listen(listener: InboxListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins anew for whoever is signed in now. */
  follow(): void {
    const { state } = session;
    const person = state.kind === "signed-in" ? state.me.id : null;
    if (person === this.#person) return;
    this.#person = person;
    this.#stopHearing();
    this.#asking.abort();
    this.#asking = new AbortController();
    this.take(0);
    if (person === null) {
      this.#stopHearing = () => undefined;
      return;
    }
    void this.#count();
    this.#stopHearing = eventLine.hear("me", {
      onBegin: (resumed) => {
        if (resumed !== "exact") void this.#count();
      },
      onEvent: (event) => {
        if (event.type === "notification.added") {
          this.take(this.unread + 1);
          for (const listener of [...this.#listeners]) listener.onAdded?.(event);
        } else if (event.type === "notification.read") this.take(event.unread);
      },
    });
  }

  /** Takes a count that an answer has told. */
  take(unread: number): void {
    this.unread = unread;
    for (const listener of [...this.#listeners]) listener.onChange?.();
  }

  async #count(): Promise<void> {
    const { signal } = this.#asking;
    try {
      const { body } = await api.get("/me/notifications/unread", { signal });
      if (!signal.aborted) this.take(body.unread);
    } catch {
      // The bell shows what it knew; the next connection counts again.
    }
  }
}

/** The notifications of this page. */
export const inbox = new Inbox();

session.subscribe(() => {
  inbox.follow();
});
inbox.follow();
