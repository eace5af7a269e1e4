import type { CSSResult } from "lit";
import { css } from "lit";

/** Sections of the settings and of administration. Beside `buttonStyle` and `formStyle`. */
export const sectionStyle: CSSResult = css`
  :host {
    display: grid;
    gap: var(--space-5);
  }
  section {
    display: grid;
    gap: var(--space-4);
    min-width: 0;
    padding: var(--space-5);
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    background: var(--surface);
  }
  @media (max-width: 36rem) {
    section {
      padding: var(--space-4);
    }
  }
  h2:focus,
  h3:focus {
    outline: none;
  }
  h2 {
    margin: 0;
    font-size: var(--text-l);
    letter-spacing: -0.01em;
    line-height: 1.3;
  }
  h3 {
    margin: 0;
    font-size: var(--text-m);
    line-height: 1.3;
  }
  .lead {
    max-width: 44rem;
    margin: 0;
    color: var(--text-muted);
    overflow-wrap: anywhere;
  }
  h2 + .lead {
    margin-top: calc(-1 * var(--space-2));
  }
  section > form,
  .form {
    max-width: 32rem;
  }
  .rows {
    display: grid;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .rows > li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-2) var(--space-4);
    min-width: 0;
    padding: var(--space-3) 0;
    border-top: 1px solid var(--line);
  }
  .rows > li:first-child {
    padding-top: 0;
    border-top: 0;
  }
  .rows > li:last-child {
    padding-bottom: 0;
  }
  .what {
    flex: 1 1 9rem;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .what b {
    font-weight: 600;
  }
  .what p {
    margin: 0;
    color: var(--text-muted);
    font-size: var(--text-s);
  }
  .tag {
    display: inline-block;
    margin-left: var(--space-2);
    padding: 0.15em 0.6em;
    border-radius: 999px;
    background: var(--accent-soft);
    color: var(--accent);
    font: 600 var(--text-xs) / 1.5 var(--font);
  }
  .tag.warning {
    background: var(--warn);
    color: var(--on-warn);
  }
`;
