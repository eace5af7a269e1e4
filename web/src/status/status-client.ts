import type { ChannelStatus } from "./channel-status.js";
import { readChannelStatus, readLiveChannels } from "./channel-status.js";
import type { PublishAddress } from "./publish-address.js";
import { readPublishAddress } from "./publish-address.js";
import type { ServerClock } from "./server-clock.js";
import { ServerUnreachable, retryAfterMs } from "./server-unreachable.js";

/** Longer than any healthy answer, shorter than a viewer's patience. */
const TIMEOUT_MS = 8_000;

/** No channel can have this name (HTTP 404). */
export class ChannelUnknown extends Error {
  constructor(channel: string) {
    super(`no channel can be called ${channel}`);
    this.name = "ChannelUnknown";
  }
}

/** The status API. Every answer also sets the server clock. */
export class StatusClient {
  readonly #clock: ServerClock;

  constructor(clock: ServerClock) {
    this.#clock = clock;
  }

  /**
   * `token` is the viewer's leave to watch; null where everybody may.
   *
   * Throws ChannelUnknown, ServerUnreachable or MalformedAnswer; AbortError when aborted.
   */
  async channel(channel: string, token: string | null, signal: AbortSignal): Promise<ChannelStatus> {
    const sentAtMs = Date.now();
    const folder = token === null ? "" : `~${encodeURIComponent(token)}/`;
    const answer = await this.#get(`/api/v1/live/${folder}${encodeURIComponent(channel)}`, signal);
    const receivedAtMs = Date.now();
    if (answer === null) throw new ChannelUnknown(channel);
    const status = readChannelStatus(answer);
    this.#clock.observe(status.serverTimeMs, sentAtMs, receivedAtMs);
    return status;
  }

  /** Throws ServerUnreachable or MalformedAnswer; AbortError when aborted. */
  async liveChannels(signal: AbortSignal): Promise<readonly ChannelStatus[]> {
    const sentAtMs = Date.now();
    const answer = await this.#get("/api/v1/live", signal);
    const receivedAtMs = Date.now();
    if (answer === null) throw new ServerUnreachable("the server has no list of live channels");
    const channels = readLiveChannels(answer);
    const [first] = channels;
    if (first !== undefined) this.#clock.observe(first.serverTimeMs, sentAtMs, receivedAtMs);
    return channels;
  }

  /** Throws ServerUnreachable or MalformedAnswer; AbortError when aborted. */
  async publishAddress(signal: AbortSignal): Promise<PublishAddress> {
    return readPublishAddress(await this.#get("/api/v1/publishing", signal));
  }

  /** Returns the answer's JSON, or null for 404. */
  async #get(path: string, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    const request = new AbortController();
    const abort = (): void => {
      request.abort(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    const timeout = setTimeout(() => {
      request.abort(new ServerUnreachable(`no answer within ${TIMEOUT_MS} ms`));
    }, TIMEOUT_MS);
    try {
      const response = await fetch(path, {
        signal: request.signal,
        cache: "no-store",
        headers: { Accept: "application/json" },
      });
      if (response.status === 404) return null;
      if (!response.ok) {
        throw new ServerUnreachable(`the server answered ${response.status}`, {
          retryAfterMs: retryAfterMs(response.headers.get("Retry-After")),
        });
      }
      return (await response.json()) as unknown;
    } catch (error) {
      if (signal.aborted || error instanceof ServerUnreachable) throw error;
      throw new ServerUnreachable("the request did not come through", { cause: error });
    } finally {
      clearTimeout(timeout);
      signal.removeEventListener("abort", abort);
    }
  }
}
