import type { CSSResult } from "lit";
import { css } from "lit";

/** Buttons of the pages (the player's controls look their own way). */
export const buttonStyle: CSSResult = css`
  * {
    box-sizing: border-box;
  }
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-2);
    min-height: 2.75rem;
    padding: 0 var(--space-4);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-m);
    background: transparent;
    color: var(--text);
    font: 600 var(--text-s) / 1.2 var(--font);
    text-decoration: none;
    cursor: pointer;
    transition:
      background var(--swift),
      border-color var(--swift);
  }
  button:hover,
  .button:hover {
    background: var(--raised);
    border-color: var(--accent);
  }
  button.primary,
  .button.primary {
    border-color: transparent;
    background: var(--accent);
    color: var(--on-accent);
  }
  button.primary:hover,
  .button.primary:hover {
    background: var(--accent-hover);
  }
  button svg,
  .button svg {
    width: 1.125rem;
    height: 1.125rem;
  }
  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
`;

/** Text for screen readers alone. */
export const hiddenTextStyle: CSSResult = css`
  .hidden-text {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
