/** How the playhead is kept near the live edge, decided without a player. */

export interface EdgeFacts {
  /** How far the playhead is behind where it should be; negative when ahead of it. Seconds. */
  readonly lagS: number;
  /** What is buffered ahead of the playhead. Seconds. */
  readonly bufferS: number;
  /** The present speed. */
  readonly rate: number;
}

export interface Steering {
  readonly rate: number;
  readonly seekToLive: boolean;
}

/**
 * hls.js has a catch-up of its own (maxLiveSyncPlaybackRate), but it acts only on more than one
 * second of buffer, which a low-latency viewer never has. These bounds act on what there is.
 */
const CATCH_UP_ABOVE_S = 0.25;
const CAUGHT_UP_BELOW_S = 0.06;
const START_WITH_BUFFER_S = 0.6;
const STOP_WITH_BUFFER_S = 0.35;
/** Beyond this, catching up by speed takes longer than a viewer should wait. */
const JUMP_ABOVE_S = 5;

/** Speeds by lag, the largest first. Under 1.1 speech and music keep their character. */
const SPEEDS: readonly (readonly [thresholdS: number, rate: number])[] = [
  [1.5, 1.08],
  [0.6, 1.05],
  [0, 1.03],
];

/** Chooses speed, or a jump, for a viewer who wants to be at the live edge. */
export function steer({ lagS, bufferS, rate }: EdgeFacts): Steering {
  if (lagS > JUMP_ABOVE_S) return { rate: 1, seekToLive: true };
  const isCatchingUp = rate > 1;
  const goesOn = isCatchingUp
    ? lagS > CAUGHT_UP_BELOW_S && bufferS > STOP_WITH_BUFFER_S
    : lagS > CATCH_UP_ABOVE_S && bufferS > START_WITH_BUFFER_S;
  if (!goesOn) return { rate: 1, seekToLive: false };
  const speed = SPEEDS.find(([thresholdS]) => lagS > thresholdS);
  return { rate: speed?.[1] ?? 1, seekToLive: false };
}

/** Closer than this to the target counts as being live. */
const AT_EDGE_WITHIN_S = 1.5;

/** Says whether a playhead this far behind its target still deserves the live badge. */
export function isAtLiveEdge(lagS: number): boolean {
  return lagS <= AT_EDGE_WITHIN_S;
}
