import type { CSSResult } from "lit";
import { css } from "lit";

/** Pages of one form: a narrow column in the middle. Beside `buttonStyle` and `formStyle`. */
export const narrowPageStyle: CSSResult = css`
  :host {
    display: block;
    max-width: 28rem;
    margin: 0 auto;
    padding: var(--space-6) var(--gutter) var(--space-8);
  }
  /* A card, where there is room around it. */
  @media (min-width: 36rem) {
    :host {
      margin-top: clamp(1.5rem, 9vh, 6rem);
      margin-bottom: var(--space-8);
      padding: var(--space-6);
      border: 1px solid var(--line);
      border-radius: var(--radius-l);
      background: var(--surface);
    }
  }
  h1 {
    margin: 0 0 var(--space-2);
    outline: none;
    font-size: var(--text-xl);
    letter-spacing: -0.02em;
    line-height: 1.2;
  }
  h1 + form,
  h1 + .skeleton-block {
    margin-top: var(--space-5);
  }
  .lead {
    margin: 0 0 var(--space-5);
    color: var(--text-muted);
    overflow-wrap: anywhere;
  }
  .lead:last-child {
    margin-bottom: 0;
  }
  form button[type="submit"] {
    width: 100%;
  }
  .beside {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: var(--space-1) var(--space-4);
    margin: var(--space-5) 0 0;
    font-size: var(--text-s);
  }
  .quiet {
    color: var(--text-muted);
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
