/** Short names of what is told. The types themselves are generated from the events' schemas. */

import type { components } from "./schema.js";

type Schemas = components["schemas"];

/** Every event that the server tells. */
export type LiveEvent = Schemas["AnyEvent"];
/** An event of one kind. */
export type EventOf<Type extends LiveEvent["type"]> = Extract<LiveEvent, { readonly type: Type }>;
/** What can be asked of the server on a WebSocket; the mark of the question is the event line's. */
export type LiveCommand = Schemas["AnyCommand"];
