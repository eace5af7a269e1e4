/**
 * Addresses that only some may use: `/live/~TOKEN/CHANNEL/...` stands for `/live/CHANNEL/...`.
 *
 * Relative addresses in playlists inherit the token, so only what is asked for by an older address
 * has to be given the token of today.
 */

const TOKEN = /\/live\/~([^/]+)\//;

/** The token that stands in an address; null where everybody may watch. */
export function tokenOf(url: string): string | null {
  return TOKEN.exec(url)?.[1] ?? null;
}

/** The address with another token in the place of its own. Addresses without one stay as they are. */
export function withToken(url: string, token: string | null): string {
  return token === null ? url : url.replace(TOKEN, () => `/live/~${token}/`);
}
