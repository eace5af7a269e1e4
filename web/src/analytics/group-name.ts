/** How the values that quality is split by are called. Pure. */

import { qualityTexts } from "../texts/analytics.js";

const NAMES: Readonly<Record<string, string>> = {
  chrome: "Chrome",
  edge: "Edge",
  firefox: "Firefox",
  opera: "Opera",
  safari: "Safari",
  samsung: "Samsung Internet",
  other: qualityTexts.other,
  unknown: qualityTexts.unknownGroup,
};

/** The name of a browser, a player, a country or a language; as it is where it has none. */
export function groupName(by: "browser" | "player" | "country" | "language", value: string): string {
  const name = NAMES[value];
  if (name !== undefined && (by === "browser" || value === "other" || value === "unknown")) return name;
  try {
    if (by === "country") return namesOf("region").of(value.toUpperCase()) ?? value;
    if (by === "language") return namesOf("language").of(value) ?? value;
  } catch {
    // No code of any country or language.
  }
  return value;
}

function namesOf(type: "region" | "language"): Intl.DisplayNames {
  return new Intl.DisplayNames("en", { type });
}
