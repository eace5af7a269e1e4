/** Closer than this to the target counts as being live. */
const AT_EDGE_WITHIN_S = 1.5;

/** Says whether a playhead this far behind its target still deserves the live badge. Seconds. */
export function isAtLiveEdge(lagS: number): boolean {
  return lagS <= AT_EDGE_WITHIN_S;
}
