/** One light for how good a stream is. Pure. */

import type { ChannelIngest, IngestFinding } from "../api/analytics-names.js";
import { boardTexts } from "../texts/analytics.js";

export interface HealthLight {
  readonly light: "good" | "advice" | "warning" | "problem" | "dark";
  /** The light in words. */
  readonly name: string;
  /** What makes it so; null for nothing that is wrong. */
  readonly finding: IngestFinding | null;
}

const WORST_FIRST = ["problem", "warning", "advice"] as const;

/** The light of the worst that is found now. `ingest` is null while nobody has said. */
export function healthOf(ingest: ChannelIngest | null): HealthLight {
  if (ingest === null) return { light: "dark", name: boardTexts.unknownHealth, finding: null };
  const { report } = ingest;
  if (report?.isPublishing !== true) {
    return { light: "dark", name: boardTexts.noHealth, finding: null };
  }
  for (const severity of WORST_FIRST) {
    const finding = report.findings.find((found) => found.severity === severity);
    if (finding !== undefined) return { light: severity, name: boardTexts[severity], finding };
  }
  return { light: "good", name: boardTexts.good, finding: null };
}
