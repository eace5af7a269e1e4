import type { Picture } from "../api/channel-names.js";

/** What an `<img>` of a picture in several widths says; null where there is no picture. */
export function artworkSources(
  pictures: readonly Picture[],
): { readonly src: string; readonly srcset: string } | null {
  const smallest = pictures[0];
  if (smallest === undefined) return null;
  return {
    src: smallest.url,
    srcset: pictures.map(({ url, width }) => `${url} ${width}w`).join(", "),
  };
}
