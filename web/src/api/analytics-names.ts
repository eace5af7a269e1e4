/** Short names of what the API says of viewers, quality and ingest. The types are generated. */

import type { components } from "./schema.js";

type Schemas = components["schemas"];

export type BroadcastAnalytics = Schemas["BroadcastAnalyticsView"];
export type BroadcastFigures = Schemas["BroadcastFiguresView"];
export type BroadcastSpan = Schemas["BroadcastSpan"];
export type ChannelIngest = Schemas["ChannelIngest"];
export type ChannelViewers = Schemas["ChannelViewersView"];
export type EarlierMeans = Schemas["EarlierMeansView"];
export type IngestFinding = Schemas["IngestFinding"];
export type LiveViewers = Schemas["LiveViewersView"];
export type Moment = Schemas["MomentView"];
export type Percentiles = Schemas["Percentiles"];
export type Quality = Schemas["QualityView"];
export type QualityFigures = Schemas["QualityFigures"];
export type QualityGroup = Schemas["QualityGroup"];
export type TitleMark = Schemas["TitleMark"];
export type ViewersPoint = Schemas["ViewersPoint"];
