/**
 * Shows what the server pushes while no page of it is looked at, and opens the channel.
 *
 * Keeps nothing and answers no request: pages load as if it were not there.
 */

import { pushAlertTexts } from "../texts/push-alerts.js";

/** What there is of a service worker's world here; the library's types for it exclude the page's. */
interface Client {
  readonly url: string;
  readonly focused: boolean;
  focus(): Promise<unknown>;
  navigate(url: string): Promise<unknown>;
}

interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface PushedEvent extends WorkerEvent {
  readonly data: { json(): unknown } | null;
}

interface ClickedEvent extends WorkerEvent {
  readonly notification: Notification;
}

interface Scope extends EventTarget {
  readonly location: Location;
  readonly registration: {
    showNotification(title: string, options: NotificationOptions & { renotify?: boolean }): Promise<void>;
  };
  readonly clients: {
    matchAll(options: { type: "window"; includeUncontrolled: boolean }): Promise<readonly Client[]>;
    openWindow(url: string): Promise<unknown>;
    claim(): Promise<void>;
  };
  skipWaiting(): Promise<void>;
}

interface Alert {
  readonly kind: keyof typeof pushAlertTexts;
  readonly channel: string;
  readonly title: string;
}

const CHANNEL = /^[a-z0-9_-]{1,64}$/;
/** Begins the tag of what is told of a channel's webhooks; no channel's name has a colon. */
const WEBHOOK = "webhook:";
const scope = self as unknown as Scope;

scope.addEventListener("install", (event) => {
  (event as WorkerEvent).waitUntil(scope.skipWaiting());
});

scope.addEventListener("activate", (event) => {
  (event as WorkerEvent).waitUntil(scope.clients.claim());
});

scope.addEventListener("push", (event) => {
  const { data } = event as PushedEvent;
  (event as WorkerEvent).waitUntil(show(data));
});

scope.addEventListener("notificationclick", (event) => {
  const { notification } = event as ClickedEvent;
  notification.close();
  (event as WorkerEvent).waitUntil(open(notification.tag));
});

async function show(data: PushedEvent["data"]): Promise<void> {
  const alert = alertOf(data);
  if (alert === null) return;
  const pages = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  // Who looks at a page of this server is told there.
  if (pages.some(({ focused }) => focused)) return;
  await scope.registration.showNotification(pushAlertTexts[alert.kind](alert.channel), {
    body: alert.title,
    // One for each channel, and one for its webhooks: a later one takes the place of an earlier one.
    tag: alert.kind === "webhook" ? WEBHOOK + alert.channel : alert.channel,
    renotify: true,
  });
}

async function open(tag: string): Promise<void> {
  const isOfWebhook = tag.startsWith(WEBHOOK);
  const channel = isOfWebhook ? tag.slice(WEBHOOK.length) : tag;
  if (!CHANNEL.test(channel)) return;
  const path = isOfWebhook ? `/dashboard/${channel}/webhooks` : `/${channel}`;
  const url = new URL(path, scope.location.origin).href;
  const pages = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => page.url.split(/[?#]/)[0] === url);
  await (there === undefined ? scope.clients.openWindow(url) : there.focus());
}

/** What was pushed; null for what this version does not know. */
function alertOf(data: PushedEvent["data"]): Alert | null {
  try {
    const read = data?.json() as Partial<Alert> | null | undefined;
    const { kind, channel, title } = read ?? {};
    if (kind === undefined || !Object.hasOwn(pushAlertTexts, kind)) return null;
    if (typeof channel !== "string" || !CHANNEL.test(channel)) return null;
    return { kind, channel, title: typeof title === "string" ? title : "" };
  } catch {
    return null;
  }
}
