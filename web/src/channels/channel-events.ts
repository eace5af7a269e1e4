import type { ReactiveControllerHost } from "lit";

import type { LiveEvent } from "../events/event-types.js";
import { TopicWatch } from "../events/topic-watch.js";

/** What a channel's page does when something happens. */
export interface ChannelReactions {
  /** The show has begun or ended. */
  readonly onShow: () => void;
  /** The channel says something else of itself. */
  readonly onChange: (title: string, category: string | null) => void;
  /** Something may have been missed. */
  readonly onGap: () => void;
}

/** Hears of one channel while its page is shown, so that it need not ask again and again. */
export class ChannelEvents {
  /** How many watch; null until it is told. */
  viewers: number | null = null;
  readonly #host: ReactiveControllerHost;
  readonly #topic: TopicWatch;
  readonly #reactions: ChannelReactions;
  #channel: string | null = null;

  constructor(host: ReactiveControllerHost, reactions: ChannelReactions) {
    this.#host = host;
    this.#reactions = reactions;
    this.#topic = new TopicWatch(host, {
      onEvent: (event) => {
        this.#take(event);
      },
      onBegin: (resumed) => {
        if (resumed !== "exact") reactions.onGap();
      },
    });
  }

  /** Whether what happens is told at the moment. */
  get areTold(): boolean {
    return this.#topic.isTold;
  }

  /** Hears of this channel from now on; of none if it is null. `leave` is a shared link's token. */
  hear(channel: string | null, leave: string | null = null): void {
    if (channel !== this.#channel) this.viewers = null;
    this.#channel = channel;
    this.#topic.hear(channel === null ? null : `channel:${channel}`, leave);
  }

  #take(event: LiveEvent): void {
    switch (event.type) {
      case "channel.live":
        this.#reactions.onShow();
        break;
      case "channel.offline":
        this.viewers = null;
        this.#reactions.onShow();
        break;
      case "channel.changed":
        this.#reactions.onChange(event.title, event.category);
        break;
      case "channel.viewers":
        this.viewers = event.viewers;
        break;
      default:
        return;
    }
    this.#host.requestUpdate();
  }
}
