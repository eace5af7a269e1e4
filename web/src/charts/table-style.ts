import type { CSSResult } from "lit";
import { css } from "lit";

/** Tables of figures, in columns that line up. */
export const tableStyle: CSSResult = css`
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: var(--text-s);
    font-variant-numeric: tabular-nums;
  }
  caption {
    padding: var(--space-2) var(--space-3);
    color: var(--text-muted);
    text-align: start;
  }
  th,
  td {
    padding: var(--space-2) var(--space-3);
    border-top: 1px solid var(--line);
    text-align: end;
    white-space: nowrap;
  }
`;
