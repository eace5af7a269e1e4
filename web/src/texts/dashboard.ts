/** Words of the pages where people run their channels. */

import type { LatencyProfile, Visibility } from "../api/channel-names.js";

export const VISIBILITY_CHOICES: readonly (readonly [Visibility, string])[] = [
  ["public", "Public: listed, and everybody may watch"],
  ["unlisted", "Unlisted: everybody who knows the address may watch"],
  ["followers", "Followers: listed, but only followers may watch"],
  ["private", "Private: only you, your moderators, and who has a link"],
];

export const LATENCY_CHOICES: readonly (readonly [LatencyProfile, string])[] = [
  ["low", "Low: as close to you as it gets, for conversations"],
  ["normal", "Normal: one to two seconds behind you"],
  ["steady", "Steady: further behind, for viewers with poor connections"],
];

export const SECTION_NAMES = {
  "": "Overview",
  analytics: "Analytics",
  settings: "Settings",
  keys: "Stream keys",
  test: "Set-up test",
  links: "Shared links",
  broadcasts: "Broadcasts",
  people: "People",
  chat: "Chat",
  webhooks: "Webhooks",
} as const;

export const dashboardTexts = {
  title: "Your channels",
  moderating: "Channels that you moderate",
  noChannels: "You have no channel yet",
  noChannelsText: "A channel is your place here: you publish to it, and people watch it at its address.",
  newChannel: "New channel",
  makeChannel: "Make the channel",
  name: "Name",
  nameHint: (origin: string) => `Stands in its address, ${origin}/name, and never changes. Letters, digits, - and _.`,
  channelTitle: "Title",
  titleHint: "What is it about? You can change it at any time, also while live.",
  visibility: "Who may watch",
  sections: "Parts of this channel",
  allChannels: "All your channels",
  viewChannel: "View the channel",
  liveScreen: "Live screen",
  notYours: "This is none of your channels",
  notYoursText: "Only its owner and its moderators get in here.",
  moderatorOf: "You are a moderator here.",
} as const;

export const overviewTexts = {
  state: "State",
  preview: "Preview",
  offAir: "Nothing is on air. The preview starts by itself when you go live.",
  cut: "End the show",
  cutHeading: "End the show now?",
  cutText: "Your encoder is disconnected, and viewers are told that the show has ended. You can go live again.",
  cutDone: "The show has been ended.",
  followers: "Followers",
  viewers: "Watching now",
  lastLive: "Last live",
  never: "Never",
  since: "Show",
  closed: (reason: string) => `An administrator has closed this channel${reason === "" ? "." : `: ${reason}`}`,
} as const;

export const goLiveTexts = {
  heading: "Go live",
  step1: "In OBS, open Settings → Stream",
  step1Text: "Choose “Custom…” as the service, and enter this server:",
  plain: "Server",
  secure: "Server, encrypted (RTMPS)",
  step2: "Enter your stream key",
  step2Secret: "Whoever has it can go live as you. Keep it to yourself, and out of the picture.",
  noKey: "This channel has no stream key yet.",
  makeKey: "Make a stream key",
  firstKeyName: "My encoder",
  hasKeys: "You have been shown your key when it was made. If it is lost, renew it or make another.",
  manageKeys: "Stream keys",
  newKey: "Your stream key",
  step3: "For the lowest latency, set a keyframe interval of 1 s",
  step3Text: "Settings → Output → Advanced. With x264, tune “zerolatency”. Up to 2 s works well.",
  test: "Test your set-up without going live",
  step4: "Start streaming",
  step4Text: "The state above turns to “Live” within seconds.",
} as const;

export const keyTexts = {
  heading: "Stream keys",
  explanation: "One for each encoder, so that one alone can be voided. A key is shown once, when it is made or renewed.",
  none: "No stream key yet",
  noneText: "Make one, and enter it in your encoder.",
  name: "Name of the new key",
  nameHint: "For you to know it by: the encoder or the place.",
  make: "Make the key",
  made: (name: string) => `The key “${name}”`,
  starts: (start: string) => `begins with ${start}`,
  created: (ago: string) => `made ${ago}`,
  renewed: (ago: string) => `renewed ${ago}`,
  used: (ago: string) => `last used ${ago}`,
  neverUsed: "never used",
  rename: "Rename",
  renameHeading: (name: string) => `Rename “${name}”`,
  renameText: "The key itself stays as it is.",
  renameLabel: "Name",
  renamed: (name: string) => `The key is called “${name}” now.`,
  rotate: "Renew",
  rotateHeading: (name: string) => `Renew “${name}”?`,
  rotateText: "The old secret is void at once: an encoder that publishes with it is cut. With the new one, viewers see the same show go on.",
  revoke: "Remove",
  revokeHeading: (name: string) => `Remove “${name}”?`,
  revokeText: "The key is void for ever, and an encoder that publishes with it is cut.",
  revoked: (name: string) => `The key “${name}” has been removed.`,
} as const;

