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
    font-size: var(--text-xl);
    letter-spacing: -0.02em;
    line-height: 1.2;
  }
  .columns {
    display: grid;
    gap: var(--space-5);
    align-items: start;
  }
  /* All of it in sight, on the narrowest phone as well: nobody looks for what is scrolled away. */
  nav {
    display: grid;
    grid-template-columns: repeat(3, minmax(0, 1fr));
    gap: var(--space-1);
    min-width: 0;
    padding: var(--space-1);
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    background: var(--surface);
  }
  nav a {
    display: flex;
    align-items: center;
    justify-content: center;
    min-height: 2.75rem;
    border-radius: 12px;
    color: var(--text-muted);
    font-size: var(--text-s);
    font-weight: 600;
    text-align: center;
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
  nav a:focus-visible {
    outline-offset: -3px;
  }
  .sections {
    display: grid;
    gap: var(--space-5);
    min-width: 0;
  }
  @media (min-width: 36rem) {
    nav {
      grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr));
    }
  }
  @media (min-width: 52rem) {
    .columns {
      grid-template-columns: 13rem minmax(0, 1fr);
      gap: var(--space-6);
    }
    nav {
      grid-template-columns: none;
      padding: 0;
      border: 0;
      background: none;
    }
    nav a {
      justify-content: flex-start;
      padding: 0 var(--space-4);
      border-radius: var(--radius-m);
      font-size: var(--text-m);
      text-align: start;
    }
  }
`;
