/** The colour of a name: the same wherever it is shown. Pure. */

/** Degrees around the OKLCH circle, far enough from each other to tell people apart. */
export const NAME_HUES: readonly number[] = [15, 45, 70, 95, 130, 155, 180, 210, 240, 270, 305, 340];

/** Lightness and chroma of OKLCH on dark and on light ground: at least 4.5:1 for every hue. */
export const NAME_SHADES = {
  dark: { lightness: 0.8, chroma: 0.11 },
  light: { lightness: 0.45, chroma: 0.1 },
} as const;

/** Which of the hues is that of a name. FNV-1a: evenly spread also over names that are alike. */
export function hueIndex(name: string): number {
  let hash = 0x811c9dc5;
  for (const character of name) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return ((hash ^ (hash >>> 15)) >>> 0) % NAME_HUES.length;
}