export const linkTexts = {
  heading: "Shared links",
  explanation: "Whoever has such a link may watch, without an account, until it ends or you take it back.",
  notNeeded: "Everybody may watch this channel as it is. Links open channels that are private or for followers.",
  none: "No shared link",
  noneText: "Make one to let somebody watch who otherwise may not.",
  name: "Name of the new link",
  nameHint: "For you to know it by: who gets it.",
  lifetime: "Works for",
  make: "Make the link",
  made: (name: string) => `The link “${name}”`,
  embed: "The player on a website, by this link",
  embedHelp: "Everybody who sees the website can watch, until the link ends.",
  ends: (until: string) => `ends ${until}`,
  revoke: "Take back",
  revokeHeading: (name: string) => `Take back “${name}”?`,
  revokeText: "Whoever watches by it stops at once.",
  revoked: (name: string) => `The link “${name}” has been taken back.`,
} as const;

const HOUR_S = 3600;

export const LIFETIME_CHOICES: readonly (readonly [string, string])[] = [
  [String(HOUR_S), "1 hour"],
  [String(24 * HOUR_S), "1 day"],
  [String(7 * 24 * HOUR_S), "1 week"],
  [String(30 * 24 * HOUR_S), "30 days"],
];

export const channelSettingsTexts = {
  heading: "Settings",
  title: "Title",
  titleHint: "A new one while live becomes part of the broadcast’s history.",
  description: "Description",
  category: "Category",
  noCategory: "None",
  tags: "Tags",
  tagsHint: "Up to ten, with commas between them.",
  language: "Language",
  noLanguage: "Not said",
  mature: "Not for everybody",
  matureHint: "Marks the channel in lists, so that people know before they look.",
  visibility: "Who may watch",
  visibilityHint: "Counts at once. Closing a channel that was open takes back all links and leave to watch.",
  latency: "Latency",
  latencyHint: "Counts from the next show on.",
  grace: "Grace time in seconds",
  graceHint: "How long a show waits for you if your connection is lost: 0 to 600.",
  save: "Save",
  artwork: "Picture",
  artworkHint: "JPEG, PNG, WebP or GIF, up to 5 MiB, at best 1280 × 720. It stands in lists.",
  chooseArtwork: "Choose a picture",
  removeArtwork: "Remove the picture",
  artworkSaved: "The picture is in place.",
  artworkRemoved: "The picture has been removed.",
  remove: "Delete this channel",
  removeText: "Its keys, links, followers and past broadcasts are deleted with it, at once and for good.",
  removeHeading: (name: string) => `Delete ${name}?`,
} as const;

export const broadcastTexts = {
  heading: "Broadcasts",
  none: "No broadcast yet",
  noneText: "Each time that you are live is listed here.",
  remove: "Delete",
  removeHeading: "Delete this broadcast?",
  removeText: (title: string) => `“${title}” is taken from the list for good.`,
  removed: "The broadcast has been deleted.",
} as const;

export const pickerTexts = {
  label: "Name",
  hint: "How the name begins, or the name of a channel of theirs.",
  found: "People",
  nobody: "Nobody’s name begins like this.",
  count: (count: number): string => (count === 1 ? "1 person" : `${count} people`),
} as const;

export const peopleTexts = {
  find: "Find somebody",
  moderates: "moderates this channel",
  isBanned: "is banned from this channel",
  moderators: "Moderators",
  moderatorsText: "They see who follows, and ban viewers. Find somebody above, or choose among your followers.",
  noModerators: "Nobody moderates this channel but you.",
  dismiss: "Dismiss",
  dismissHeading: (name: string) => `Dismiss ${name}?`,
  dismissText: "They moderate this channel no more.",
  followers: "Followers",
  followersText: "A ban shuts somebody out of this channel, a block out of all of yours.",
  noFollowers: "Nobody follows this channel yet.",
  since: (ago: string) => `since ${ago}`,
  makeModerator: "Make moderator",
  ban: "Ban",
  banHeading: (name: string) => `Ban ${name}?`,
  banText: "They follow this channel no more, and watch nothing of it that is not open to everybody.",
  banReason: "Reason",
  banReasonHint: "You and your moderators see it.",
  bans: "Banned viewers",
  noBans: "Nobody is banned.",
  until: (until: string) => `ends ${until}`,
  forGood: "until lifted",
  lift: "Lift the ban",
  block: "Block",
  blockHeading: (name: string) => `Block ${name}?`,
  blockText:
    "From all of your channels: they follow and moderate none of them, and watch nothing that is not open to everybody. Nobody tells them.",
  blocks: "People you have blocked",
  blocksText: "This holds for all of your channels.",
  noBlocks: "You have blocked nobody.",
  unblock: "Unblock",
  done: "Done.",
} as const;
