/** Moments and spans as they read on the pages. English, as the rest. */

const DAY_MS = 86_400_000;

/** How long something took: "45 s", "12 min", "2 h 5 min". Milliseconds in. */
export function durationText(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** A place in a broadcast, as players show it: "0:00", "12:05", "1:02:03". Milliseconds in. */
export function positionText(positionMs: number): string {
  const all = Math.floor(Math.max(0, positionMs) / 1000);
  const seconds = String(all % 60).padStart(2, "0");
  const minutes = Math.floor(all / 60) % 60;
  const hours = Math.floor(all / 3600);
  return hours === 0 ? `${minutes}:${seconds}` : `${hours}:${String(minutes).padStart(2, "0")}:${seconds}`;
}

/** How long ago: "just now", "5 min ago", "3 h ago", "yesterday", "12 days ago", "8 months ago". */
export function agoText(momentMs: number, nowMs: number): string {
  const minutes = Math.floor(Math.max(0, nowMs - momentMs) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  if (days === 1) return "yesterday";
  if (days < 60) return `${days} days ago`;
  if (days < 730) return `${Math.floor(days / 30)} months ago`;
  return `${Math.floor(days / 365)} years ago`;
}

/** How long until: "in 12 min", "in 3 h", "in 5 days"; "now" for what is over. */
export function untilText(momentMs: number, nowMs: number): string {
  const leftMs = momentMs - nowMs;
  if (leftMs < 60_000) return leftMs <= 0 ? "now" : "in less than a minute";
  if (leftMs < 3_600_000) return `in ${Math.floor(leftMs / 60_000)} min`;
  if (leftMs < 2 * DAY_MS) return `in ${Math.floor(leftMs / 3_600_000)} h`;
  return `in ${Math.floor(leftMs / DAY_MS)} days`;
}

/** A day and a time in the reader's time zone: "21 Nov 2026, 17:05". */
export function momentText(momentMs: number, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    dateStyle: "medium",
    timeStyle: "short",
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(momentMs);
}

/** A number of things: countText(1, "viewer") is "1 viewer", countText(1200, "viewer") "1,200 viewers". */
export function countText(count: number, one: string, several = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : several}`;
}
