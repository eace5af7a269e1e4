/** What a browser or program called itself, as people call it. Pure. */

/** The first that matches counts: most browsers also name those that they descend from. */
const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\b(?:Headless)?Chrome\/|\bCriOS\/|\bChromium\//, "Chrome"],
  [/\bVersion\/.*\bSafari\//, "Safari"],
  [/^curl\//, "curl"],
  [/^python|\baiohttp\//i, "Python"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

/** "Firefox on Linux"; what it called itself where that is unknown, cut short. */
export function clientName(userAgent: string): string {
  const program = find(PROGRAMS, userAgent);
  const system = find(SYSTEMS, userAgent);
  if (program !== null) return system === null ? program : `${program} on ${system}`;
  if (userAgent === "") return "Unknown";
  return userAgent.length > 60 ? `${userAgent.slice(0, 59)}…` : userAgent;
}

function find(known: readonly (readonly [RegExp, string])[], userAgent: string): string | null {
  return known.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null;
}
