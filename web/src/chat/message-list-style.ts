import type { CSSResult } from "lit";
import { css } from "lit";

/** The list that messages stand in. */
export const messageListStyle: CSSResult = css`
  .scroller {
    position: absolute;
    inset: 0;
    overflow: hidden auto;
    overscroll-behavior: contain;
    /* The list keeps its reader's place itself: messages leave it at the other end. */
    overflow-anchor: none;
    scrollbar-width: thin;
    scrollbar-color: var(--line-strong) transparent;
  }
  .lines {
    display: flex;
    flex-direction: column;
    justify-content: end;
    min-height: 100%;
    padding: var(--space-2) 0;
  }
  .tools {
    position: absolute;
    top: -0.75rem;
    right: var(--space-2);
    z-index: 1;
    display: flex;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-s);
    background: var(--surface);
    box-shadow: var(--shadow);
  }
  .line:first-child .tools {
    top: 0;
  }
  .tools button {
    width: 2rem;
    min-height: 1.875rem;
    padding: 0;
    border: 0;
    border-radius: 5px;
    color: var(--text-muted);
  }
  .tools button:hover {
    background: var(--accent-soft);
    color: var(--accent);
  }
  .tools svg {
    width: 1rem;
    height: 1rem;
  }
  @media (hover: none) {
    .tools {
      display: none;
    }
  }
  .older {
    position: absolute;
    inset: 0 0 auto;
    margin: 0;
    padding: var(--space-1);
    background: var(--surface);
    color: var(--text-muted);
    font-size: var(--text-xs);
    text-align: center;
  }
  .pill {
    position: absolute;
    bottom: var(--space-3);
    left: 50%;
    translate: -50%;
    min-height: 2.25rem;
    border-color: transparent;
    border-radius: 999px;
    background: var(--accent);
    box-shadow: var(--shadow);
    color: var(--on-accent);
    white-space: nowrap;
  }
  .pill:hover {
    background: var(--accent-hover);
  }
`;
