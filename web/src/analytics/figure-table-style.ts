import type { CSSResult } from "lit";
import { css } from "lit";

import { tableStyle } from "../charts/table-style.js";

/** Tables of figures: the first column says what a row is of, and stays in sight. */
export const figureTableStyle: CSSResult = css`
  ${tableStyle}
  .table-frame {
    overflow-x: auto;
    border: 1px solid var(--line);
    border-radius: var(--radius-m);
  }
  thead th {
    color: var(--text-muted);
    font-weight: 600;
    vertical-align: bottom;
  }
  small {
    display: block;
    font-size: var(--text-xs);
    font-weight: 400;
  }
  th:first-child {
    position: sticky;
    left: 0;
    max-width: 16rem;
    background: var(--surface);
    text-align: start;
    white-space: normal;
  }
  tbody th {
    font-weight: 600;
  }
  tbody tr:hover > * {
    background: var(--raised);
  }
`;
