import type { CSSResult } from "lit";
import { css } from "lit";

/** Where messages are written. */
export const composerStyle: CSSResult = css`
  .wide {
    width: 100%;
  }
  form {
    margin: 0;
  }
  .box {
    display: flex;
    align-items: end;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-m);
    background: var(--ground);
  }
  .box:focus-within {
    border-color: var(--focus);
    box-shadow: 0 0 0 1px var(--focus);
  }
  textarea {
    flex: 1;
    min-width: 0;
    max-height: 7.5rem;
    padding: 0.6rem 0 0.6rem var(--space-3);
    border: 0;
    background: none;
    color: var(--text);
    /* At least 16 px, or phones zoom in when it gets the focus. */
    font: 400 var(--text-m) / 1.4 var(--font);
    resize: none;
    scrollbar-width: thin;
  }
  textarea:focus {
    outline: none;
  }
  textarea::placeholder {
    overflow: hidden;
    color: var(--text-muted);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .icon {
    flex: none;
    width: 2.5rem;
    min-height: 2.625rem;
    padding: 0;
    border: 0;
    color: var(--text-muted);
  }
  .icon:hover {
    background: none;
    color: var(--accent);
  }
  .send {
    color: var(--accent);
  }
  .send[aria-disabled="true"] {
    color: var(--text-muted);
    opacity: 0.6;
    cursor: default;
  }
  .standing {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 var(--space-3);
    margin: 0;
    color: var(--text-muted);
    font-size: var(--text-xs);
  }
  .standing:not(:empty) {
    padding-top: var(--space-1);
  }
  .count {
    margin-left: auto;
    font-variant-numeric: tabular-nums;
  }
  .over {
    color: var(--danger);
    font-weight: 600;
  }
  .reply {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    margin-bottom: var(--space-2);
    padding-left: var(--space-3);
    border-left: 3px solid var(--accent);
    background: var(--accent-soft);
    border-radius: var(--radius-s);
    font-size: var(--text-s);
  }
  .reply p {
    flex: 1;
    min-width: 0;
    margin: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .shut-out {
    margin-bottom: var(--space-2);
    padding: var(--space-2) var(--space-3);
    border-left: 3px solid var(--danger);
    border-radius: var(--radius-s);
    background: var(--raised);
    font-size: var(--text-s);
    overflow-wrap: anywhere;
  }
  .shut-out:last-child {
    margin-bottom: 0;
  }
  .shut-out p {
    margin: 0;
    font-weight: 600;
  }
  .shut-out .reason {
    color: var(--text-muted);
    font-weight: 400;
  }
  .notice {
    margin: 0 0 var(--space-2);
    padding: var(--space-2) var(--space-3);
    border-radius: var(--radius-s);
    background: var(--accent-soft);
    font-size: var(--text-s);
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  .failure {
    border-left: 3px solid var(--danger);
    background: var(--raised);
  }
  [popover] {
    position: fixed;
    inset: auto;
    max-width: min(19rem, calc(100vw - 1rem));
    max-height: 15rem;
    margin: 0;
    padding: var(--space-2);
    overflow: auto;
    border: 1px solid var(--line);
    border-radius: var(--radius-m);
    background: var(--surface);
    color: var(--text);
    box-shadow: var(--shadow);
  }
  [popover] p {
    margin: 0;
    padding: var(--space-2);
    color: var(--text-muted);
    font-size: var(--text-s);
  }
  [popover] button {
    width: 2.75rem;
    padding: 0;
    border-color: transparent;
  }
  [popover] img {
    width: 1.75rem;
    height: 1.75rem;
    object-fit: contain;
  }
`;
