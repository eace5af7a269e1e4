/** How many watched in the last minutes. Pure, and never longer than that. */

export const TRAIL_MS = 600_000;
/** One number for each of these: what comes sooner takes its place. */
export const TRAIL_STEP_MS = 5_000;

export interface TrailPoint {
  readonly atMs: number;
  readonly viewers: number;
}

/** The trail with what is known now. Numbers from before its last step are dropped. */
export function trailAfter(
  trail: readonly TrailPoint[],
  atMs: number,
  viewers: number,
): readonly TrailPoint[] {
  const slotMs = Math.floor(atMs / TRAIL_STEP_MS) * TRAIL_STEP_MS;
  const last = trail.at(-1);
  if (last !== undefined && slotMs < last.atMs) return trail;
  const kept = trail.filter((point) => point.atMs > slotMs - TRAIL_MS && point.atMs !== slotMs);
  return [...kept, { atMs: slotMs, viewers }];
}

/** The trail of what the server has sampled, the oldest first. */
export function trailOf(
  samples: readonly { readonly at: string; readonly viewers: number }[],
): readonly TrailPoint[] {
  return samples.reduce<readonly TrailPoint[]>(
    (trail, { at, viewers }) => trailAfter(trail, Date.parse(at), viewers),
    [],
  );
}

/** Points of a line through the trail, in a box of this size; "" for fewer than two. */
export function trailLine(
  trail: readonly TrailPoint[],
  nowMs: number,
  width: number,
  height: number,
): string {
  if (trail.length < 2) return "";
  const most = Math.max(1, ...trail.map(({ viewers }) => viewers));
  const x = (atMs: number): number => width * (1 - (nowMs - atMs) / TRAIL_MS);
  const y = (viewers: number): number => height * (1 - viewers / most);
  return trail
    .map(({ atMs, viewers }) => {
      const place = Math.min(width, Math.max(0, x(atMs)));
      return `${place.toFixed(1)},${y(viewers).toFixed(1)}`;
    })
    .join(" ");
}
