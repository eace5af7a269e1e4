/** Short names of what the API says of the server. The types themselves are generated. */

import type { components } from "./schema.js";

type Schemas = components["schemas"];

export type ServerOverview = Schemas["OverviewView"];
export type ServerQueue = Schemas["QueueView"];
export type ServerError = Schemas["ErrorView"];
export type ServerSample = Schemas["SampleView"];
export type PublisherOnAir = Schemas["PublisherView"];
