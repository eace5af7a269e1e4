import type { CSSResult } from "lit";
import { css } from "lit";

import { checkStyle } from "./check-style.js";

/** Forms and their fields. Beside `buttonStyle`. */
export const formStyle: CSSResult = css`
  ${checkStyle}
  /* Before any display that is set here. */
  [hidden] {
    display: none !important;
  }
  form {
    display: grid;
    gap: var(--space-4);
    margin: 0;
  }
  .field {
    display: grid;
    gap: var(--space-1);
    min-width: 0;
  }
  .field > label,
  legend {
    padding: 0;
    font: 600 var(--text-s) / 1.4 var(--font);
  }
  legend {
    margin-bottom: var(--space-1);
  }
  fieldset {
    display: grid;
    gap: var(--space-2);
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  .optional {
    color: var(--text-muted);
    font-weight: 400;
  }
  .field input,
  textarea,
  select {
    width: 100%;
    min-width: 0;
    min-height: 2.75rem;
    padding: 0.6rem var(--space-3);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-m);
    background: var(--ground);
    color: var(--text);
    /* At least 16 px, or phones zoom in when it gets the focus. */
    font: 400 var(--text-m) / 1.4 var(--font);
  }
  input[type="file"] {
    padding: 0.3rem;
    color: var(--text-muted);
    font-size: var(--text-s);
  }
  ::file-selector-button {
    min-height: 2.1rem;
    margin-right: var(--space-3);
    padding: 0 var(--space-3);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-s);
    background: var(--raised);
    color: var(--text);
    font: 600 var(--text-s) / 1.2 var(--font);
    cursor: pointer;
  }
  ::file-selector-button:hover {
    border-color: var(--accent);
  }
  .field input[readonly] {
    border-color: var(--line);
    color: var(--text-muted);
  }
  textarea {
    resize: vertical;
  }
  select {
    cursor: pointer;
  }
  .field [aria-invalid="true"] {
    border-color: var(--danger);
    box-shadow: inset 0 0 0 1px var(--danger);
  }
  .field-error {
    margin: 0;
    color: var(--danger);
    font-size: var(--text-s);
    font-weight: 600;
  }
  .hint {
    margin: 0;
    color: var(--text-muted);
    font-size: var(--text-s);
  }
  .check {
    display: grid;
    grid-template-columns: 1.25rem 1fr;
    gap: 0 var(--space-3);
    align-items: center;
    min-height: 2.75rem;
  }
  /* One below the other, each is a target of its own already. */
  .check + .check {
    margin-top: calc(-1 * var(--space-2));
  }
  .check label {
    font-size: var(--text-m);
  }
  .check .hint {
    grid-column: 2;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-3);
    align-items: center;
  }
  .summary {
    padding: var(--space-3) var(--space-4);
    border: 1px solid var(--danger);
    border-left-width: 4px;
    border-radius: var(--radius-s);
    background: var(--surface);
    font-size: var(--text-s);
    overflow-wrap: anywhere;
  }
  button.danger {
    border-color: var(--danger);
    color: var(--danger);
  }
  button.danger:hover {
    border-color: var(--danger);
    background: var(--danger);
    color: var(--on-danger);
  }
  [aria-disabled="true"] {
    opacity: 0.65;
    cursor: progress;
  }
`;
