import type { TemplateResult } from "lit";
import { svg, html } from "lit";

/** Icons on a 24-unit grid, drawn with the text colour. Decorative: controls carry the names. */

function icon(body: TemplateResult<2>): TemplateResult {
  return html`<svg
    viewBox="0 0 24 24"
    width="24"
    height="24"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    ${body}
  </svg>`;
}

const SPEAKER = svg`<path d="M4 9.5v5h3.5l4.5 4v-13l-4.5 4z" fill="currentColor" />`;

export const playIcon = icon(svg`<path d="M8 5.5v13l10.5-6.5z" fill="currentColor" />`);
export const pauseIcon = icon(
  svg`<path d="M7 5h3.5v14H7zM13.5 5H17v14h-3.5z" fill="currentColor" stroke="none" />`,
);
export const volumeHighIcon = icon(
  svg`${SPEAKER}<path d="M15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11" />`,
);
export const volumeLowIcon = icon(svg`${SPEAKER}<path d="M15.5 9a4.2 4.2 0 0 1 0 6" />`);
export const mutedIcon = icon(svg`${SPEAKER}<path d="m16 9.5 5 5m0-5-5 5" />`);
export const gearIcon = icon(
  svg`<path d="M4 7h9m5 0h2M4 17h2m5 0h9" /><circle cx="15.5" cy="7" r="2.5" /><circle cx="8.5" cy="17" r="2.5" />`,
);
export const statsIcon = icon(svg`<path d="M5 20v-6m7 6V4m7 16v-9" />`);
export const pictureIcon = icon(
  svg`<rect x="3" y="5" width="18" height="14" rx="2" /><rect x="12" y="12" width="6" height="4" fill="currentColor" stroke="none" />`,
);
export const fullscreenIcon = icon(svg`<path d="M4 9V4h5m6 0h5v5m0 6v5h-5m-6 0H4v-5" />`);
export const windowedIcon = icon(svg`<path d="M9 4v5H4m16 0h-5V4m0 16v-5h5M4 15h5v5" />`);
export const checkIcon = icon(svg`<path d="m5 12.5 4.5 4.5L19 7.5" />`);
export const closeIcon = icon(svg`<path d="m6 6 12 12M18 6 6 18" />`);
export const copyIcon = icon(
  svg`<rect x="8" y="8" width="12" height="12" rx="2" /><path d="M4 15V6a2 2 0 0 1 2-2h9" />`,
);
export const linkIcon = icon(
  svg`<path d="M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3L12 6.3M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1" />`,
);
export const broadcastIcon = icon(
  svg`<circle cx="12" cy="12" r="2" fill="currentColor" /><path d="M8.5 15.5a5 5 0 0 1 0-7m7 0a5 5 0 0 1 0 7M5.6 18.4a9 9 0 0 1 0-12.8m12.8 0a9 9 0 0 1 0 12.8" />`,
);
export const chatIcon = icon(
  svg`<path d="M4 5h16v11H10l-5 4v-4H4z" /><path d="M8 9.5h8M8 12.5h5" />`,
);
export const replyIcon = icon(svg`<path d="M9 6 4 11l5 5M4 11h9a6 6 0 0 1 6 6v1" />`);
export const trashIcon = icon(svg`<path d="M5 7h14M10 7V4h4v3m-7 0 1 13h8l1-13" />`);
export const moreIcon = icon(
  svg`<g fill="currentColor" stroke="none"><circle cx="5.5" cy="12" r="1.8" /><circle cx="12" cy="12" r="1.8" /><circle cx="18.5" cy="12" r="1.8" /></g>`,
);
export const shieldIcon = icon(svg`<path d="M12 3 5 6v5c0 5 3 8 7 10 4-2 7-5 7-10V6z" />`);
export const smileIcon = icon(
  svg`<circle cx="12" cy="12" r="8.5" /><path d="M8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5v.5m6-.5v.5" />`,
);
export const sendIcon = icon(svg`<path d="M4 12 20 4l-5 16-3.5-6.5zm7.5 1.5L20 4" />`);
export const popOutIcon = icon(svg`<path d="M14 4h6v6m0-6-8 8M11 5H5v14h14v-6" />`);
export const keyboardIcon = icon(
  svg`<rect x="3" y="6" width="18" height="12" rx="2" /><path d="M7 10h.5m3 0h.5m3 0h.5m3 0h.5M8 14h8" />`,
);
export const bellIcon = icon(
  svg`<path d="M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5h4" />`,
);
export const searchIcon = icon(svg`<circle cx="11" cy="11" r="6.5" /><path d="m16 16 4.5 4.5" />`);
