import type { CSSResult, TemplateResult } from "lit";
import { css, html } from "lit";

import { formTexts } from "../texts/forms.js";

/**
 * What a page looks like from afar: cards, a theatre, sections beside their index, or one form.
 *
 * One that may lie over a picture is blank.
 */
export type PageShape = "cards" | "theatre" | "sections" | "form" | "blank";

const CARDS = 8;
const INDEX_ENTRIES = 5;

/**
 * Stands where a page will be in a moment, so that nothing jumps when it comes.
 *
 * Comes into sight after a moment itself: most pages are there before. Beside `hiddenTextStyle`.
 */
export function pageSkeleton(shape: PageShape): TemplateResult {
  return html`<div class="page-skeleton">
    <p class="hidden-text" role="status">${formTexts.loading}</p>
    <div class=${shape} aria-hidden="true">${SHAPES[shape]()}</div>
  </div>`;
}

const SHAPES: Readonly<Record<PageShape, () => TemplateResult>> = {
  cards: () => html`<i class="title"></i>
    <div class="grid">
      ${repeated(CARDS, html`<div class="card"><i class="picture"></i><i class="line"></i></div>`)}
    </div>`,
  theatre: () => html`<div class="stage"><i class="picture"></i></div>
    <div class="about"><i class="title"></i><i class="line"></i></div>`,
  sections: () => html`<i class="title"></i>
    <div class="columns">
      <div class="index">${repeated(INDEX_ENTRIES, html`<i class="entry"></i>`)}</div>
      <i class="panel"></i>
    </div>`,
  blank: () => html``,
  form: () => html`<div class="sheet">
    <i class="title"></i>
    ${repeated(3, html`<i class="entry"></i>`)}
  </div>`,
};

function repeated(count: number, each: TemplateResult): TemplateResult[] {
  return Array.from({ length: count }, () => each);
}

export const pageSkeletonStyle: CSSResult = css`
  .page-skeleton {
    animation: appear 1ms 150ms both;
  }
  .page-skeleton i {
    display: block;
    border-radius: var(--radius-m);
    background: var(--line);
    animation: page-pulse 1.6s ease-in-out infinite;
  }
  .page-skeleton .title {
    width: min(16rem, 70%);
    height: 2rem;
    margin-bottom: var(--space-6);
  }
  .page-skeleton .line {
    width: 60%;
    height: 1.25rem;
    border-radius: var(--radius-s);
  }
  .page-skeleton .entry {
    height: 2.75rem;
  }
  .page-skeleton .picture {
    aspect-ratio: 16 / 9;
  }
  .page-skeleton .cards {
    max-width: var(--page-width);
    margin: 0 auto;
    padding: var(--space-6) var(--gutter);
  }
  .page-skeleton .grid {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 17.5rem), 1fr));
    gap: var(--space-5);
  }
  .page-skeleton .card {
    display: grid;
    gap: var(--space-3);
  }
  /* As wide as the player that comes there. */
  .page-skeleton .stage {
    background: #05080a;
  }
  .page-skeleton .stage .picture {
    width: min(100%, calc((100dvh - var(--header-height) - 9rem) * 16 / 9));
    min-width: min(100%, 40rem);
    margin: 0 auto;
    border-radius: 0;
    background: #10191d;
  }
  .page-skeleton .about {
    max-width: var(--page-width);
    margin: 0 auto;
    padding: var(--space-4) var(--gutter);
  }
  .page-skeleton .about .title {
    margin-bottom: var(--space-3);
  }
  .page-skeleton .about .line {
    width: min(10rem, 40%);
  }
  .page-skeleton .sections {
    max-width: 72rem;
    margin: 0 auto;
    padding: var(--space-6) var(--gutter);
  }
  .page-skeleton .columns {
    display: grid;
    gap: var(--space-5);
  }
  .page-skeleton .index {
    display: grid;
    grid-template-columns: repeat(3, minmax(0, 1fr));
    gap: var(--space-2);
  }
  .page-skeleton .panel {
    min-height: 20rem;
    border-radius: var(--radius-l);
  }
  @media (min-width: 52rem) {
    .page-skeleton .columns {
      grid-template-columns: 13rem minmax(0, 1fr);
      gap: var(--space-6);
    }
    .page-skeleton .index {
      grid-template-columns: none;
      align-content: start;
    }
  }
  .page-skeleton .sheet {
    display: grid;
    gap: var(--space-4);
    max-width: 28rem;
    margin: 0 auto;
    padding: var(--space-6) var(--gutter);
  }
  .page-skeleton .sheet .title {
    margin-bottom: var(--space-2);
  }
  @media (min-width: 36rem) {
    .page-skeleton .sheet {
      margin-top: clamp(1.5rem, 9vh, 6rem);
      padding: var(--space-6);
      border: 1px solid var(--line);
      border-radius: var(--radius-l);
      background: var(--surface);
    }
  }
  @keyframes appear {
    from {
      visibility: hidden;
    }
  }
  @keyframes page-pulse {
    50% {
      opacity: 0.5;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .page-skeleton i {
      animation: none;
    }
  }
`;
