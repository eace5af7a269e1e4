import type { CSSResult, TemplateResult } from "lit";
import { LitElement, css, html, svg } from "lit";
import { customElement, property } from "lit/decorators.js";

import { boardTexts } from "../texts/analytics.js";
import type { TrailPoint } from "./viewer-trail.js";
import { trailLine } from "./viewer-trail.js";

const WIDTH = 600;
const HEIGHT = 100;

/** How many watched in the last minutes, as a line; a screen reader hears between what. */
@customElement("rillcast-sparkline")
export class Sparkline extends LitElement {
  static override styles: CSSResult = css`
    :host {
      display: block;
      min-height: 0;
    }
    svg {
      display: block;
      overflow: visible;
      width: 100%;
      height: 100%;
    }
    polyline {
      fill: none;
      stroke: var(--series-1);
      stroke-linecap: round;
      stroke-linejoin: round;
      stroke-width: 3px;
      vector-effect: non-scaling-stroke;
    }
    polygon {
      fill: var(--series-1);
      opacity: 0.16;
    }
    line {
      stroke: var(--line);
      stroke-width: 1px;
      vector-effect: non-scaling-stroke;
    }
  `;

  @property({ attribute: false }) trail: readonly TrailPoint[] = [];
  /** The moment at the right end. */
  @property({ attribute: false }) nowMs = 0;

  override render(): TemplateResult {
    const line = trailLine(this.trail, this.nowMs, WIDTH, HEIGHT);
    const ends = line.split(" ").map((point) => point.split(",")[0] ?? "0");
    return html`<svg
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      preserveAspectRatio="none"
      role="img"
      aria-label=${this.#name}
    >
      ${svg`<line x1="0" y1=${HEIGHT} x2=${WIDTH} y2=${HEIGHT}></line>`}
      ${line === ""
        ? svg``
        : svg`<polygon points="${ends[0] ?? "0"},${HEIGHT} ${line} ${ends.at(-1) ?? "0"},${HEIGHT}"></polygon>
            <polyline points=${line}></polyline>`}
    </svg>`;
  }

  get #name(): string {
    if (this.trail.length < 2) return boardTexts.noTrend;
    const counts = this.trail.map(({ viewers }) => viewers);
    return boardTexts.trend(Math.min(...counts), Math.max(...counts));
  }
}
