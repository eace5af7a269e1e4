import type { CSSResult } from "lit";
import { css } from "lit";

/** A streamer's second screen: as large as there is room, in either direction. */
export const boardStyle: CSSResult = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: clamp(0.75rem, 2vh, 1.5rem);
    min-height: 100dvh;
    padding: clamp(0.75rem, min(2.5vw, 2.5vh), 2.5rem) clamp(1rem, 2.5vw, 2.5rem);
    /* What is read across a room grows with the window, not with the text around it. */
    --huge: clamp(5.5rem, min(30vw, 40vh), 26rem);
    --large: clamp(2.1rem, min(5.5vw, 8.5vh), 6.5rem);
    --label: clamp(1rem, min(1.7vw, 2.6vh), 1.75rem);
  }
  * {
    box-sizing: border-box;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-4);
    align-items: center;
    justify-content: space-between;
  }
  h1 {
    flex: 1 1 12rem;
    min-width: 0;
    margin: 0;
    overflow: hidden;
    color: var(--text-muted);
    font-size: var(--label);
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .ways {
    display: flex;
    gap: var(--space-2);
  }
  .alone {
    width: min(100%, 44rem);
    margin: 12vh auto 0;
  }
  .late {
    margin: 0;
    padding: var(--space-2) var(--space-4);
    border-radius: var(--radius-m);
    background: var(--warn);
    color: var(--on-warn);
    font-size: var(--label);
    font-weight: 600;
  }
  .offline {
    display: grid;
    flex: 1;
    place-content: center;
    color: var(--text-muted);
    font-size: var(--label);
    text-align: center;
  }
  .offline p {
    margin: 0;
  }
  .offline .large {
    color: var(--text);
    font-size: var(--large);
    font-weight: 700;
  }
  .board {
    display: grid;
    flex: 1;
    gap: clamp(0.75rem, min(2vw, 2vh), 2rem);
    grid-template-rows: 1fr auto auto;
  }
  .viewers {
    display: grid;
    gap: clamp(0.5rem, 2vh, 1.5rem);
    align-content: center;
  }
  .count {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.6em;
    align-items: baseline;
    margin: 0;
    font-size: var(--label);
  }
  .count strong {
    font-size: var(--huge);
    font-variant-numeric: tabular-nums;
    font-weight: 750;
    letter-spacing: -0.04em;
    line-height: 0.95;
  }
  .count span,
  .trend p,
  dt {
    color: var(--text-muted);
    font-size: var(--label);
  }
  .trend p {
    margin: 0 0 var(--space-2);
    font-size: calc(var(--label) * 0.8);
  }
  rillcast-sparkline {
    height: clamp(4rem, 14vh, 10rem);
  }
  .facts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 9rem), 1fr));
    gap: clamp(0.5rem, min(1.2vw, 1.6vh), 1.25rem);
    margin: 0;
  }
  .facts div {
    padding: clamp(0.4rem, 1vh, 1.25rem) clamp(0.75rem, 1.5vw, 1.5rem);
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    background: var(--surface);
  }
  dd {
    margin: 0;
    font-size: var(--large);
    font-variant-numeric: tabular-nums;
    font-weight: 700;
    letter-spacing: -0.03em;
    line-height: 1.1;
    white-space: nowrap;
  }
  .health {
    display: flex;
    gap: clamp(0.75rem, 2vw, 2rem);
    align-items: center;
    padding: clamp(0.6rem, 1.4vh, 1.25rem) clamp(1rem, 2vw, 2rem);
    border: 2px solid var(--tone);
    border-radius: var(--radius-l);
    background: var(--surface);
    --tone: var(--line-strong);
  }
  .health.good {
    --tone: var(--series-6);
  }
  .health.advice {
    --tone: var(--series-2);
  }
  .health.warning {
    --tone: var(--warn);
  }
  .health.problem {
    --tone: var(--live);
  }
  .health i {
    flex: none;
    width: clamp(2rem, min(5vw, 8vh), 4.5rem);
    aspect-ratio: 1;
    border-radius: 50%;
    background: var(--tone);
    box-shadow: 0 0 1.5rem -0.25rem var(--tone);
  }
  .health p {
    display: grid;
    min-width: 0;
    margin: 0;
    font-size: var(--label);
    overflow-wrap: anywhere;
  }
  .health strong {
    font-size: calc(var(--label) * 1.35);
  }
  .health span {
    display: -webkit-box;
    overflow: hidden;
    color: var(--text-muted);
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
  }
  @media (min-width: 64rem) and (orientation: landscape) {
    .board {
      grid-template-columns: minmax(0, 1fr) minmax(16rem, 28vw);
      grid-template-rows: 1fr auto;
    }
    .facts {
      grid-template-columns: 1fr;
    }
    .facts div {
      display: grid;
      align-content: center;
    }
    .health {
      grid-column: 1 / -1;
    }
  }
`;
