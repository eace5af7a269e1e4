import type { CSSResult } from "lit";
import { css } from "lit";

/** Pages that list channels. */
export const directoryStyle: CSSResult = css`
  :host {
    display: grid;
    gap: var(--space-6);
    max-width: var(--page-width);
    margin: 0 auto;
    padding: var(--space-6) var(--gutter) var(--space-8);
  }
  :host > * {
    min-width: 0;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: var(--space-1) var(--space-4);
  }
  h1 {
    margin: 0;
    font-size: var(--text-xxl);
    letter-spacing: -0.03em;
    line-height: 1.15;
    overflow-wrap: anywhere;
  }
  h2 {
    margin: 0 0 var(--space-4);
    font-size: var(--text-l);
    letter-spacing: -0.01em;
  }
  .count,
  .quiet {
    margin: 0;
    color: var(--text-muted);
  }
  .stale {
    margin: 0;
    padding: var(--space-3) var(--space-4);
    border-left: 3px solid var(--warn);
    border-radius: var(--radius-s);
    background: var(--surface);
    color: var(--text-muted);
    font-size: var(--text-s);
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }
  /* One line to draw along on a phone, where all lines of it would push the shows off the screen. */
  @media (max-width: 40rem) {
    nav.chips {
      flex-wrap: nowrap;
      margin: 0 calc(-1 * var(--gutter));
      padding: var(--space-1) var(--gutter);
      overflow-x: auto;
      scrollbar-width: none;
    }
    nav .chip {
      flex: none;
    }
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
    min-height: 2.25rem;
    padding: 0 var(--space-3);
    border: 1px solid var(--line);
    border-radius: 999px;
    background: var(--surface);
    color: var(--text);
    font-size: var(--text-s);
    font-weight: 600;
    text-decoration: none;
  }
  .chip:hover {
    border-color: var(--accent);
  }
  .chip[aria-current] {
    border-color: transparent;
    background: var(--accent);
    color: var(--on-accent);
  }
  .number {
    color: var(--accent);
    font-weight: 700;
  }
  .chip[aria-current] .number {
    color: inherit;
  }
  .more {
    margin-top: var(--space-4);
  }
`;
