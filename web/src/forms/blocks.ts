import type { CSSResult, TemplateResult } from "lit";
import { css, html, nothing } from "lit";

import { formTexts } from "../texts/forms.js";
import { failureOf } from "./failure.js";

/** What stands where nothing is yet. `action` leads on: a link or a button. */
export function emptyBlock(
  heading: string,
  text: string,
  action: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  return html`<div class="block">
    <h3>${heading}</h3>
    <p>${text}</p>
    ${action}
  </div>`;
}

/** What stands where something will be in a moment. */
export function loadingBlock(lines = 3): TemplateResult {
  return html`<div class="skeleton-block">
    <p class="hidden-text" role="status">${formTexts.loading}</p>
    ${Array.from({ length: lines }, () => html`<div aria-hidden="true"></div>`)}
  </div>`;
}

/** What stands where something should be, but could not be had. */
export function errorBlock(error: unknown, retry: () => void): TemplateResult {
  return html`<div class="block" role="alert">
    <h3>${formTexts.loadFailed}</h3>
    <p>${failureOf(error).text}</p>
    <button type="button" @click=${retry}>${formTexts.retry}</button>
  </div>`;
}

/** For the blocks above. Beside `buttonStyle` and `hiddenTextStyle`. */
export const blockStyle: CSSResult = css`
  .block {
    display: grid;
    justify-items: start;
    gap: var(--space-2);
    padding: var(--space-5);
    border: 1px dashed var(--line-strong);
    border-radius: var(--radius-l);
  }
  .block h3,
  .block p {
    margin: 0;
  }
  .block h3 {
    font-size: var(--text-m);
  }
  .block p {
    max-width: 40rem;
    color: var(--text-muted);
    font-size: var(--text-s);
  }
  .skeleton-block {
    position: relative;
    display: grid;
    gap: var(--space-3);
  }
  .skeleton-block div {
    height: 2.75rem;
    border-radius: var(--radius-m);
    background: var(--line);
    animation: pulse 1.6s ease-in-out infinite;
  }
  @keyframes pulse {
    50% {
      opacity: 0.5;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .skeleton-block div {
      animation: none;
    }
  }
`;
