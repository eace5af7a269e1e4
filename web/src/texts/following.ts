/** Words of the page of channels that one follows. */

export const followingTexts = {
  heading: "Following",
  which: "Which channels",
  all: "All",
  live: "Live now",
  empty: "You follow no channel yet",
  emptyText: "Press Follow on a channel that you like, and find it here again.",
  emptyAction: "See what is live",
  nobodyLive: "Nobody whom you follow is live",
  nobodyLiveText: "Channels that you follow appear here as soon as they go live.",
} as const;
