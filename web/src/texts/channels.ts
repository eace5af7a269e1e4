/** Words of channels, as viewers read them. */

import type { FollowLevel, Visibility } from "../api/channel-names.js";
import { countText, durationText } from "./spans.js";

/** A category's name; words of the server's own list that we do not know are shown as they are. */
export function categoryName(category: string): string {
  const known = CATEGORIES[category];
  if (known !== undefined) return known;
  const words = category.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const CATEGORIES: Readonly<Record<string, string>> = {
  art: "Art",
  education: "Education",
  events: "Events",
  gaming: "Gaming",
  music: "Music",
  news: "News",
  science: "Science",
  sports: "Sports",
  talk: "Talk",
  travel: "Travel",
  other: "Other",
};

export const VISIBILITY_NAMES: Readonly<Record<Visibility, string>> = {
  public: "Public",
  unlisted: "Unlisted",
  followers: "Followers",
  private: "Private",
};

export const FOLLOW_LEVELS: Readonly<Record<FollowLevel, { name: string; explanation: string }>> = {
  all: { name: "Everything", explanation: "When it goes live, and all else that is new" },
  live: { name: "Live only", explanation: "When it goes live" },
  none: { name: "Nothing", explanation: "It stays in your list, without a word" },
};

/** What a channel is called where it is shown: some have a name alone. */
export function shownTitle(channel: { readonly name: string; readonly title: string }): string {
  return channel.title === "" ? channel.name : channel.title;
}

/** What a broadcast's card says below its title: "2 h 5 min · 120 viewers at most". */
export function broadcastFacts(broadcast: {
  readonly durationMs: number;
  readonly peakViewers: number;
  readonly endedAt: string | null;
}): string[] {
  const facts = [broadcast.endedAt === null ? "On air now" : durationText(broadcast.durationMs)];
  if (broadcast.peakViewers > 0) {
    facts.push(`${countText(broadcast.peakViewers, "viewer")} at most`);
  }
  return facts;
}

export const channelTexts = {
  about: "About",
  aboutChannel: "About this channel",
  noDescription: "Nothing has been written here yet.",
  pastBroadcasts: "Past broadcasts",
  noBroadcasts: "This channel has not been on air yet.",
  mature: "Not for everybody",
  matureExplanation: "The channel says that its shows are not for everybody.",
  follow: "Follow",
  following: "Following",
  unfollow: "Unfollow",
  followToHear: "What do you want to hear of?",
  share: "Share",
  shareTitle: (title: string) => `Share ${title}`,
  shareAddress: "Link",
  shareWithApp: "Share with an app",
  shareEmbed: "Put the player on a website",
  shareEmbedHelp: "Paste this HTML where the player shall stand.",
  shareEmbedPrivate:
    "Only who may watch this channel can watch it there, too. Browsers send no sign-in to other sites’ frames.",
  embedWidth: "Width in pixels",
  embedMuted: "Start without sound",
  copyLink: "Copy link",
  tags: "Tags",
  broadcastDetails: "Details",
  manage: "Dashboard",
  showChat: "Show the chat",
} as const;

export const broadcastDetailTexts = {
  began: "Began",
  ended: "Ended",
  length: "Length",
  peak: "Most viewers at once",
  mean: "Viewers on average",
  media: "Picture and sound",
  titles: "Titles",
} as const;

export const gateTexts = {
  followersTitle: "For followers",
  followersText: "Only who follows this channel may watch it.",
  followersSignIn: "Sign in, and follow it.",
  signIn: "Sign in",
  refusedTitle: "You may not watch this channel",
  refusedText: "Its owner has decided so.",
  bannedTitle: "You are banned from this channel",
  bannedText: (until: string) =>
    until === "" ? "Its moderators have decided so." : `Its moderators have decided so, until ${until}.`,
  reasonIs: (reason: string) => `Reason: ${reason}`,
  endedTitle: "Your leave to watch has ended",
  endedText: "The channel has changed who may watch it, or the link was taken back.",
  linkTitle: "This link is not valid",
  linkText: "It has expired or was taken back. Ask who gave it to you for another.",
  privateTitle: "There is no such channel",
  privateText: "Or it is private: then sign in, or open it by the link that you were given.",
  tryAgain: "Try again",
  home: "See what is live",
  closedTitle: "This channel is closed",
  closedText: "An administrator has closed it.",
  closedBecause: (reason: string) => `An administrator has closed it: ${reason}`,
  unreadableTitle: "The channel did not load",
  unreadableText: "The server did not answer.",
} as const;
