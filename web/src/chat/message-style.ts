import type { CSSResult } from "lit";
import { css } from "lit";

/** How messages look; large type and shadows for a page that lies over a picture. */
export const messageStyle: CSSResult = css`
  .line {
    position: relative;
    padding: 0.3rem var(--space-3);
    border-left: 3px solid transparent;
    font-size: var(--chat-text, 0.9375rem);
    line-height: 1.45;
    overflow-wrap: anywhere;
  }
  .line:hover,
  .line.active {
    background: var(--raised);
  }
  .line:focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: -2px;
  }
  .line.for-me {
    border-left-color: var(--accent);
    background: var(--accent-soft);
  }
  .line p {
    margin: 0;
  }
  time {
    margin-right: 0.35em;
    color: var(--text-muted);
    font-size: 0.75em;
    font-variant-numeric: tabular-nums;
  }
  .name {
    font-weight: 700;
    unicode-bidi: isolate;
  }
  .text {
    unicode-bidi: isolate;
  }
  .colon {
    color: var(--text-muted);
  }
  .action .text {
    font-style: italic;
  }
  .gone {
    color: var(--text-muted);
  }
  .badge {
    display: inline-grid;
    place-items: center;
    width: 1.25em;
    height: 1.25em;
    margin-right: 0.3em;
    border-radius: 4px;
    background: var(--accent-soft);
    color: var(--accent);
    vertical-align: -0.22em;
  }
  .badge.owner {
    background: var(--live);
    color: var(--on-live);
  }
  .badge svg {
    width: 0.9em;
    height: 0.9em;
  }
  .text a {
    color: var(--accent);
    text-underline-offset: 0.15em;
  }
  .mention {
    border-radius: 4px;
    color: var(--accent);
    font-weight: 600;
  }
  .mention.self {
    padding: 0 0.25em;
    background: var(--accent);
    color: var(--on-accent);
  }
  .emote {
    height: 1.75em;
    min-width: 1em;
    margin: -0.2em 0.05em;
    object-fit: contain;
    vertical-align: middle;
  }
  .quoted {
    overflow: hidden;
    padding-left: var(--space-2);
    border-left: 2px solid var(--line-strong);
    color: var(--text-muted);
    font-size: 0.8125em;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
`;
