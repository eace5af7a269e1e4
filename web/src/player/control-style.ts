import type { CSSResult } from "lit";
import { css } from "lit";

/** Buttons over the picture. The stage is dark in both colour schemes, so these colours are fixed. */
export const controlStyle: CSSResult = css`
  * {
    box-sizing: border-box;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.4em;
    min-width: 2.75rem;
    height: 2.75rem;
    padding: 0 0.5rem;
    border: 0;
    border-radius: var(--radius-m);
    background: transparent;
    color: #fff;
    font: 600 var(--text-s) / 1 var(--font);
    cursor: pointer;
    transition: background var(--swift);
    -webkit-tap-highlight-color: transparent;
  }
  button:hover,
  button[aria-expanded="true"] {
    background: rgb(255 255 255 / 18%);
  }
  :focus-visible {
    outline: 3px solid #7ff0e0;
    outline-offset: -3px;
  }
  @media (max-width: 40rem) {
    button {
      min-width: 2.5rem;
      padding: 0 0.375rem;
    }
  }
  svg {
    flex: none;
    width: 1.5rem;
    height: 1.5rem;
  }
`;
