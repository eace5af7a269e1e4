/** Which messages are in the page: a bounded run of places. Pure. */

/** How many messages are in the page at most, and by how many the run moves when its end is near. */
export const WINDOW_SIZE = 120;
export const WINDOW_STEP = 40;

/** Places from `from` up to but not including `until`. */
export interface ListWindow {
  readonly from: number;
  readonly until: number;
}

/** What there is: places from `first` up to but not including `end`. */
export interface Extent {
  readonly first: number;
  readonly end: number;
}

/** The newest messages. */
export function newestWindow({ first, end }: Extent): ListWindow {
  return { from: Math.max(first, end - WINDOW_SIZE), until: end };
}

/** The run further back, or the same if there is nothing older here. */
export function olderWindow(window: ListWindow, { first }: Extent): ListWindow {
  const from = Math.max(first, window.from - WINDOW_STEP);
  return { from, until: Math.min(window.until, from + WINDOW_SIZE) };
}

/** The run further on, or the same if there is nothing newer. */
export function newerWindow(window: ListWindow, { end }: Extent): ListWindow {
  const until = Math.min(end, window.until + WINDOW_STEP);
  return { from: Math.max(window.from, until - WINDOW_SIZE), until };
}

/**
 * The run after something was added or forgotten, for a reader who stays where they are: it grows
 * up to its bound, and then newer messages wait below.
 */
export function heldWindow(window: ListWindow, { first, end }: Extent): ListWindow {
  const from = Math.min(Math.max(window.from, first), end);
  return { from, until: Math.min(end, from + WINDOW_SIZE) };
}
