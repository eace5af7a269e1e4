import type { CSSResult } from "lit";
import { css } from "lit";

/** The parts of a dashboard: panels with a heading, and rows with actions. */
export const panelStyle: CSSResult = css`
  :host {
    display: grid;
    gap: var(--space-5);
  }
  :host > * {
    min-width: 0;
  }
  .panel {
    display: grid;
    gap: var(--space-4);
    padding: clamp(1rem, 3vw, 1.5rem);
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    background: var(--surface);
  }
  .panel > * {
    min-width: 0;
  }
  h2,
  h3 {
    margin: 0;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }
  h2 {
    font-size: var(--text-l);
  }
  h3 {
    font-size: var(--text-m);
  }
  .lead {
    max-width: 44rem;
    margin: 0;
    color: var(--text-muted);
    font-size: var(--text-s);
  }
  .lead a {
    color: var(--accent);
    font-weight: 600;
  }
  .rows {
    display: grid;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-2) var(--space-4);
    padding: var(--space-3) 0;
    border-top: 1px solid var(--line);
  }
  .row:first-child {
    border-top: 0;
  }
  .row .words {
    flex: 1 1 14rem;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .row .words p {
    margin: 0;
    color: var(--text-muted);
    font-size: var(--text-s);
  }
  .row .actions {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }
  .made {
    display: grid;
    gap: var(--space-4);
    padding: var(--space-4);
    border: 1px solid var(--accent);
    border-radius: var(--radius-m);
    background: var(--accent-soft);
  }
  .inline-form {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-3);
    align-items: start;
  }
  .inline-form .field {
    flex: 1 1 14rem;
  }
  /* Beside the fields, not beside their labels; below them where there is no room. */
  .inline-form > button,
  .inline-form > .check {
    margin-top: calc(var(--text-s) * 1.4 + var(--space-1));
  }
  @media (max-width: 36rem) {
    .inline-form > button,
    .inline-form > .check {
      margin-top: 0;
    }
  }
  .person {
    display: flex;
    flex: 1 1 14rem;
    gap: var(--space-3);
    align-items: center;
    min-width: 0;
  }
  .person rillcast-avatar {
    --avatar-size: 2.5rem;
    flex: none;
  }
  .person .words {
    flex: 1;
  }
`;
