/**
 * Links by which an owner lets others watch: `/CHANNEL#link=TOKEN`.
 *
 * Behind "#", browsers keep it to themselves: no log of a server or proxy and no Referer holds it.
 */

const PREFIX = "#link=";
/** Letters of base64url; see `accounts.channels.playback_token`. */
const TOKEN = /^[A-Za-z0-9_-]{1,200}$/;

/** What stands behind an address for a link of this token. */
export function sharedLinkHash(token: string): string {
  return `${PREFIX}${token}`;
}

/** The token in `location.hash`; null if there is none. */
export function sharedLinkToken(hash: string): string | null {
  if (!hash.startsWith(PREFIX)) return null;
  const token = hash.slice(PREFIX.length);
  return TOKEN.test(token) ? token : null;
}

/** The address that an owner gives away. */
export function sharedLinkAddress(origin: string, channel: string, token: string): string {
  return `${origin}/${encodeURIComponent(channel)}${sharedLinkHash(token)}`;
}
