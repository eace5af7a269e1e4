import { CLOSE_CODES, reconnectDelayMs } from "./back-off.js";
import type { Carrier, OpenCarrier } from "./carrier.js";
import type { LiveCommand, LiveEvent } from "./event-types.js";
import { TopicCounts } from "./topic-counts.js";
import type { Reply, Resumed, WireMessage } from "./wire-message.js";
import { isEvent } from "./wire-message.js";

/** Attempts without a welcome before the other kind of connection is tried. */
const FAILURES_UNTIL_OTHER = 2;
/** How often a silent connection is asked for a sign of life, until the server has said. */
const USUAL_PING_MS = 25_000;
/** A page that comes back from sleep does not wait long to find out that its connection is dead. */
const DOUBT_MS = 4_000;
/** How long a command waits for its answer. */
const ANSWER_LIMIT_MS = 8_000;
/** How many events are known again, in case a resumption tells one that was told. */
const KNOWN_IDS = 512;

/** Somebody who hears of a topic. */
export interface TopicListener {
  readonly onEvent?: (event: LiveEvent) => void;
  /**
   * The topic is told from now on. "exact": nothing was missed. Else what is shown should be read
   * anew from the API: what happens from here on is told.
   */
  readonly onBegin?: (resumed: Resumed) => void;
  /** The topic is not told any more, or cannot be: "gone", "unknown", "sign-in"… */
  readonly onRefused?: (code: string) => void;
}

/** The answer to a command. */
export type Answer = Extract<Reply, { readonly type: "said" | "error" }>;

interface Hearing {
  readonly topic: string;
  readonly listener: TopicListener;
}

interface LineOptions {
  /** Ways to connect, the best one first. */
  readonly ways: readonly OpenCarrier[];
  /** Called when the server says that the log-in has ended. */
  readonly onSignedOut?: () => void;
  readonly tab?: EventTarget & { readonly hidden: boolean };
  readonly network?: EventTarget;
}

/**
 * The one connection of a page over which it hears what happens.
 *
 * Open while somebody wants a topic. Comes back after every end, resumes where it was, tells no
 * event twice, and says where some were missed. Nothing here throws.
 */
