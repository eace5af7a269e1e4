/** Tags as people write them into one line: "speedrun, retro games". */

export const TAGS_MAX = 10;

/** The tags in a line, in order, without "#", blanks and repetitions. The server has the last word. */
export function tagsOf(line: string): string[] {
  const tags = line
    .split(/[,\n]/)
    .map((tag) => tag.trim().replace(/^#+/, "").trim())
    .filter((tag) => tag !== "");
  return [...new Map(tags.map((tag) => [tag.toLowerCase(), tag])).values()];
}

/** The line that has these tags. */
export function tagLine(tags: readonly string[]): string {
  return tags.join(", ");
}
