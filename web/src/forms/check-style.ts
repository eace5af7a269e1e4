import type { CSSResult } from "lit";
import { css } from "lit";

/** Boxes to tick and choices to make, in the pages' own colours: browsers draw them grey on grey. */
export const checkStyle: CSSResult = css`
  input[type="checkbox"],
  input[type="radio"] {
    appearance: none;
    display: inline-grid;
    flex: none;
    place-content: center;
    width: 1.25rem;
    height: 1.25rem;
    min-height: 0;
    margin: 0;
    padding: 0;
    border: 2px solid var(--line-strong);
    border-radius: 5px;
    background: var(--ground);
    cursor: pointer;
    transition:
      background var(--swift),
      border-color var(--swift);
  }
  input[type="radio"] {
    border-radius: 50%;
  }
  input[type="checkbox"]:hover,
  input[type="radio"]:hover {
    border-color: var(--accent);
  }
  input[type="checkbox"]:checked {
    border-color: var(--accent);
    background: var(--accent);
  }
  input[type="checkbox"]::before {
    content: "";
    width: 0.75rem;
    height: 0.75rem;
    background: var(--on-accent);
    clip-path: polygon(14% 47%, 3% 60%, 39% 92%, 99% 20%, 86% 9%, 38% 67%);
    scale: 0;
    transition: scale var(--swift);
  }
  input[type="radio"]::before {
    content: "";
    width: 0.625rem;
    height: 0.625rem;
    border-radius: 50%;
    background: var(--accent);
    scale: 0;
    transition: scale var(--swift);
  }
  input[type="radio"]:checked {
    border-color: var(--accent);
  }
  input[type="checkbox"]:checked::before,
  input[type="radio"]:checked::before {
    scale: 1;
  }
  /* Where the system chooses the colours it draws them, too. */
  @media (forced-colors: active) {
    input[type="checkbox"],
    input[type="radio"] {
      appearance: auto;
    }
    input[type="checkbox"]::before,
    input[type="radio"]::before {
      content: none;
    }
  }
`;
