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

type Send = (address: string, request: RequestInit) => Promise<{ readonly status: number }>;

/** The server does not take any: it has switched them off, or is older than this page. */
let isRefused = false;

/**
 * Tells the server of one playback.
 *
 * Each beacon holds all sums, and those that the server has confirmed: none has to arrive, and one
 * that arrives twice counts once. Nothing in it names a viewer; no cookie goes with it.
 */
export class QualityBeacon {
  readonly #session = randomName();
  readonly #send: Send;
  #sequence = 0;
  #told: QualitySums | null = null;
  #last = "";

  constructor(send: Send = (address, request) => fetch(address, request)) {
    this.#send = send;
  }

  /** Sends the sums, unless nothing has changed. Returns once they are confirmed, or will not be. */
  async tell(sums: QualitySums, facts: BeaconFacts): Promise<void> {
    const known = JSON.stringify(sums);
    if (isRefused || known === this.#last) return;
    this.#last = known;
    this.#sequence += 1;
    const body = JSON.stringify({
      v: 1,
      session: this.#session,
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

/** Means nothing, and is forgotten with the page. crypto.randomUUID() is there with HTTPS alone. */
function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
