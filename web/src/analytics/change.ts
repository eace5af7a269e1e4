/** How a figure compares with another. Pure. */

/** More, less or as much; `text` is how it reads: "+12 %". */
export interface Change {
  readonly direction: "more" | "less" | "same";
  readonly text: string;
}

/** Ten times and more is no percentage that anybody reads. */
const PERCENT_LIMIT = 10;

/** From `before` to `now`. Null where there is nothing to compare with. */
export function changeOf(now: number, before: number): Change | null {
  if (before <= 0) return null;
  const ratio = now / before - 1;
  const percent = Math.round(Math.abs(ratio) * 100);
  if (percent === 0) return { direction: "same", text: "±0 %" };
  if (ratio < 0) return { direction: "less", text: `−${percent} %` };
  const text = ratio >= PERCENT_LIMIT ? `×${Math.round(ratio + 1)}` : `+${percent} %`;
  return { direction: "more", text };
}
