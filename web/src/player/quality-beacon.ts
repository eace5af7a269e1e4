import type { QualitySums } from "./quality-meter.js";

/** Where beacons go (distribution/beacon_head.py). */
const ADDRESS = "/api/beacon";

/** What is said of a playback besides its sums. */
export interface BeaconFacts {
  readonly channel: string;
  readonly language: string;
  readonly player: "hls.js" | "native";
  readonly bitrateBps: number | null;
  readonly latencyMs: number | null;
}

export type Send = (address: string, request: RequestInit) => Promise<{ readonly status: number }>;

/** The server does not take any: it has switched them off, or is older than this page. */
let isRefused = false;

/**
 * Tells the server of one playback, by the session that the server has given to its player.
 *
 * Each beacon holds all sums, and those that the server has confirmed: none has to arrive, and one
 * that arrives twice counts once. Nothing in it names a viewer; no cookie goes with it.
 */
export class QualityBeacon {
  readonly session: string;
  readonly #send: Send;
  #sequence = 0;
  #told: QualitySums | null = null;
  #last: QualitySums | null = null;

  constructor(session: string, send: Send = (address, request) => fetch(address, request)) {
    this.session = session;
    this.#send = send;
  }

  /**
   * Goes on with the same playback by another session, when its player has begun anew.
   *
   * What was said by the former one is not said again: nobody has watched it by this one.
   */
  continuedBy(session: string): QualityBeacon {
    const next = new QualityBeacon(session, this.#send);
    next.#told = next.#last = this.#last;
    return next;
  }

  /** Sends the sums, unless nothing has changed. Returns once they are confirmed, or will not be. */
  async tell(sums: QualitySums, facts: BeaconFacts): Promise<void> {
    if (isRefused || JSON.stringify(sums) === JSON.stringify(this.#last)) return;
    this.#last = sums;
    this.#sequence += 1;
    const body = JSON.stringify({
      v: 1,
      session: this.session,
      seq: this.#sequence,
      channel: facts.channel,
      player: facts.player,
      language: facts.language.slice(0, 35),
      bitrateKbps: facts.bitrateBps === null ? null : Math.round(facts.bitrateBps / 1000),
      latencyMs: facts.latencyMs === null ? null : Math.max(0, Math.round(facts.latencyMs)),
      total: sums,
      told: this.#told,
    });
    try {
      const { status } = await this.#send(ADDRESS, {
        method: "POST",
        body,
        headers: { "Content-Type": "application/json" },
        credentials: "omit",
        keepalive: true, // goes on when the page is left
        cache: "no-store",
      });
      if (status === 204) this.#told = sums;
      if (status === 404 || status === 405) isRefused = true;
    } catch {
      // The next one says it, too.
    }
  }
}
