import type { CSSResult, TemplateResult } from "lit";
import { css, html, nothing } from "lit";

import type { IngestGrade } from "../api/health-names.js";
import { PAST_VERDICT_TEXTS, VERDICT_TEXTS, healthTexts } from "../texts/stream-health.js";
import type { Figure } from "./figures.js";

/** Figures side by side, each with its name; `size` says how long they are. */
export function figureList(
  figures: readonly Figure[],
  size: "short" | "long" = "short",
): TemplateResult | typeof nothing {
  if (figures.length === 0) return nothing;
  return html`<dl class="figures ${size}">
    ${figures.map(
      ({ name, value }) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** A letter, large, and what it means: before one goes live, or afterwards. */
export function gradeBlock({ letter, verdict }: IngestGrade, when: "before" | "after"): TemplateResult {
  const texts = when === "before" ? VERDICT_TEXTS : PAST_VERDICT_TEXTS;
  return html`<div class="grade ${verdict}">
    <span class="letter" role="img" aria-label=${healthTexts.grade(letter)}>${letter}</span>
    <p>
      <strong>${texts[verdict]}</strong>
      <span>${healthTexts.scale}</span>
    </p>
  </div>`;
}

/** For the two above, and for what is folded away. */
export const healthStyle: CSSResult = css`
  .figures {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 6.5rem), 1fr));
    gap: var(--space-3) var(--space-4);
    margin: 0;
  }
  .figures.long {
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr));
  }
  .figures dt {
    color: var(--text-muted);
    font-size: var(--text-s);
  }
  .figures dd {
    margin: 0;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  .grade {
    display: flex;
    gap: var(--space-4);
    align-items: center;
  }
  .letter {
    display: grid;
    flex: none;
    place-items: center;
    width: 4.5rem;
    height: 4.5rem;
    border-radius: var(--radius-l);
    background: var(--accent);
    color: var(--on-accent);
    font: 800 2.5rem / 1 var(--font);
  }
  .ready-with-advice .letter {
    background: var(--warn);
    color: var(--on-warn);
  }
  .not-ready .letter {
    background: var(--danger);
    color: var(--on-danger);
  }
  .grade p {
    display: grid;
    gap: var(--space-1);
    margin: 0;
  }
  .grade strong {
    font-size: var(--text-l);
    line-height: 1.3;
  }
  .grade span:not(.letter) {
    color: var(--text-muted);
    font-size: var(--text-s);
  }
  details > summary {
    width: fit-content;
    min-height: 2.75rem;
    border-radius: var(--radius-s);
    color: var(--accent);
    font: 600 var(--text-s) / 2.75rem var(--font);
    cursor: pointer;
  }
`;
