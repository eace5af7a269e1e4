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
  .chat {
    display: flex;
    /* What is left of a phone's window below the picture, but for a peek at the title. */
    height: max(22rem, calc(100dvh - var(--header-height) - 56.25vw - 4rem));
    border-bottom: 1px solid var(--line);
    background: var(--surface);
  }
  rillcast-chat {
    flex: 1;
    min-width: 0;
  }
  @media (min-width: 60rem) {
    :host(.with-chat) {
      display: grid;
      grid-template:
        "theatre chat" auto
        "below chat" 1fr
        / minmax(0, 1fr) clamp(19rem, 24vw, 24rem);
    }
    :host(.with-chat) .theatre {
      grid-area: theatre;
    }
    :host(.with-chat) rillcast-player {
      min-width: 0;
    }
    :host(.with-chat) .below {
      grid-area: below;
    }
    :host(.with-chat) .chat {
      align-self: start;
      position: sticky;
      top: 0;
      grid-area: chat;
      height: calc(100dvh - var(--header-height));
      border-bottom: 0;
      border-left: 1px solid var(--line);
    }
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
