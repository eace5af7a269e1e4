/** Secrets behind the # of mailed and shown links. Pure. */

/** What stands behind the #, by name: "#token=rcr_..." has a token. Null if it does not. */
export function fragmentValue(hash: string, name: string): string | null {
  const value = new URLSearchParams(hash.replace(/^#/, "")).get(name);
  return value === null || value === "" ? null : value;
}
