import type { CSSResult } from "lit";
import { css, unsafeCSS } from "lit";

import { NAME_HUES, NAME_SHADES } from "./name-colour.js";

/** Classes "hue-0" and so on: the security policy allows no style beside the sheets. */
export const nameColourStyle: CSSResult = css`
  ${sheet(NAME_SHADES.dark)}
  @media (prefers-color-scheme: light) {
    ${sheet(NAME_SHADES.light)}
  }
  ${sheet(NAME_SHADES.dark, ":host([isbare])")}
`;

function sheet({ lightness, chroma }: { lightness: number; chroma: number }, host = ""): CSSResult {
  // Numbers of our own alone: nothing that anybody has written gets here.
  return unsafeCSS(
    NAME_HUES.map(
      (hue, index) => `${host} .hue-${index} { color: oklch(${lightness} ${chroma} ${hue}); }`,
    ).join("\n"),
  );
}
