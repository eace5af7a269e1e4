import type { ChannelStatus } from "../status/channel-status.js";

export interface Source {
  /** Differs when the playlist must be read anew: another broadcast, or another set of tracks. */
  readonly key: string;
  readonly url: string;
}

/**
 * What to play, given what the server says and the key of what is loaded.
 *
 * "keep" leaves what is loaded, so that an ended show plays out; "none" lets go of it.
 */
export function sourceOf(
  status: ChannelStatus | null,
  loadedKey: string | null,
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
      return key === loadedKey ? "keep" : { key, url: status.playlist };
    }
  }
}
