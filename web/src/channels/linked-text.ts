/** Text of people with the addresses in it as links. Pure. */

/** A stretch of text; `href` where it is an address. */
export interface TextRun {
  readonly text: string;
  readonly href: string | null;
}

/** An address up to a blank, without the point or bracket that ends the sentence around it. */
const ADDRESS = /https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]}’”]/giu;

/** The text in runs, in order; together they are the text. Only http and https become links. */
export function linkedText(text: string): readonly TextRun[] {
  const runs: TextRun[] = [];
  let end = 0;
  for (const { 0: address, index } of text.matchAll(ADDRESS)) {
    if (!URL.canParse(address)) continue;
    if (index > end) runs.push({ text: text.slice(end, index), href: null });
    runs.push({ text: address, href: new URL(address).href });
    end = index + address.length;
  }
  if (end < text.length) runs.push({ text: text.slice(end), href: null });
  return runs;
}
