import type { CSSResult } from "lit";
import { css } from "lit";

/** Steps that somebody follows one after the other, each with its number: `ol.steps > li > div`. */
export const stepsStyle: CSSResult = css`
  .steps {
    display: grid;
    gap: var(--space-5);
    margin: 0;
    padding: 0;
    counter-reset: step;
    list-style: none;
  }
  .steps > li {
    display: grid;
    grid-template-columns: 2rem minmax(0, 1fr);
    gap: var(--space-3);
    counter-increment: step;
  }
  .steps > li::before {
    content: counter(step);
    display: grid;
    place-items: center;
    width: 2rem;
    height: 2rem;
    border-radius: 50%;
    background: var(--accent-soft);
    color: var(--accent);
    font-weight: 700;
  }
  .steps > li > div {
    display: grid;
    gap: var(--space-2);
    min-width: 0;
    padding-top: 0.2rem;
  }
`;