export class EventLine {
  readonly #options: LineOptions;
  readonly #tab: EventTarget & { readonly hidden: boolean };
  readonly #network: EventTarget;
  readonly #wanted = new TopicCounts();
  /** Tokens of shared links by which topics are heard. */
  readonly #leaves = new Map<string, string>();
  readonly #hearings = new Set<Hearing>();
  readonly #watchers = new Set<() => void>();
  readonly #answers = new Map<number, (answer: Answer | null) => void>();
  readonly #knownIds = new Set<string>();
  /** Topics that the server tells on this connection. */
  readonly #told = new Set<string>();
  /** Topics that were told on the last connection and are to be resumed. */
  #interrupted = new Set<string>();
  #carrier: Carrier | null = null;
  #isWelcome = false;
  #lastId: string | null = null;
  #failures = 0;
  #way = 0;
  #ref = 0;
  #pingMs = USUAL_PING_MS;
  #awaitsSign = false;
  #isPermitted = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #pulse: ReturnType<typeof setTimeout> | undefined;
  #reopening: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#tab = options.tab ?? document;
    this.#network = options.network ?? window;
  }

  /** Whether events come in at the moment. */
  get isConnected(): boolean {
    return this.#isWelcome;
  }

  /** Whether a topic is told at the moment. */
  tells(topic: string): boolean {
    return this.#isWelcome && this.#told.has(topic);
  }

  /** Whether commands get through: not by server-sent events. */
  get takesCommands(): boolean {
    return this.#isWelcome && this.#carrier?.takesCommands === true;
  }

  /**
   * Hears of a topic until the returned function is called.
   *
   * `leave` is the token of a shared link, for who has no right of their own to hear of it.
   */
  hear(topic: string, listener: TopicListener, leave: string | null = null): () => void {
    const hearing = { topic, listener };
    this.#hearings.add(hearing);
    if (leave !== null) this.#leaves.set(topic, leave);
    if (this.#wanted.add(topic)) this.#begin(topic);
    else if (this.tells(topic)) {
      queueMicrotask(() => {
        if (this.#hearings.has(hearing)) listener.onBegin?.("none");
      });
    }
    return () => {
      if (!this.#hearings.delete(hearing)) return;
      if (this.#wanted.remove(topic)) this.#end(topic);
    };
  }

  /** Is called whenever the connection comes or goes. Returns how to stop that. */
  watch(onChange: () => void): () => void {
    this.#watchers.add(onChange);
    return () => this.#watchers.delete(onChange);
  }

  /** Sends a command and waits for its answer; null if there was none, or nobody to ask. */
  ask(command: LiveCommand): Promise<Answer | null> {
    if (!this.takesCommands) return Promise.resolve(null);
    this.#ref += 1;
    const ref = this.#ref;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#answers.get(ref)?.(null);
      }, ANSWER_LIMIT_MS);
      this.#answers.set(ref, (answer) => {
        clearTimeout(timer);
        this.#answers.delete(ref);
        resolve(answer);
      });
      this.#carrier?.send({ ...command, ref });
    });
  }

  /** Connects from now on, as whoever the browser's cookie says: it is known who that is. */
  permit(): void {
    if (this.#isPermitted) {
      this.#drop();
      this.#failures = 0;
    } else {
      this.#isPermitted = true;
      this.#tab.addEventListener("visibilitychange", this.#onWaking);
      this.#network.addEventListener("online", this.#onWaking);
      this.#network.addEventListener("pageshow", this.#onWaking);
    }
    this.#connect();
  }

  /** Ends the connection, and opens none until it is permitted again. */
  forbid(): void {
    this.#isPermitted = false;
    this.#tab.removeEventListener("visibilitychange", this.#onWaking);
    this.#network.removeEventListener("online", this.#onWaking);
    this.#network.removeEventListener("pageshow", this.#onWaking);
    this.#drop();
  }

  #begin(topic: string): void {
    if (this.#carrier === null) this.#connect();
    else if (!this.#carrier.takesCommands) this.#reopenSoon();
    else if (this.#isWelcome) this.#subscribe([topic], null);
  }

  #end(topic: string): void {
    this.#told.delete(topic);
    this.#interrupted.delete(topic);
    this.#leaves.delete(topic);
    if (this.#wanted.topics.length === 0) this.#drop();
    else if (this.#isWelcome) this.#carrier?.send({ type: "unsubscribe", topics: [topic] });
  }

  #connect(): void {
    clearTimeout(this.#retry);
    if (this.#carrier !== null || !this.#isPermitted || this.#wanted.topics.length === 0) return;
    const open = this.#options.ways[this.#way % this.#options.ways.length];
    if (open === undefined) return;
    // An address is no place for a leave: event streams are not asked for what needs one.
    const topics = this.#wanted.topics.filter((topic) => !this.#leaves.has(topic));
    const carrier: Carrier = open(topics, this.#lastId, {
      onMessage: (message) => {
        if (this.#carrier === carrier) this.#hearMessage(message);
      },
      onEnd: (code) => {
        if (this.#carrier === carrier) this.#comeBack(code);
      },
    });
    this.#carrier = carrier;
  }

  #hearMessage(message: WireMessage): void {
    this.#awaitsSign = false;
    if (isEvent(message)) {
      this.#tell(message);
      return;
    }
    switch (message.type) {
      case "welcome":
        if (message.pingS !== undefined) this.#pingMs = message.pingS * 1000;
        this.#welcome(message.id ?? null, message.resumed);
        break;
      case "subscribed":
        for (const topic of message.topics) this.#started(topic, message.resumed ?? "none");
        for (const { topic, code } of message.refused) this.#refuse(topic, code);
        break;
      case "unsubscribed":
        if (message.reason === "asked") break;
        for (const topic of message.topics) this.#refuse(topic, message.reason);
        break;
      case "said":
      case "error":
        if (message.ref !== undefined) this.#answers.get(message.ref)?.(message);
        break;
      case "pong":
      case "end":
        break;
    }
  }

  #welcome(id: string | null, resumed: Resumed | undefined): void {
    const after = this.#lastId;
    this.#failures = 0;
    this.#isWelcome = true;
    this.#told.clear();
    if (this.#carrier?.takesCommands === true) {
      const { topics } = this.#wanted;
      const again = topics.filter((topic) => after !== null && this.#interrupted.has(topic));
      this.#subscribe(again, after);
      this.#subscribe(topics.filter((topic) => !again.includes(topic)), null);
      this.#watchPulse();
    } else {
      for (const topic of this.#wanted.topics) {
        if (this.#leaves.has(topic)) continue;
        this.#started(topic, this.#interrupted.has(topic) ? (resumed ?? "none") : "none");
      }
    }
    // Nothing may be told before the connection breaks: then this is where to go on.
    this.#lastId = after ?? id;
    this.#notifyWatchers();
  }

  #subscribe(topics: readonly string[], after: string | null): void {
    if (topics.length === 0) return;
    this.#ref += 1;
    const leave = topics.map((topic) => this.#leaves.get(topic)).find((found) => found !== undefined);
    this.#carrier?.send({
      type: "subscribe",
      topics,
      ref: this.#ref,
      ...(after === null ? {} : { after }),
      ...(leave === undefined ? {} : { leave }),
    });
  }

  #started(topic: string, resumed: Resumed): void {
    if (!this.#wanted.has(topic)) return;
    this.#told.add(topic);
    this.#interrupted.delete(topic);
    for (const { topic: heard, listener } of [...this.#hearings]) {
      if (heard === topic) listener.onBegin?.(resumed);
    }
    this.#notifyWatchers();
  }

  #refuse(topic: string, code: string): void {
    this.#told.delete(topic);
    this.#interrupted.delete(topic);
    for (const { topic: heard, listener } of [...this.#hearings]) {
      if (heard === topic) listener.onRefused?.(code);
    }
  }

  #tell(event: LiveEvent): void {
    this.#lastId = event.id;
    // Several events of one fact share an id when they are told from the database.
    const known = `${event.id} ${event.type} ${event.topics.join(" ")}`;
    if (this.#knownIds.has(known)) return;
    this.#knownIds.add(known);
    if (this.#knownIds.size > KNOWN_IDS) {
      const [oldest] = this.#knownIds;
      if (oldest !== undefined) this.#knownIds.delete(oldest);
    }
    for (const { topic, listener } of [...this.#hearings]) {
      if (event.topics.includes(topic)) listener.onEvent?.(event);
    }
  }

  #comeBack(code: number): void {
    const wasWelcome = this.#isWelcome;
    this.#leave();
    if (wasWelcome) this.#failures = 0;
    else {
      this.#failures += 1;
      if (this.#failures % FAILURES_UNTIL_OTHER === 0) this.#way += 1;
    }
    if (code === CLOSE_CODES.signedOut) this.#options.onSignedOut?.();
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#connect();
    }, reconnectDelayMs(this.#failures, code, Math.random()));
    this.#notifyWatchers();
  }

  #drop(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#reopening);
    this.#carrier?.close();
    this.#leave();
    this.#notifyWatchers();
  }

  #leave(): void {
    for (const topic of this.#told) this.#interrupted.add(topic);
    this.#told.clear();
    this.#carrier = null;
    this.#isWelcome = false;
    this.#awaitsSign = false;
    clearTimeout(this.#pulse);
    for (const answer of [...this.#answers.values()]) answer(null);
  }

  /** A stream of server-sent events cannot be asked for more: another one takes its place. */
  #reopenSoon(): void {
    clearTimeout(this.#reopening);
    this.#reopening = setTimeout(() => {
      this.#drop();
      this.#connect();
    }, 50);
  }

  /** Asks for a sign of life now and then. Timers of hidden pages are late: ticks are counted. */
  #watchPulse(delayMs = this.#pingMs): void {
    clearTimeout(this.#pulse);
    this.#pulse = setTimeout(() => {
      if (this.#awaitsSign) {
        this.#carrier?.close();
        this.#comeBack(CLOSE_CODES.goingAway);
        return;
      }
      this.#awaitsSign = true;
      this.#carrier?.send({ type: "ping" });
      this.#watchPulse();
    }, delayMs);
  }

  readonly #onWaking = (): void => {
    if (this.#tab.hidden) return;
    if (this.#carrier === null) {
      this.#connect();
    } else if (this.#isWelcome && this.#carrier.takesCommands) {
      this.#awaitsSign = true;
      this.#carrier.send({ type: "ping" });
      this.#watchPulse(DOUBT_MS);
    }
  };

  #notifyWatchers(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
