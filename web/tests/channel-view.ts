import type { ChannelView, Visibility } from "../src/api/channel-names.js";

/** A channel as the API shows it to somebody who stands to it like this. */
export function channelView(visibility: Visibility, standing: Partial<ChannelView["standing"]>): ChannelView {
  return {
    id: "chn_1",
    name: "studio",
    title: "Studio",
    description: "",
    category: null,
    tags: [],
    language: null,
    isMature: false,
    artwork: [],
    visibility,
    followerCount: 0,
    viewerCount: 0,
    isLive: false,
    liveSince: null,
    lastLiveAt: null,
    latencyProfile: "normal",
    graceS: 60,
    createdAt: "2026-11-21T17:00:00.000Z",
    ownerId: "acc_1",
    ban: null,
    standing: {
      isOwner: false,
      isModerator: false,
      isFollowing: false,
      mayFollow: true,
      mayWatch: true,
      ...standing,
    },
  };
}
