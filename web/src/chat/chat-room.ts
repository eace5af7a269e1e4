import type { ChatRole } from "./chat-message.js";

/** Why somebody may not write, as the server names it. */
export interface Refusal {
  readonly code: string;
  /** The server's own words, for codes that these pages do not know. */
  readonly text: string;
  /** When it may be tried again, by this machine's clock; null if waiting does not help. */
  readonly untilMs: number | null;
  /** What the moderator wrote who shut them out; empty if there is nothing. */
  readonly reason: string;
}

/** What became of something that was said. */
export type Sent =
  /** `answer` is the server's, to a command such as "/slow 10"; empty for a message. */
  | { readonly kind: "said"; readonly answer: string }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** A room's rules. */
export interface ChatRules {
  readonly enabled: boolean;
  /** Seconds between two messages of one person; 0 if there is no such rule. */
  readonly slowModeS: number;
  /** For how long one has to follow; null if all may write, 0 if any follower may. */
  readonly followersOnlyMinutes: number | null;
  readonly verifiedOnly: boolean;
  readonly linksAllowed: boolean;
}

/** A picture that stands for a code. */
export interface Emote {
  readonly code: string;
  readonly url: string;
}

/** A room, and what its reader may do in it. */
export interface ChatRoom {
  readonly rules: ChatRules;
  /** Null for who has not signed in. */
  readonly role: ChatRole | null;
  /** Whether they moderate; the rules hold for others. */
  readonly isStaff: boolean;
  readonly mayRead: boolean;
  /** Null if one may write. */
  readonly refusal: Refusal | null;
}
