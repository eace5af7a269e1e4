import { isChannelName } from "./channel-name.js";

/** What an address asks for. */
export type Route =
  | { readonly page: "home" }
  | { readonly page: "channel"; readonly channel: string }
  | { readonly page: "not-found"; readonly path: string };

/** Reads a path. Never throws: what cannot be a page is "not-found". */
export function routeOf(pathname: string): Route {
  const segments = pathname.split("/").filter((segment) => segment !== "");
  const [first, second] = segments;
  if (first === undefined) return { page: "home" };
  if (second === undefined && isChannelName(first)) return { page: "channel", channel: first };
  return { page: "not-found", path: pathname };
}

/** The address of a channel's page. */
export function channelPath(channel: string): string {
  return `/${channel}`;
}
