import type { WireMessage } from "./wire-message.js";

/** What somebody who carries events reports. */
export interface CarrierListener {
  readonly onMessage: (message: WireMessage) => void;
  /** Told once; nothing comes after it. `code` is the server's, or 1006 if there was none. */
  readonly onEnd: (code: number) => void;
}

/** One connection to the server that brings events. */
export interface Carrier {
  /** Whether commands can be sent: a stream of server-sent events only brings. */
  readonly takesCommands: boolean;
  send(command: object): void;
  /** Ends it from here; `onEnd` is not called any more. */
  close(): void;
}

/** Opens a connection for topics. Only event streams need to know them from the start. */
export type OpenCarrier = (
  topics: readonly string[],
  after: string | null,
  listener: CarrierListener,
) => Carrier;
