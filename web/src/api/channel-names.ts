/** Short names of what the API says of channels. The types themselves are generated. */

import type { components } from "./schema.js";

type Schemas = components["schemas"];

export type AdminChannel = Schemas["AdminChannelView"];
export type Block = Schemas["BlockView"];
export type Broadcast = Schemas["BroadcastCard"];
export type BroadcastDetail = Schemas["BroadcastView"];
export type Category = Schemas["CategoryView"];
export type ChannelCard = Schemas["ChannelCard"];
export type ChannelView = Schemas["ChannelView"];
export type ChannelFields = Schemas["ChannelFields"];
export type Follow = Schemas["FollowView"];
export type FollowLevel = Schemas["FollowView"]["notifications"];
export type Follower = Schemas["FollowerView"];
export type FoundPerson = Schemas["FoundPersonView"];
export type LatencyProfile = Schemas["ChannelView"]["latencyProfile"];
export type Moderator = Schemas["ModeratorView"];
export type NewStreamKey = Schemas["NewKeyView"];
export type Person = Schemas["PersonView"];
export type Picture = Schemas["PictureView"];
/** A shared link without its token. */
export type PlaybackLink = Omit<Schemas["NewLinkView"], "token" | "hls" | "dash">;
export type NewPlaybackLink = Schemas["NewLinkView"];
export type Recommendation = Schemas["RecommendationView"];
export type StreamKey = Schemas["KeyView"];
export type ViewerBan = Schemas["ViewerBanView"];
export type WatchedChannel = Schemas["WatchedView"];
export type Visibility = Schemas["Visibility"];
