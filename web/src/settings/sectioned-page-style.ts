import type { CSSResult } from "lit";
import { css } from "lit";

/** Pages of several sections with an index beside them, or above them on narrow screens. */
export const sectionedPageStyle: CSSResult = css`
  :host {
    display: grid;
    gap: var(--space-5);
    max-width: 72rem;
    margin: 0 auto;
    padding: var(--space-6) var(--gutter) var(--space-8);
  }
  h1 {
    margin: 0;
    font-size: var(--text-xxl);
    letter-spacing: -0.03em;
    line-height: 1.15;
  }
  .columns {
    display: grid;
    gap: var(--space-5);
    align-items: start;
  }
  nav {
    display: flex;
    gap: var(--space-1);
    min-width: 0;
    overflow-x: auto;
  }
  nav a {
    display: flex;
    flex: none;
    align-items: center;
    min-height: 2.75rem;
    padding: 0 var(--space-4);
    border-radius: var(--radius-m);
    color: var(--text-muted);
    font-weight: 600;
    text-decoration: none;
  }
  nav a:hover {
    background: var(--raised);
    color: var(--text);
  }
  nav a[aria-current="page"] {
    background: var(--accent-soft);
    color: var(--accent);
  }
  /* Inside, or the nav would cut it off where it scrolls. */
  nav a:focus-visible {
    outline-offset: -3px;
  }
  .sections {
    display: grid;
    gap: var(--space-6);
    min-width: 0;
  }
  @media (min-width: 52rem) {
    .columns {
      grid-template-columns: 13rem minmax(0, 1fr);
      gap: var(--space-6);
    }
    nav {
      flex-direction: column;
    }
  }
`;
