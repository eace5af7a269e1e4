import type { ChannelStatus } from "../status/channel-status.js";
import { tokenOf, withToken } from "./token-path.js";

export interface Source {
  /** Differs when the playlist must be read anew: another broadcast, or another set of tracks. */
  readonly key: string;
  readonly url: string;
}

/**
 * What to play, given what the server says and what is loaded.
 *
 * "keep" leaves what is loaded, so that an ended show plays out; "none" lets go of it. A source of
 * the same key has only moved: its viewer has been given another token.
 */
export function sourceOf(
  status: ChannelStatus | null,
  loaded: Source | null,
): Source | "keep" | "none" {
  if (status === null) return "keep";
  switch (status.state) {
    case "offline":
    case "starting":
      return "none";
    case "ended":
      return "keep";
    case "live":
    case "interrupted": {
      if (status.playlist === null) return "none";
      const key = `${status.startedAtMs ?? 0}#${status.revision}`;
      if (loaded?.key !== key) return { key, url: status.playlist };
      return status.playlist === loaded.url ? "keep" : { key, url: status.playlist };
    }
  }
}

/** Whether one is the other at the address of another token, so that nothing has to be loaded anew. */
export function hasOnlyMoved(from: Source | null, to: Source): boolean {
  return (
    from?.key === to.key &&
    tokenOf(from.url) !== null &&
    withToken(from.url, tokenOf(to.url)) === to.url
  );
}
