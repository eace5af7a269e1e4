/** Which channels are looked for, as it stands in the address of the page of results. Pure. */
export interface Browse {
  /** Words; empty to browse. */
  readonly q: string;
  readonly category: string | null;
  readonly tag: string | null;
  readonly language: string | null;
}

const NAMES = ["category", "tag", "language"] as const;

/** The address of the page with these results. */
export function browsePath(wanted: Partial<Browse>): string {
  const query = new URLSearchParams();
  if (wanted.q !== undefined && wanted.q !== "") query.set("q", wanted.q);
  for (const name of NAMES) {
    const value = wanted[name];
    if (value !== undefined && value !== null && value !== "") query.set(name, value);
  }
  const text = query.toString();
  return text === "" ? "/search" : `/search?${text}`;
}

/** What the query of such an address asks for. */
export function browseOf(query: string): Browse {
  const read = new URLSearchParams(query);
  const [category, tag, language] = NAMES.map((name) => read.get(name) ?? "").map((text) =>
    text === "" ? null : text,
  );
  return {
    q: (read.get("q") ?? "").trim(),
    category: category ?? null,
    tag: tag ?? null,
    language: language ?? null,
  };
}

/** What the API's lists are asked for. */
export function filterOf(wanted: Browse): { category?: string; tag?: string; language?: string } {
  return {
    ...(wanted.category === null ? {} : { category: wanted.category }),
    ...(wanted.tag === null ? {} : { tag: wanted.tag }),
    ...(wanted.language === null ? {} : { language: wanted.language }),
  };
}
