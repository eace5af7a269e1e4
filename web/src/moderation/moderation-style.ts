import type { CSSResultGroup } from "lit";
import { css } from "lit";

import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { panelStyle } from "../dashboard/panel-style.js";
import { blockStyle } from "../forms/blocks.js";
import { formStyle } from "../forms/form-style.js";

/** Panels of moderation: forms, rows, and what people have said, as a quotation. */
export const moderationStyle: CSSResultGroup = [
  buttonStyle,
  hiddenTextStyle,
  formStyle,
  blockStyle,
  panelStyle,
  css`
    .quotation {
      padding-left: var(--space-3);
      border-left: 3px solid var(--line-strong);
      color: var(--text);
      overflow-wrap: anywhere;
    }
    .tag {
      display: inline-block;
      padding: 0.1em 0.6em;
      border-radius: 999px;
      background: var(--accent-soft);
      color: var(--accent);
      font: 600 var(--text-xs) / 1.6 var(--font);
    }
    .tag.ban {
      background: var(--danger);
      color: var(--on-danger);
    }
    h3 a {
      color: var(--accent);
      font-weight: 600;
    }
    code {
      font-family: var(--font-mono);
      font-size: var(--text-s);
    }
  `,
];
