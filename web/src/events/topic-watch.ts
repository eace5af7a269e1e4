import type { ReactiveController, ReactiveControllerHost } from "lit";

import { eventLine } from "./current.js";
import type { TopicListener } from "./event-line.js";

/** Hears of one topic while its host is shown; which one may change. */
export class TopicWatch implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #listener: TopicListener;
  #topic: string | null = null;
  #leave: string | null = null;
  #stop: () => void = () => undefined;
  #stopWatching: () => void = () => undefined;

  constructor(host: ReactiveControllerHost, listener: TopicListener) {
    this.#host = host;
    this.#listener = listener;
    host.addController(this);
  }

  /** Whether the topic is told at the moment: then nothing needs to be asked for again and again. */
  get isTold(): boolean {
    return this.#topic !== null && eventLine.tells(this.#topic);
  }

  /** Hears of this topic from now on; of none if it is null. `leave` is a shared link's token. */
  hear(topic: string | null, leave: string | null = null): void {
    if (topic === this.#topic && leave === this.#leave) return;
    this.#stop();
    this.#topic = topic;
    this.#leave = leave;
    this.#stop = topic === null ? () => undefined : eventLine.hear(topic, this.#listener, leave);
  }

  hostConnected(): void {
    this.#stopWatching = eventLine.watch(() => {
      this.#host.requestUpdate();
    });
  }

  hostDisconnected(): void {
    this.#stopWatching();
    this.hear(null);
  }
}
