/** What may stand as a channel's name in an address. */

const PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** First path segments that belong to the server or to pages of the platform itself. */
const RESERVED: ReadonlySet<string> = new Set([
  "api",
  "live",
  "assets",
  "health",
  "ready",
  "metrics",
  "ws",
  "events",
  "dashboard",
  "videos",
  "settings",
  "admin",
  "embed",
]);

/** Says whether a channel of this name could exist; reserved words do not differ by case. */
export function isChannelName(name: string): boolean {
  return PATTERN.test(name) && !RESERVED.has(name.toLowerCase());
}
