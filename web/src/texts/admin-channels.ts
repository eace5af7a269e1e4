/** Words of administration: channels. */

export const adminChannelTexts = {
  heading: "Channels",
  lead: "All of them, hidden and closed ones too. Closing one ends what is live on it at once; nobody publishes to it or watches it until it is opened again.",
  find: "Words to search for",
  closedOnly: "Closed ones alone",
  search: "Search",
  none: "No channel here",
  noneText: "No channel fits what you have asked for.",
  created: (ago: string) => `made ${ago}`,
  closed: (reason: string) => (reason === "" ? "Closed" : `Closed: ${reason}`),
  ban: "Close",
  banHeading: (name: string) => `Close ${name}?`,
  banText: "What is live ends at once. Nobody publishes to it or watches it until you open it again.",
  banReason: "Reason",
  banReasonHint: "Its owner sees it.",
  unban: "Open again",
  unbanned: (name: string) => `${name} is open again.`,
  cut: "End the show",
  cutHeading: (name: string) => `End the show on ${name}?`,
  cutText: "The encoder is disconnected. It may begin anew; close the channel if it shall not.",
  wasCut: (name: string) => `The show on ${name} has been ended.`,
} as const;
