import type { CSSResult, TemplateResult } from "lit";
import { LitElement, css, html, svg } from "lit";
import { customElement, property } from "lit/decorators.js";

const WIDTH = 320;
const HEIGHT = 180;
const LINES = 9;
/** From green over blue to rose; olive and mustard would look ill beside the accent colour. */
const FIRST_HUE = 150;
const HUES = 200;

/** FNV-1a: spreads similar names over all hues. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const character of name) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
}

/** A picture of flowing lines that belongs to one name: the same name always looks the same. */
@customElement("rillcast-rill-art")
export class RillArt extends LitElement {
  static override styles: CSSResult = css`
    :host {
      display: block;
      overflow: hidden;
    }
    svg {
      display: block;
      width: 100%;
      height: 100%;
    }
  `;

  @property() name = "";

  override render(): TemplateResult {
    const hash = hashOf(this.name);
    const hue = FIRST_HUE + (hash % HUES);
    const phase = (hash >>> 9) % 64;
    const swell = 14 + ((hash >>> 16) % 14);
    const lines = Array.from({ length: LINES }, (_, index) => {
      const y = (HEIGHT / (LINES - 1)) * index;
      const lean = swell * Math.sin((index + phase) / 2.2);
      const path = `M-10 ${y} C${WIDTH * 0.3} ${y - swell - lean}, ${WIDTH * 0.55} ${y + swell + lean}, ${WIDTH + 10} ${y - lean}`;
      const lightness = 30 + ((index * 7 + phase) % 26);
      return svg`<path d=${path} stroke=${`hsl(${hue + index * 4} 55% ${lightness}%)`} />`;
    });
    return html`<svg
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
      focusable="false"
    >
      <rect width=${WIDTH} height=${HEIGHT} fill=${`hsl(${hue} 45% 12%)`} />
      <g fill="none" stroke-width="9" stroke-linecap="round">${lines}</g>
    </svg>`;
  }
}
