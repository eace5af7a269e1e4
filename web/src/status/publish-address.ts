import { JsonObject } from "./json-reader.js";

/** Where encoders connect, on the host that serves this page. */
export interface PublishAddress {
  readonly rtmpPort: number;
  /** Null where TLS is not served. */
  readonly rtmpsPort: number | null;
  /** False on an open server, where the stream name is the channel's. */
  readonly needsKey: boolean;
  /** Whether people sign in here, and have channels and keys of their own. */
  readonly hasAccounts: boolean;
}

const USUAL_RTMP_PORT = 1935;

/** Throws MalformedAnswer. */
export function readPublishAddress(answer: unknown): PublishAddress {
  const object = new JsonObject(answer, "");
  return {
    rtmpPort: object.number("rtmpPort"),
    rtmpsPort: object.optional("rtmpsPort", object.number.bind(object)),
    needsKey: object.boolean("needsKey"),
    hasAccounts: object.optional("hasAccounts", object.boolean.bind(object)) ?? false,
  };
}

/** The server over TLS; null where that is not served. `hostname` as in a URL. */
export function secureServerUrl(hostname: string, address: PublishAddress | null): string | null {
  const port = address?.rtmpsPort ?? null;
  return port === null ? null : `rtmps://${hostname}:${port}/live`;
}

/** What a streamer enters as the server in an encoder; `hostname` as in a URL. */
export function serverUrl(hostname: string, address: PublishAddress | null): string {
  const port = address?.rtmpPort ?? USUAL_RTMP_PORT;
  const place = port === USUAL_RTMP_PORT ? hostname : `${hostname}:${port}`;
  return `rtmp://${place}/live`;
}
