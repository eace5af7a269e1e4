/** Words of the pages where chat rooms are run. */

import type { components } from "../api/schema.js";

type Schemas = components["schemas"];

export const FILTER_KINDS: readonly (readonly [Schemas["FilterKind"], string])[] = [
  ["word", "Whole words"],
  ["part", "Anywhere, within words too"],
  ["domain", "Links to a domain"],
  ["allowed-domain", "Allow links to a domain"],
];

export const SLOW_CHOICES: readonly (readonly [string, string])[] = [
  ["0", "Off"],
  ["5", "5 seconds"],
  ["10", "10 seconds"],
  ["30", "30 seconds"],
  ["60", "1 minute"],
  ["300", "5 minutes"],
];

export const FOLLOW_CHOICES: readonly (readonly [string, string])[] = [
  ["", "Everybody"],
  ["0", "Followers"],
  ["10", "Who has followed for 10 minutes"],
  ["60", "Who has followed for an hour"],
  ["1440", "Who has followed for a day"],
  ["10080", "Who has followed for a week"],
];

export const roomTexts = {
  heading: "Chat",
  lead: "These rules hold for viewers, not for you and your moderators. They count at once.",
  enabled: "The chat is on",
  slow: "Slow mode",
  slowHint: "How long everybody waits between two messages.",
  followers: "Who may write",
  verified: "Only who has confirmed an e-mail address",
  links: "Links are allowed",
  save: "Save",
  saved: "The room has its new rules.",
  other: (words: string) => `As it is: ${words}`,
  clear: "Clear the chat",
  clearHeading: "Clear the chat?",
  clearText: "All that has been said is taken away, for everybody.",
  cleared: "The chat has been cleared.",
  popOut: "Open the chat",
  dock: "Page for OBS",
  dockText:
    "Add this address as a browser source or as a dock in OBS: it shows the chat and who follows, in large type and without a background.",
} as const;

export const sanctionTexts = {
  heading: "Timed out and banned",
  none: "Nobody is shut out.",
  timeout: "Timed out",
  ban: "Banned",
  until: (until: string) => `ends ${until}`,
  forGood: "until lifted",
  by: (name: string) => `by ${name}`,
  lift: "Lift",
  lifted: (name: string) => `${name} may write again.`,
} as const;

export const filterTexts = {
  heading: "Words and links",
  lead: "Case, accents and letters that look alike make no difference.",
  none: "Nothing is filtered.",
  kind: "Kind",
  pattern: "Word or domain",
  add: "Add",
  remove: "Remove",
} as const;

export const emoteTexts = {
  heading: "Emotes",
  lead: "People write :code: and see the picture.",
  globalHeading: "Emotes of all channels",
  none: "No emote yet.",
  code: "Code",
  codeHint: "Letters, digits and _; written between colons.",
  picture: "Picture",
  pictureHint: "PNG, WebP, JPEG or GIF. It is shown as a square.",
  noPicture: "Choose a picture.",
  add: "Add the emote",
  added: (code: string) => `:${code}: is there.`,
  remove: "Remove",
  removed: (code: string) => `:${code}: has been removed.`,
} as const;

export const LOG_ACTIONS: Readonly<Record<Schemas["LogAction"], string>> = {
  delete: "Deleted a message",
  clear: "Cleared messages",
  timeout: "Timed out",
  ban: "Banned",
  lift: "Lifted",
  rules: "Changed the rules",
  mod: "Made a moderator",
  unmod: "Dismissed a moderator",
  "filter-added": "Added a filter",
  "filter-removed": "Removed a filter",
  "emote-added": "Added an emote",
  "emote-removed": "Removed an emote",
};

export const logTexts = {
  heading: "Log",
  lead: "What you and your moderators did, the newest first.",
  none: "Nothing has been done yet.",
  until: (moment: string) => `until ${moment}`,
  somebody: "Somebody who has left",
} as const;

export const reportTexts = {
  heading: "Reported messages",
  lead: "What people have asked you to look at.",
  open: "Open ones alone",
  none: "Nothing to look at",
  noneText: "Messages that people report stand here.",
  in: (channel: string) => `in ${channel}`,
  by: (name: string) => `reported by ${name}`,
  reason: (reason: string) => `“${reason}”`,
  gone: "Deleted",
  delete: "Delete the message",
  deleteHeading: "Delete this message?",
  close: "Done",
  closed: (name: string) => `looked at by ${name}`,
} as const;
