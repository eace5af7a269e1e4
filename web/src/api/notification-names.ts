/** Short names of what the API says of notifications. The types themselves are generated. */

import type { components } from "./schema.js";

type Schemas = components["schemas"];

export type Notification = Schemas["NotificationView"];
export type NotificationSettings = Schemas["NotificationSettings"];
export type NotificationKinds = Schemas["KindFields"];
