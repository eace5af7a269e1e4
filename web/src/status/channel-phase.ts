import type { ChannelState } from "./channel-status.js";

/**
 * What a viewer is told about a channel.
 *
 * The server's states, and what only the viewer's side can know: that nothing has been heard yet,
 * that nothing can be heard, and that no such channel can be.
 */
export type ChannelPhase = ChannelState | "loading" | "unreachable" | "not-found";

/**
 * The phase after the server reported `state`.
 *
 * A show that was watched on this page and is gone has ended; a channel that was never seen on air
 * is offline.
 */
export function phaseAfter(previous: ChannelPhase, state: ChannelState): ChannelPhase {
  const wasOnAir =
    previous === "live" ||
    previous === "interrupted" ||
    previous === "ended";
  return state === "offline" && wasOnAir ? "ended" : state;
}

/** How often to ask while a channel is in this state, in milliseconds. */
export function statusIntervalMs(state: ChannelState): number {
  switch (state) {
    case "live":
      // A player that stalls asks at once, so the pace only bounds how late a quiet change is seen.
      return 4_000;
    case "starting":
    case "interrupted":
      return 1_500;
    case "offline":
    case "ended":
      return 2_000;
  }
}
