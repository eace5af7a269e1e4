/** The HTML that brings a channel's player onto other people's sites. */

import { sharedLinkHash } from "./shared-link.js";

export interface EmbedChoice {
  /** Scheme, host and port of this server. */
  readonly origin: string;
  readonly channel: string;
  /** What screen readers call the frame. */
  readonly title: string;
  /** Pixels; the height follows, 16 to 9. */
  readonly width: number;
  readonly startsMuted: boolean;
  /** The token of a shared link, for channels that are not open to everybody. */
  readonly link: string | null;
}

export const EMBED_WIDTH_MIN = 320;
export const EMBED_WIDTH_MAX = 1920;
export const EMBED_WIDTH_USUAL = 640;

/** The address of the player for other sites. */
export function embedAddress(choice: Omit<EmbedChoice, "title" | "width">): string {
  const query = choice.startsMuted ? "?muted" : "";
  const hash = choice.link === null ? "" : sharedLinkHash(choice.link);
  return `${choice.origin}/embed/${encodeURIComponent(choice.channel)}${query}${hash}`;
}

/**
 * One `<iframe>` that scales down with the page it stands in.
 *
 * Widths are brought between EMBED_WIDTH_MIN and EMBED_WIDTH_MAX. All that people have written is
 * escaped: the code may be pasted anywhere that HTML is read.
 */
export function embedCode(choice: EmbedChoice): string {
  const width = embedWidth(choice.width);
  const height = Math.round((width * 9) / 16);
  return (
    `<iframe src="${escaped(embedAddress(choice))}" title="${escaped(choice.title)}" ` +
    `width="${width}" height="${height}" style="max-width: 100%; border: 0; aspect-ratio: 16 / 9; height: auto" ` +
    `allow="autoplay; fullscreen; picture-in-picture" allowfullscreen loading="lazy"></iframe>`
  );
}

/** The nearest width that a player can have; the smallest for what is no number. */
export function embedWidth(width: number): number {
  if (!Number.isFinite(width)) return EMBED_WIDTH_MIN;
  return Math.round(Math.min(Math.max(width, EMBED_WIDTH_MIN), EMBED_WIDTH_MAX));
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
