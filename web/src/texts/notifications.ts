/** Words of notifications. */

export const notificationTexts = {
  heading: "Notifications",
  bell: (unread: number) =>
    unread === 0 ? "Notifications" : `Notifications, ${unread} unread`,
  count: (unread: number) => (unread > 99 ? "99+" : String(unread)),
  live: (channel: string) => `${channel} is live`,
  title: (channel: string) => `${channel} has a new title`,
  webhook: (channel: string) => `A webhook of ${channel} was switched off`,
  none: "Nothing new",
  noneText: "When a channel that you follow goes live, you are told here.",
  readAll: "Mark all as read",
  settings: "Settings",
  markRead: "Mark as read",
  markUnread: "Mark as unread",
  unread: "Unread",
  watch: "Watch",
  dismiss: "Dismiss",
  toasts: "News",
} as const;

export const notificationSettingsTexts = {
  heading: "What you are told of",
  lead: "How much you hear of each channel is said when you follow it. What is off here is off for all of them.",
  live: "A channel goes live",
  liveHint: "Once for each broadcast.",
  title: "A live channel has a new title",
  titleHint: "Of channels that you follow with “Everything”.",
  ways: {
    kinds: "In the pages",
    push: "By the browsers that may tell you",
    email: "By e-mail, several in one",
  },
  channelChoices: {
    usual: "As for all channels",
    yes: "Yes",
    no: "No",
  } as Readonly<Record<string, string>>,
  change: "Change",
  save: "Save",
  quietHeading: "Quiet hours",
  quietLead: "Notifications come in, but nothing pops up or sounds.",
  quiet: "Have quiet hours",
  from: "From",
  until: "Until",
  zone: "Time zone",
  zoneHint: "As it is called on maps of time zones: Europe/Berlin.",
  channelHeading: "Single channels",
  channelLead: "For channels that you follow.",
  noChannels: "You follow no channel yet.",
  saved: "Saved.",
} as const;

export const pushTexts = {
  heading: "Notifications of this browser",
  lead: "They come also when no page of this site is open.",
  unsupported: "This browser cannot do that.",
  insecure: "Browsers allow it on pages with https alone.",
  denied: "You have forbidden them for this site. Allow them in the browser’s settings for the site.",
  off: "Notifications are off in this browser.",
  on: "Notifications are on in this browser.",
  turnOn: "Turn on",
  turnOff: "Turn off",
  ask: "Be told when this channel goes live, also when this page is closed?",
  yes: "Yes, tell me",
  notNow: "Not now",
  browsers: "Your browsers",
  remove: "Remove",
  since: "since",
  noService: "This browser’s push service did not answer. Try again later.",
} as const;

/** The page that the link at the end of each alert mail leads to. */
export const unsubscribeTexts = {
  heading: "No more mails?",
  lead: "We mail you no more when a channel that you follow goes live or has a new title.",
  submit: "Stop these mails",
  doneHeading: "You get no more mails",
  done: "Of no channel. You are still told in the pages of this site.",
  toSettings: "Choose what you are told of",
  missingHeading: "This link is not whole",
  missing: "Open the link from the mail once more. Some mail programs cut long links.",
} as const;
