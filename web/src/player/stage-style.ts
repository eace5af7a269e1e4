import type { CSSResult } from "lit";
import { css } from "lit";

/** The picture, and what lies over it. Dark in both colour schemes, as screens are. */
export const stageStyle: CSSResult = css`
  :host {
    display: block;
    background: #05080a;
    color: #fff;
    font-family: var(--font);
  }
  .stage {
    position: relative;
    width: 100%;
    height: 100%;
    overflow: hidden;
    background: #05080a;
  }
  .stage.resting {
    cursor: none;
  }
  video,
  canvas {
    position: absolute;
    inset: 0;
    display: block;
    width: 100%;
    height: 100%;
    object-fit: contain;
  }
  canvas[hidden] {
    display: none;
  }
  video:focus {
    outline: none;
  }
  rillcast-player-controls,
  .shade {
    position: absolute;
    inset: auto 0 0;
    transition: opacity var(--swift);
  }
  .shade {
    height: 6.5rem;
    background: linear-gradient(transparent, rgb(4 8 10 / 68%) 50%, rgb(4 8 10 / 92%));
    pointer-events: none;
  }
  /* Invisible, yet in reach of the Tab key, which brings them back. */
  .resting :is(rillcast-player-controls, .shade) {
    opacity: 0;
    pointer-events: none;
  }
  .panel {
    position: absolute;
    inset: var(--space-3) var(--space-3) 3.75rem auto;
    display: flex;
    width: min(21rem, calc(100% - 2 * var(--space-3)));
    pointer-events: none;
  }
  .panel > * {
    max-height: 100%;
    width: 100%;
    pointer-events: auto;
  }
  .prompt {
    position: absolute;
    top: var(--space-4);
    left: var(--space-4);
    padding: 0 var(--space-4);
    background: #eef4f5;
    color: #0a0f12;
    box-shadow: 0 6px 20px rgb(0 0 0 / 45%);
  }
  .prompt:hover {
    background: #fff;
  }
  .big-play {
    position: absolute;
    inset: 0;
    width: 5rem;
    height: 5rem;
    margin: auto;
    border-radius: 50%;
    background: #eef4f5;
    color: #0a0f12;
  }
  .big-play:hover {
    background: #fff;
  }
  .big-play svg {
    width: 2.5rem;
    height: 2.5rem;
  }
`;
