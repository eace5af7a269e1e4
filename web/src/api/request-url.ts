/** Addresses of requests. Pure. */

type Text = string | number | boolean;

/**
 * Fills a path's parameters in, and adds the query: ("/a/{b}", {b: "c d"}, {e: 1}) makes "/a/c%20d?e=1".
 *
 * Query parameters that are undefined or null are left out; lists are repeated. Throws if a
 * parameter of the path is missing.
 */
export function requestUrl(
  path: string,
  parameters: Readonly<Record<string, Text>>,
  query: Readonly<Record<string, Text | readonly Text[] | null | undefined>>,
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`the path ${path} lacks its ${name}`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    for (const each of Array.isArray(value) ? (value as readonly Text[]) : [value as Text]) {
      search.append(name, String(each));
    }
  }
  const text = search.toString();
  return text === "" ? filled : `${filled}?${text}`;
}
