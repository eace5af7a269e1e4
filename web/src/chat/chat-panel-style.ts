import type { CSSResult } from "lit";
import { css } from "lit";

/** A room's frame: head, messages, and where one writes. */
export const chatPanelStyle: CSSResult = css`
  section {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-height: 0;
  }
  header {
    display: flex;
    align-items: center;
    min-height: 3rem;
    padding: 0 var(--space-1) 0 var(--space-3);
    border-bottom: 1px solid var(--line);
  }
  h2 {
    flex: 1;
    min-width: 0;
    margin: 0;
    overflow: hidden;
    font-size: var(--text-m);
    letter-spacing: -0.01em;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .icon {
    width: 2.5rem;
    min-height: 2.5rem;
    padding: 0;
    border-color: transparent;
    color: var(--text-muted);
  }
  .icon:hover {
    color: var(--text);
  }
  rillcast-message-list {
    flex: 1;
  }
  rillcast-message-list[hidden] {
    display: none;
  }
  .middle {
    display: grid;
    flex: 1;
    align-content: center;
    min-height: 0;
    padding: var(--space-4);
    overflow: hidden;
  }
  .words {
    text-align: center;
  }
  .words h3,
  .words p {
    margin: 0;
  }
  .words h3 {
    font-size: var(--text-m);
  }
  .words p {
    color: var(--text-muted);
    font-size: var(--text-s);
  }
  footer {
    padding: var(--space-2) var(--space-3) max(var(--space-3), env(safe-area-inset-bottom));
    border-top: 1px solid var(--line);
  }
  .lost {
    margin: 0 0 var(--space-2);
    padding: var(--space-2) var(--space-3);
    border-radius: var(--radius-s);
    background: var(--raised);
    font-size: var(--text-s);
  }
  .rules {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1);
    margin: 0 0 var(--space-2);
    padding: 0;
    list-style: none;
  }
  .rules li {
    padding: 0.15em 0.6em;
    border-radius: 999px;
    background: var(--accent-soft);
    color: var(--accent);
    font: 600 var(--text-xs) / 1.5 var(--font);
  }
  /* A finger has no keyboard to shorten the way. */
  @media (hover: none) {
    .keys,
    .pop-out {
      display: none;
    }
  }
`;
