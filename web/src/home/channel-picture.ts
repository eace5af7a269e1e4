import type { CSSResult, TemplateResult } from "lit";
import { css, html } from "lit";

import type { ChannelCard } from "../api/channel-names.js";
import "../brand/rill-art.js";
import { artworkSources } from "./artwork.js";

/**
 * A channel's own picture, or the one that belongs to its name; fills its box. Decorative.
 *
 * `sizes` says how wide it is shown, as in an `<img>`. For components that have `channelPictureStyle`.
 */
export function channelPicture(channel: ChannelCard, sizes: string): TemplateResult {
  const sources = artworkSources(channel.artwork);
  if (sources === null) {
    return html`<rillcast-rill-art .name=${channel.name}></rillcast-rill-art>`;
  }
  return html`<img
    src=${sources.src}
    srcset=${sources.srcset}
    sizes=${sizes}
    alt=""
    loading="lazy"
    decoding="async"
  />`;
}

export const channelPictureStyle: CSSResult = css`
  .picture > rillcast-rill-art,
  .picture > img {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: cover;
  }
`;
