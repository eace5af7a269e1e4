import type { CSSResult } from "lit";
import { css } from "lit";

/** Pages of one form: a narrow column in the middle. Beside `buttonStyle` and `formStyle`. */
export const narrowPageStyle: CSSResult = css`
  :host {
    display: block;
    max-width: 26rem;
    margin: 0 auto;
    padding: clamp(1.5rem, 8vh, 5rem) var(--gutter) var(--space-8);
  }
  h1 {
    margin: 0 0 var(--space-2);
    font-size: var(--text-xl);
    letter-spacing: -0.02em;
    line-height: 1.2;
  }
  .lead {
    margin: 0 0 var(--space-5);
    color: var(--text-muted);
    overflow-wrap: anywhere;
  }
  form button[type="submit"] {
    width: 100%;
  }
  .beside {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1) var(--space-4);
    margin: var(--space-5) 0 0;
    font-size: var(--text-s);
  }
  a:not(.button) {
    display: inline-flex;
    align-items: center;
    min-height: 1.75rem;
    border-radius: var(--radius-s);
    color: var(--accent);
  }
  .or {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    margin: var(--space-5) 0;
    color: var(--text-muted);
    font-size: var(--text-s);
  }
  .or::before,
  .or::after {
    content: "";
    flex: 1;
    border-top: 1px solid var(--line);
  }
`;
