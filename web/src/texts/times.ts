import type { TemplateResult } from "lit";
import { html } from "lit";

const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });

/** A moment by the reader's clock: "21 Nov 2026, 15:29". `utc` as the API writes it. */
export function moment(utc: string): TemplateResult {
  return html`<time datetime=${utc}>${MOMENT.format(new Date(utc))}</time>`;
}

/** A day by the reader's calendar: "21 Nov 2026". */
export function day(utc: string): TemplateResult {
  return html`<time datetime=${utc}>${DAY.format(new Date(utc))}</time>`;
}
