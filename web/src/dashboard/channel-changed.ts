import type { ChannelView } from "../api/channel-names.js";

/** An edit was accepted: the channel as it is now, and its new version. */
export class ChannelChangedEvent extends Event {
  static readonly type = "channel-changed";
  readonly view: ChannelView;
  readonly etag: string | null;

  constructor(view: ChannelView, etag: string | null) {
    super(ChannelChangedEvent.type, { bubbles: true, composed: true });
    this.view = view;
    this.etag = etag;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    [ChannelChangedEvent.type]: ChannelChangedEvent;
  }
}
