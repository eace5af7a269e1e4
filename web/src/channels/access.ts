import type { ChannelView } from "../api/channel-names.js";

/** Whether and how whoever looks at a channel's page may watch it. */
export type Access =
  /** Not known yet. */
  | { readonly kind: "asking" }
  /** Everybody may, at the addresses that everybody knows. */
  | { readonly kind: "open" }
  /** This viewer may, at addresses that hold the token. */
  | { readonly kind: "leave"; readonly token: string }
  /** Who follows the channel may; this viewer could. */
  | { readonly kind: "for-followers" }
  | { readonly kind: "refused" }
  /** An administrator has closed the channel; told to its owner, and to administrators. */
  | { readonly kind: "closed"; readonly reason: string }
  /** The viewer was let in, but no more. */
  | { readonly kind: "over" }
  /** There is no such channel, or it is none of the viewer's business. */
  | { readonly kind: "not-found" }
  /** The shared link is void. */
  | { readonly kind: "bad-link" }
  /** The server does not say. */
  | { readonly kind: "unreadable" };

/** What a channel's own words mean for its viewer; "ask-leave": the server gives out a token. */
export function accessSaid(view: ChannelView): Access | "ask-leave" {
  const { ban, standing, visibility } = view;
  if (ban !== null) return { kind: "closed", reason: ban.reason };
  if (!standing.mayWatch) {
    const couldFollow = visibility === "followers" && !standing.isFollowing && standing.mayFollow;
    return { kind: couldFollow ? "for-followers" : "refused" };
  }
  switch (visibility) {
    case "public":
    case "unlisted":
      return { kind: "open" };
    case "followers":
    case "private":
      return "ask-leave";
  }
}

/** Whether there is anything to play for this viewer, as far as is known. */
export function mayPlay(access: Access): boolean {
  return access.kind === "open" || access.kind === "leave" || access.kind === "asking";
}
