import type { Notification } from "../api/notification-names.js";
import { channelPath } from "../route.js";

/** Where more is to be found about what is told of a channel. */
export function newsPath(kind: Notification["kind"], channel: string): string {
  return kind === "webhook" ? `/dashboard${channelPath(channel)}/webhooks` : channelPath(channel);
}
