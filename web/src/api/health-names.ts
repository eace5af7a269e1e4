/** Short names of what the API says of streams' health. The types themselves are generated. */

import type { components } from "./schema.js";

type Schemas = components["schemas"];

export type IngestFinding = Schemas["IngestFinding"];
export type IngestGrade = Schemas["IngestGrade"];
export type IngestReport = Schemas["IngestReportView"];
export type NewSetUpTest = Schemas["NewTestView"];
/** A test of a set-up without its key. */
export type SetUpTest = Schemas["TestView"];
