/** What is looked for in a test while its encoder is measured. Pure. */

import type { SetUpTest } from "../api/health-names.js";
import { setUpTestTexts } from "../texts/stream-health.js";
import { pictureText, secondsText, soundText } from "./figures.js";

export interface Check {
  readonly name: string;
  /** What was seen; null while it has not been. */
  readonly seen: string | null;
}

/** What is looked for, in the order in which it shows. */
export function checksOf({ encoder, report }: SetUpTest): readonly Check[] {
  const texts = setUpTestTexts;
  const interval = report?.video?.keyframeIntervalS ?? null;
  const jitter = report?.arrival.jitterP95Ms ?? null;
  return [
    { name: texts.connected, seen: encoder === "" ? null : encoder },
    { name: texts.picture, seen: report === null ? null : pictureText(report) },
    { name: texts.sound, seen: report === null ? null : soundText(report) },
    { name: texts.keyframes, seen: interval === null ? null : texts.everySeconds(secondsText(interval)) },
    { name: texts.arrival, seen: jitter === null ? null : texts.evenly(jitter) },
  ];
}
