/** Longer than this is no restart; whoever asks for more is asked again anyway. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/** The server could not be asked, or refused to answer. */
export class ServerUnreachable extends Error {
  /** How long the server wants to be left alone, in milliseconds; 0 when it did not say. */
  readonly retryAfterMs: number;

  constructor(reason: string, options?: ErrorOptions & { readonly retryAfterMs?: number }) {
    super(reason, options);
    this.name = "ServerUnreachable";
    this.retryAfterMs = options?.retryAfterMs ?? 0;
  }
}

/**
 * Reads a Retry-After header (RFC 9110 section 10.2.3) as milliseconds; 0 without one.
 *
 * Only seconds are read: a date would be by a clock that differs from ours.
 */
export function retryAfterMs(header: string | null): number {
  if (header === null || !/^\d+$/.test(header)) return 0;
  return Math.min(Number(header) * 1000, LONGEST_RETRY_AFTER_MS);
}
