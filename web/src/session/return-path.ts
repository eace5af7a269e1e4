/** The way back from signing in. Pure. */

const PARAMETER = "return";

/** The address of the page for signing in, which leads back to a path of this site. */
export function signInPath(from: string): string {
  return from === "/" ? "/sign-in" : `/sign-in?${new URLSearchParams({ [PARAMETER]: from }).toString()}`;
}

/**
 * Where to go after signing in: what the query says, if that is a page of this site, else home.
 *
 * Anybody can write such a link, so no other site and no other scheme gets through: browsers take
 * "//host" and "/\host" for addresses of another host.
 */
export function returnPath(search: string, origin: string): string {
  const wanted = new URLSearchParams(search).get(PARAMETER) ?? "/";
  if (!wanted.startsWith("/")) return "/";
  try {
    const url = new URL(wanted, origin);
    if (url.origin !== origin || url.pathname === "/sign-in") return "/";
    // What has more than one slash at its front would leave the site where it is used again.
    return url.pathname.startsWith("//") ? "/" : url.pathname + url.search + url.hash;
  } catch {
    return "/";
  }
}
