/** Findings in the order in which they matter. Pure. */

import type { IngestFinding, IngestReport } from "../api/health-names.js";
import { healthTexts } from "../texts/stream-health.js";

const RANKS: Readonly<Record<IngestFinding["severity"], number>> = {
  problem: 0,
  warning: 1,
  advice: 2,
  good: 3,
};

/** The worst first; those of one kind as they came. */
export function bySeverity(findings: readonly IngestFinding[]): readonly IngestFinding[] {
  return [...findings].sort((one, other) => RANKS[one.severity] - RANKS[other.severity]);
}

export interface SortedFindings {
  /** What is to be changed, the worst first. */
  readonly open: readonly IngestFinding[];
  readonly good: readonly IngestFinding[];
  /** What held before and does not hold now, without what holds again. */
  readonly past: readonly IngestFinding[];
}

/** A report's findings, by what people want to know first. */
export function sortFindings(report: IngestReport): SortedFindings {
  const sorted = bySeverity(report.findings);
  const open = sorted.filter(({ severity }) => severity !== "good");
  const codes = new Set(open.map(({ code }) => code));
  return {
    open,
    good: sorted.filter(({ severity }) => severity === "good"),
    past: bySeverity(report.pastFindings).filter(
      ({ code, severity }) => severity !== "good" && !codes.has(code),
    ),
  };
}

/**
 * What made the grade: what holds, and what held before, as one list. A grade counts both, for
 * what came and went in a minute comes again in an hour.
 */
export function gradedFindings(report: IngestReport): readonly IngestFinding[] {
  const { open, past } = sortFindings(report);
  return bySeverity([...open, ...past]);
}

/** What to change, or which finding before it in the list has said so; null for nothing. */
export function adviceOf(
  { code, toChange }: IngestFinding,
  findings: readonly IngestFinding[],
): string | null {
  if (toChange === null) return null;
  const first = findings.find((each) => each.toChange === toChange);
  return first === undefined || first.code === code ? toChange : healthTexts.sameAs(first.title);
}
