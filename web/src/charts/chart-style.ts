import type { CSSResult } from "lit";
import { css, unsafeCSS } from "lit";
import plotCss from "uplot/dist/uPlot.min.css?inline";

/** A chart: its legend, what is drawn, and what is read there. Beside `buttonStyle`. */
export const chartStyle: CSSResult = css`
  ${unsafeCSS(plotCss)}
  :host {
    display: block;
    min-width: 0;
  }
  figure {
    display: grid;
    gap: var(--space-3);
    min-width: 0;
    margin: 0;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1) var(--space-4);
    align-items: center;
    justify-content: space-between;
  }
  .legend,
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .legend {
    margin-left: calc(-1 * var(--space-2));
  }
  .tools {
    margin-inline: auto calc(-1 * var(--space-2));
  }
  .bar button {
    min-height: 2.25rem;
    padding: 0 var(--space-2);
    border-color: transparent;
    color: var(--text-muted);
    font-weight: 500;
  }
  .bar button:hover {
    color: var(--text);
  }
  .legend button[aria-pressed="true"] {
    color: var(--text);
  }
  .legend button[aria-pressed="false"] {
    text-decoration: line-through;
  }
  .legend button[aria-pressed="false"] i {
    opacity: 0.35;
  }
  i {
    flex: none;
    width: 0.85rem;
    height: 0.25rem;
    border-radius: 2px;
    background: var(--colour);
  }
  i.bars {
    width: 0.6rem;
    height: 0.8rem;
    opacity: 0.7;
  }
  i.dashed {
    background: repeating-linear-gradient(
      90deg,
      var(--colour) 0 0.3rem,
      transparent 0.3rem 0.5rem
    );
  }
  .colour-1 { --colour: var(--series-1); }
  .colour-2 { --colour: var(--series-2); }
  .colour-3 { --colour: var(--series-3); }
  .colour-4 { --colour: var(--series-4); }
  .colour-5 { --colour: var(--series-5); }
  .colour-6 { --colour: var(--series-6); }
  .stage {
    position: relative;
    min-width: 0;
  }
  .plot {
    height: var(--chart-height, 16rem);
    border-radius: var(--radius-s);
    /* Side by side is for reading, up and down for the page. */
    touch-action: pan-y;
  }
  .plot.pending {
    background: var(--line);
    opacity: 0.4;
  }
  .u-cursor-x {
    border-color: var(--line-strong);
  }
  .u-select {
    background: var(--accent-soft);
    opacity: 0.6;
  }
  .tip {
    position: absolute;
    z-index: 1;
    top: 0;
    width: max-content;
    max-width: min(18rem, 70%);
    padding: var(--space-2) var(--space-3);
    border: 1px solid var(--line);
    border-radius: var(--radius-m);
    background: var(--raised);
    box-shadow: var(--shadow);
    font-size: var(--text-s);
    pointer-events: none;
  }
  .tip p,
  .tip dl {
    margin: 0;
  }
  .tip .time {
    color: var(--text-muted);
    font-size: var(--text-xs);
  }
  .tip .marker {
    margin-top: var(--space-1);
    padding-top: var(--space-1);
    border-top: 1px solid var(--line);
    color: var(--text-muted);
    font-size: var(--text-xs);
    overflow-wrap: anywhere;
  }
  .tip div {
    display: flex;
    gap: var(--space-4);
    justify-content: space-between;
  }
  .tip dt {
    display: flex;
    gap: var(--space-2);
    align-items: center;
  }
  .tip dd {
    margin: 0;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .note {
    margin: 0;
    color: var(--text-muted);
    font-size: var(--text-s);
  }
`;
