import { newIdempotencyKey } from "../api/idempotency.js";
import { api } from "../api/server.js";

const WORKER = "/service-worker.js";

/** Whether this browser is told of things when no page is open. */
export type PushState =
  /** The browser cannot. */
  | "unsupported"
  /** Browsers do it on pages with TLS alone. */
  | "insecure"
  /** The person has forbidden it; only the browser's own settings change that. */
  | "denied"
  | "off"
  | "on";

/** Finds out how things stand. Asks the person nothing. */
export async function pushState(): Promise<PushState> {
  if (!isSecureContext) return "insecure";
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  const registration = await navigator.serviceWorker.getRegistration("/");
  const subscription = await registration?.pushManager.getSubscription();
  return subscription && Notification.permission === "granted" ? "on" : "off";
}

/** Whether the person could be asked now, and has not been before. */
export async function mayAsk(): Promise<boolean> {
  return (await pushState()) === "off" && Notification.permission === "default";
}

/**
 * Asks the browser for leave, and the server to send alerts here.
 *
 * To be called by a press of a button: browsers ask their person for nothing else. Throws what the
 * API throws, and what browsers throw that have no push service.
 */
export async function turnOnPush(): Promise<PushState> {
  if ((await Notification.requestPermission()) !== "granted") return pushState();
  const registration = await navigator.serviceWorker.register(WORKER, { scope: "/" });
  const { body } = await api.get("/push/key", {});
  const ready = await navigator.serviceWorker.ready;
  const subscription = await ready.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: body.publicKey,
  });
  try {
    await offer(subscription);
  } catch (error) {
    // A browser that believes it is told of things, and is not, would say so for ever.
    await subscription.unsubscribe();
    await registration.unregister();
    throw error;
  }
  return "on";
}

/** Tells the server of a browser that has agreed; does nothing where none has. */
export async function renewPush(): Promise<void> {
  if ((await pushState()) !== "on") return;
  const registration = await navigator.serviceWorker.getRegistration("/");
  const subscription = await registration?.pushManager.getSubscription();
  if (subscription) await offer(subscription);
}

async function offer(subscription: PushSubscription): Promise<void> {
  const { endpoint = "", keys = {} } = subscription.toJSON();
  await api.post("/me/push-subscriptions", {
    body: { endpoint, keys: { p256dh: keys.p256dh ?? "", auth: keys.auth ?? "" } },
    idempotencyKey: newIdempotencyKey(),
  });
}

/** Lets this browser hear nothing more. The server forgets it when the next alert is refused. */
export async function turnOffPush(): Promise<PushState> {
  const registration = await navigator.serviceWorker.getRegistration("/");
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
  await registration?.unregister();
  return pushState();
}
