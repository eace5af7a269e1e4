/** The first letter of a name as people see letters, in upper case: "é", an emoji, a Hangul syllable. */
export function initialOf(name: string): string {
  const [first] = new Intl.Segmenter("en", { granularity: "grapheme" }).segment(name.trim());
  return first?.segment.toUpperCase() ?? "?";
}
