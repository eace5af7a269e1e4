import type { CSSResult } from "lit";
import { css } from "lit";

/** A theatre as wide as the page, and below it what there is to say. */
export const channelPageStyle: CSSResult = css`
  :host {
    display: block;
  }
  .theatre {
    background: #05080a;
  }
  rillcast-player {
    /* As wide as the page, unless the picture would then be taller than the window. */
    width: min(100%, calc((100dvh - var(--header-height) - 9rem) * 16 / 9));
    min-width: min(100%, 40rem);
    margin: 0 auto;
    aspect-ratio: 16 / 9;
  }
  .about {
    display: grid;
    grid-template:
      "title" auto "facts" auto "actions" auto "elsewhere" auto
      / minmax(0, 1fr);
    gap: var(--space-2) var(--space-4);
    align-items: center;
    max-width: var(--page-width);
    margin: 0 auto;
    padding: var(--space-4) var(--gutter);
  }
  @media (min-width: 48rem) {
    .about {
      grid-template:
        "title actions" auto "facts actions" auto "elsewhere elsewhere" auto
        / minmax(0, 1fr) auto;
    }
  }
  .heading {
    grid-area: title;
    min-width: 0;
  }
  h1 {
    margin: 0;
    font-size: var(--text-xl);
    letter-spacing: -0.02em;
    line-height: 1.25;
    overflow-wrap: anywhere;
  }
  .titled {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: var(--space-3);
    align-items: center;
  }
  /* People write whole sentences: they stay smaller than a name that stands alone. */
  .titled h1 {
    font-size: clamp(1.125rem, 1rem + 0.7vw, 1.5rem);
    letter-spacing: -0.01em;
    line-height: 1.3;
  }
  .titled rillcast-rill-art {
    width: 3rem;
    height: 3rem;
    border-radius: 50%;
  }
  .name {
    margin: var(--space-1) 0 0;
    font-size: var(--text-s);
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2) var(--space-3);
    grid-area: facts;
    min-height: 1.75rem;
    margin: 0;
    color: var(--text-muted);
    font-size: var(--text-s);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    grid-area: actions;
  }
  rillcast-watch-elsewhere {
    grid-area: elsewhere;
  }
  .more {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
    gap: var(--space-6);
    align-items: start;
    max-width: var(--page-width);
    margin: 0 auto;
    padding: var(--space-5) var(--gutter) var(--space-8);
  }
`;
