import type { CSSResult, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";

import { serverClock } from "./status/server.js";
import { elapsedText } from "./wording.js";

const REFRESH_MS = 15_000;

/** How long ago something began, by the server's clock, kept up to date. */
@customElement("rillcast-elapsed-time")
export class ElapsedTime extends LitElement {
  static override styles: CSSResult = css`
    :host {
      white-space: nowrap;
    }
  `;

  /** Milliseconds since the epoch. */
  @property({ attribute: false }) sinceMs = 0;

  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => {
      this.requestUpdate();
    }, REFRESH_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render(): TemplateResult {
    const since = new Date(this.sinceMs);
    const elapsed = elapsedText(serverClock.at(Date.now()) - this.sinceMs);
    return html`<time datetime=${since.toISOString()} title="Since ${since.toLocaleString()}"
      >${elapsed === "just now" ? "Started just now" : `On air for ${elapsed}`}</time
    >`;
  }
}
