import type { CSSResult, TemplateResult } from "lit";
import { css, html } from "lit";
import { repeat } from "lit/directives/repeat.js";

import type { ChannelCard } from "../api/channel-names.js";
import { formTexts } from "../texts/forms.js";
import "./directory-card.js";

/** Channels side by side, as many as fit. For components that have `cardGridStyle`. */
export function cardGrid(channels: readonly ChannelCard[]): TemplateResult {
  return html`<ul class="cards">
    ${repeat(
      channels,
      ({ id }) => id,
      (channel) =>
        html`<li><rillcast-directory-card .channel=${channel}></rillcast-directory-card></li>`,
    )}
  </ul>`;
}

/** What stands there until the channels have come. Beside `hiddenTextStyle`, too. */
export function cardSkeleton(count: number): TemplateResult {
  return html`<p class="hidden-text" role="status">${formTexts.loading}</p>
    <ul class="cards" aria-hidden="true">
      ${Array.from(
        { length: count },
        () => html`<li class="card-skeleton"><div></div><div></div></li>`,
      )}
    </ul>`;
}

export const cardGridStyle: CSSResult = css`
  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 17.5rem), 1fr));
    gap: var(--space-5);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .card-skeleton {
    display: grid;
    gap: var(--space-3);
  }
  .card-skeleton div {
    border-radius: var(--radius-m);
    background: var(--line);
    animation: pulse 1.6s ease-in-out infinite;
  }
  .card-skeleton div:first-child {
    aspect-ratio: 16 / 9;
  }
  .card-skeleton div:last-child {
    width: 60%;
    height: 1.25rem;
    border-radius: var(--radius-s);
  }
  @keyframes pulse {
    50% {
      opacity: 0.5;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .card-skeleton div {
      animation: none;
    }
  }
`;
