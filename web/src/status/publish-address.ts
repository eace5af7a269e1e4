import { JsonObject } from "./json-reader.js";

/** Where encoders connect, on the host that serves this page. */
export interface PublishAddress {
  /** Null where encoders on other machines can come by TLS alone. */
  readonly rtmpPort: number | null;
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
    rtmpPort: object.optional("rtmpPort", object.number.bind(object)),
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

/** The server without TLS, on the usual port until it is known; null where there is none for others. */
export function serverUrl(hostname: string, address: PublishAddress | null): string | null {
  const port = address === null ? USUAL_RTMP_PORT : address.rtmpPort;
  if (port === null) return null;
  const place = port === USUAL_RTMP_PORT ? hostname : `${hostname}:${port}`;
  return `rtmp://${place}/live`;
}
