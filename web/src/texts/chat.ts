/** Words of chat, as people in a room read them. */

import type { ChatRole } from "../chat/chat-message.js";
import { countText } from "./spans.js";

export const roleTexts: Readonly<Record<ChatRole, string>> = {
  owner: "Host",
  admin: "Administrator",
  moderator: "Moderator",
  follower: "Follower",
  viewer: "Viewer",
};

/** For how long somebody may be shut out: seconds, and the words. */
export const TIMEOUT_CHOICES: readonly (readonly [number, string])[] = [
  [60, "1 minute"],
  [600, "10 minutes"],
  [3600, "1 hour"],
  [86_400, "1 day"],
];

export const chatTexts = {
  chat: "Chat",
  chatOf: (channel: string) => `Chat of ${channel}`,
  messages: "Messages",
  inReplyTo: "In reply to",
  deleted: "This message was deleted",
  reply: "Reply",
  replyTo: (name: string) => `Reply to ${name}`,
  replyingTo: (name: string) => `Replying to ${name}`,
  cancelReply: "Do not reply",
  copy: "Copy the text",
  copied: "Copied.",
  report: "Report",
  delete: "Delete",
  deleteOf: (name: string) => `Delete the message of ${name}`,
  more: "More",
  moreFor: (name: string) => `More for the message of ${name}`,
  timeoutFor: (words: string) => `Time out for ${words}`,
  ban: "Ban",
  unseen: (count: number) => (count > 99 ? "More than 99 new messages" : countText(count, "new message")),
  toNewest: "To the newest messages",
  spokenCount: (count: number) => `${countText(count, "new message")}.`,
  readingOlder: "Loading older messages",
  empty: "Nobody has said anything yet",
  emptyText: "Be the first to say hello.",
  emptyReading: "What is said here shows up at once.",
  off: "The chat is off",
  offText: "The people of this channel have turned it off.",
  failed: "The chat did not load",
  reconnecting: "Connection lost. What is said comes in as soon as it is back.",
  write: "Write a message",
  writeAsReader: (name: string) => `Write as ${name}`,
  send: "Send",
  emotes: "Emotes",
  noEmotes: "This channel has no emotes.",
  tooLong: (over: number) => `${countText(over, "character")} too many`,
  left: (left: number) => `${countText(left, "character")} left`,
  signIn: "Sign in to chat",
  reasonIs: (reason: string) => `Reason: ${reason}`,
  popOut: "Open the chat in a window of its own",
  shortcuts: "Keyboard shortcuts",
  hide: "Hide the chat",
} as const;

export const moderationTexts = {
  deleteHeading: "Delete this message?",
  deleteText: (name: string, text: string) => `${name}: ${text}`,
  timeoutHeading: (name: string, words: string) => `Time out ${name} for ${words}?`,
  timeoutText: "They write nothing here until then, and what they have said is taken away.",
  timeout: "Time out",
  banHeading: (name: string) => `Ban ${name} from the chat?`,
  banText: "They write nothing here until you lift it, and what they have said is taken away.",
  reason: "Reason",
  reasonHint: "They see it, and it stands in the log.",
  reportHeading: (name: string) => `Report the message of ${name}?`,
  reportText: "Those who run this server look at it.",
  reportReason: "What is wrong with it?",
  reported: "Thank you. Those who run this server will look at it.",
  timedOut: (name: string) => `${name} is timed out.`,
  banned: (name: string) => `${name} is banned from the chat.`,
  messageDeleted: "The message was deleted.",
} as const;

/** Why somebody may not write, by the server's code; where its own words say more, they are shown. */
export const refusalTexts: Readonly<Record<string, string>> = {
  "sign-in": "Sign in to write here.",
  banned: "You are banned from this chat.",
  "timed-out": "You are timed out.",
  closed: "The chat is off.",
  "not-watching": "Only who may watch this channel writes here.",
  "verified-only": "Confirm your e-mail address to write here.",
  "slow-mode": "Slow mode is on: one message at a time.",
  "too-fast": "That was a lot at once. Take a breath.",
  "room-busy": "So much is said here that not everything fits. Try again in a moment.",
  empty: "There is nothing to read in that.",
  unauthenticated: "You are not signed in any more. Sign in to write here.",
};

/** Rules of a room, as its people should know them. */
export const ruleTexts = {
  slow: (words: string) => `Slow mode: one message every ${words}`,
  followers: "Followers only",
  followersSince: (words: string) => `Followers only, for ${words} or longer`,
  verified: "Confirmed e-mail addresses only",
  wait: (seconds: number) => `Wait ${seconds} s`,
  ends: (until: string, moment: string) => `It ends ${until}: ${moment}.`,
} as const;

/** Keys in the list of messages, for the dialog that explains them. */
export const shortcutTexts: readonly (readonly [string, string])[] = [
  ["Enter", "Send what you have written"],
  ["Shift + Enter", "Begin a new line"],
  ["↑ in the empty field", "Go to the messages"],
  ["↑ ↓", "From one message to the next"],
  ["Home, End", "To the oldest and to the newest message here"],
  ["R", "Reply to the message"],
  ["Enter on a message", "Everything you can do with it"],
  ["Delete", "Delete the message, if you moderate"],
  ["Escape", "Back to the field"],
];

export const dockTexts = {
  follows: (name: string) => `${name} follows now`,
} as const;
