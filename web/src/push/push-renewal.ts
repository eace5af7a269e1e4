const KEY = "rillcast.push-renewed";

/**
 * Tells the server again, once for each person and day, that this browser may be sent alerts.
 *
 * The server forgets browsers with the log-in that they agreed by, and the browser does not hear
 * of it: whoever signs in again would believe that alerts come.
 */
export async function renewPushDaily(accountId: string | null): Promise<void> {
  if (accountId === null) {
    localStorage.removeItem(KEY);
    return;
  }
  const mark = `${accountId} ${new Date().toISOString().slice(0, 10)}`;
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  if (localStorage.getItem(KEY) === mark) return;
  const { renewPush } = await import("./push-consent.js");
  await renewPush();
  localStorage.setItem(KEY, mark);
}
