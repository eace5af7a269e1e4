import type { CSSResult, TemplateResult } from "lit";
import { css, html, nothing } from "lit";

import { comparedText } from "../texts/analytics.js";
import type { Change } from "./change.js";

/** One figure: what it is, how much, and how that compares. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  /** What it counts, in small words. */
  readonly hint?: string;
  /** Undefined where figures are not compared at all, null where there is nothing to compare with. */
  readonly change?: Change | null;
}

/** Figures side by side. `than` says what changes are measured against: "the week before". */
export function figureCards(label: string, figures: readonly Figure[], than = ""): TemplateResult {
  return html`<dl class="figures" aria-label=${label}>
    ${figures.map(
      ({ name, value, hint, change }) => html`<div>
        <dt>${name}</dt>
        <dd class="value">${value}</dd>
        ${change === undefined || change === null
          ? nothing
          : html`<dd class="change ${change.direction}">
              <span>${change.text}</span><span class="hidden-text"> ${comparedText(than)}</span>
            </dd>`}
        ${hint === undefined ? nothing : html`<dd class="hint">${hint}</dd>`}
      </div>`,
    )}
  </dl>`;
}

/** For figures. Beside `hiddenTextStyle`. */
export const figureCardStyle: CSSResult = css`
  .panel {
    container-type: inline-size;
  }
  .figures {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: var(--space-3);
    margin: 0;
  }
  .figures > div {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--space-2);
    align-content: start;
    align-items: baseline;
    min-width: 0;
    padding: var(--space-3) clamp(0.75rem, 1.5vw, 1rem);
    border: 1px solid var(--line);
    border-radius: var(--radius-m);
    background: var(--ground);
  }
  .figures dt,
  .figures .hint {
    flex-basis: 100%;
    color: var(--text-muted);
    font-size: var(--text-s);
  }
  .figures .hint {
    font-size: var(--text-xs);
  }
  .figures dd {
    margin: 0;
  }
  .figures .value {
    font-size: clamp(1.2rem, 2.1cqi, 1.75rem);
    font-variant-numeric: tabular-nums;
    font-weight: 650;
    letter-spacing: -0.02em;
    line-height: 1.3;
    white-space: nowrap;
  }
  .figures .change {
    font-size: var(--text-s);
    font-variant-numeric: tabular-nums;
    font-weight: 600;
    white-space: nowrap;
  }
  .figures .more {
    color: var(--accent);
  }
  .figures .less {
    color: var(--danger);
  }
  .figures .same {
    color: var(--text-muted);
  }
  @container (min-width: 40rem) {
    .figures {
      grid-template-columns: repeat(var(--figures-abreast, 3), minmax(0, 1fr));
    }
  }
  @container (min-width: 60rem) {
    .figures {
      grid-template-columns: repeat(var(--figures-abreast-wide, 6), minmax(0, 1fr));
    }
  }
  .than {
    margin: 0;
    color: var(--text-muted);
    font-size: var(--text-xs);
  }
`;
