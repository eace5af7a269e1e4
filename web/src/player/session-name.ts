/**
 * The session that the server gave this player: `?s=NAME` in the addresses of media playlists.
 *
 * The multivariant playlist has another one each time that it is fetched, unless one is shown to it.
 */

const NAME = /[?&]s=([A-Za-z0-9_-]{12})(?:&|$)/;
const LISTED = /\/index\.m3u8\?s=([A-Za-z0-9_-]{12})(?=["\s&]|$)/;

/** The session in the address of a media playlist; null where the server counts nobody. */
export function sessionOf(url: string): string | null {
  return NAME.exec(url.split("#", 1)[0] ?? "")?.[1] ?? null;
}

/** The session in the text of a multivariant playlist. */
export function sessionIn(playlist: string): string | null {
  return LISTED.exec(playlist)?.[1] ?? null;
}

/** The address of a multivariant playlist for a player that goes on with a session. */
export function withSession(url: string, session: string | null): string {
  return session === null ? url : `${url}?s=${session}`;
}

/** Nobody waits longer for a picture than he would without. */
const LIMIT_MS = 3_000;

/**
 * Asks for a session, as a player does that begins.
 *
 * Null if there is nothing to play, nobody is counted, or it takes too long. Never rejects.
 */
export async function fetchSession(url: string): Promise<string | null> {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort();
  }, LIMIT_MS);
  try {
    const response = await fetch(url, { signal: limit.signal, cache: "no-store" });
    return response.ok ? sessionIn(await response.text()) : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
