import { isChannelName } from "./channel-name.js";

/** What an address asks for. */
export type Route =
  | { readonly page: "home" }
  | { readonly page: "channel"; readonly channel: string }
  /** A channel's chat in a window of its own, or over a picture in a streamer's program. */
  | { readonly page: "chat" | "dock"; readonly channel: string }
  | { readonly page: "search"; readonly query: string }
  | { readonly page: "following"; readonly query: string }
  | { readonly page: AccountPage }
  | { readonly page: "settings"; readonly section: string }
  | { readonly page: "admin"; readonly section: string }
  | {
      readonly page: "dashboard";
      readonly channel: string | null;
      readonly section: string;
      /** One thing of a section, such as a broadcast; null for all of them. */
      readonly item: string | null;
    }
  /** What a streamer keeps open on a second screen. */
  | { readonly page: "board"; readonly channel: string }
  | { readonly page: "not-found"; readonly path: string };

/** Where people come in and prove who they are; mails lead to some. */
type AccountPage =
  | "sign-in"
  | "sign-up"
  | "set-up"
  | "reset-password"
  | "confirm-email"
  | "unsubscribe";

const ACCOUNT_PAGES: ReadonlySet<string> = new Set<AccountPage>([
  "sign-in",
  "sign-up",
  "set-up",
  "reset-password",
  "confirm-email",
  "unsubscribe",
]);

/**
 * Reads a path and its query. Never throws: what cannot be a page is "not-found".
 *
 * Without accounts there are no pages for them, and their words are channels' names like others.
 */
export function routeOf(pathname: string, search = "", hasAccounts = true): Route {
  const segments = pathname.split("/").filter((segment) => segment !== "");
  const [first, second, third, fourth] = segments;
  if (first === undefined) return { page: "home" };
  if (hasAccounts && first === "dashboard" && third === "broadcasts" && segments.length === 4) {
    return { page: first, channel: second ?? null, section: third, item: fourth ?? null };
  }
  if (hasAccounts && segments.length <= 3) {
    if (second === undefined) {
      if (isAccountPage(first)) return { page: first };
      if (first === "search" || first === "following") {
        return { page: first, query: new URLSearchParams(search).toString() };
      }
    }
    switch (first) {
      case "settings":
      case "admin":
        if (third === undefined) return { page: first, section: second ?? "" };
        break;
      case "dashboard":
        if (second !== undefined && third === "live") return { page: "board", channel: second };
        return { page: "dashboard", channel: second ?? null, section: third ?? "", item: null };
      default:
    }
  }
  if (second === undefined && isChannelName(first)) return { page: "channel", channel: first };
  const isRoom = hasAccounts && third === undefined && (second === "chat" || second === "dock");
  if (isRoom && isChannelName(first)) return { page: second, channel: first };
  return { page: "not-found", path: pathname };
}

function isAccountPage(word: string): word is AccountPage {
  return ACCOUNT_PAGES.has(word);
}

/** The address of what a streamer is told of one broadcast. */
export function broadcastPath(channel: string, broadcast: string): string {
  return `/dashboard/${channel}/broadcasts/${broadcast}`;
}

/** The address of a channel's page. */
export function channelPath(channel: string): string {
  return `/${channel}`;
}
