/** How many answers are remembered. Polls come every few seconds: about half a minute. */
const REMEMBERED = 8;

interface Reading {
  readonly offsetMs: number;
  readonly roundTripMs: number;
}

/**
 * The server's clock, as seen from here.
 *
 * Each status answer carries the server's time. Half of the round trip is taken for the way back;
 * the answer with the shortest round trip of the last few is believed, since its error is at most
 * half of that round trip (the rule of NTP, RFC 5905 section 10).
 */
export class ServerClock {
  readonly #readings: Reading[] = [];

  /** Takes one answer. All three are milliseconds since the epoch, the last two by our clock. */
  observe(serverTimeMs: number, sentAtMs: number, receivedAtMs: number): void {
    const roundTripMs = receivedAtMs - sentAtMs;
    // The local clock was set back between request and answer: the pair means nothing.
    if (roundTripMs < 0) return;
    this.#readings.push({ offsetMs: serverTimeMs - (sentAtMs + receivedAtMs) / 2, roundTripMs });
    if (this.#readings.length > REMEMBERED) this.#readings.shift();
  }

  /** Server time minus local time in milliseconds, or null before the first answer. */
  get offsetMs(): number | null {
    let best: Reading | null = null;
    for (const reading of this.#readings) {
      if (best === null || reading.roundTripMs <= best.roundTripMs) best = reading;
    }
    return best === null ? null : best.offsetMs;
  }

  /** The server's time when the local clock shows `localMs`; the local time until it is known. */
  at(localMs: number): number {
    return localMs + (this.offsetMs ?? 0);
  }
}
