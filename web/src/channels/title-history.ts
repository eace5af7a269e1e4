/** What a broadcast was called, and from when on. Pure. */

interface Titled {
  readonly at: string;
  readonly title: string;
}

/** One name of a broadcast. */
export interface TitleChange {
  readonly title: string;
  /** How far into the broadcast, in milliseconds; 0 for its first name. */
  readonly atMs: number;
}

/**
 * The names of a broadcast, in order; a change of category alone is none.
 *
 * Names that it had before its first media count from its beginning; of these the last holds.
 */
export function titleHistory(titles: readonly Titled[], startedAt: string): readonly TitleChange[] {
  const startedMs = Date.parse(startedAt);
  const history: TitleChange[] = [];
  for (const { at, title } of titles) {
    const atMs = Math.max(0, Date.parse(at) - startedMs);
    if (atMs === 0) history.length = 0;
    if (history.at(-1)?.title !== title) history.push({ title, atMs });
  }
  return history;
}
