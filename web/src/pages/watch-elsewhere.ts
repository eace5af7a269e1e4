import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";

import { buttonStyle } from "../button-style.js";
import "../copy-button.js";

/** A channel's addresses for players outside of this page; closed until somebody asks. */
@customElement("rillcast-watch-elsewhere")
export class WatchElsewhere extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    css`
      :host {
        display: block;
      }
      summary {
        display: inline-flex;
        align-items: center;
        min-height: 2.75rem;
        border-radius: var(--radius-s);
        color: var(--text-muted);
        font-size: var(--text-s);
        font-weight: 600;
        cursor: pointer;
        list-style: none;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      summary:hover {
        color: var(--text);
      }
      summary::after {
        content: "";
        width: 0.4rem;
        height: 0.4rem;
        margin: -0.2rem 0.2rem 0 0.6rem;
        border: solid currentColor;
        border-width: 0 2px 2px 0;
        rotate: 45deg;
        transition: rotate var(--swift);
      }
      [open] summary::after {
        margin-top: 0.15rem;
        rotate: 225deg;
      }
      .panel {
        display: grid;
        gap: var(--space-4);
        max-width: 48rem;
        margin-top: var(--space-2);
        padding: var(--space-4);
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--surface);
      }
      h3 {
        margin: 0;
        font-size: var(--text-s);
      }
      p {
        margin: 0;
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      .address {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        margin-top: var(--space-2);
      }
      code {
        flex: 1 1 14rem;
        min-width: 0;
        padding: 0.7rem var(--space-3);
        border: 1px solid var(--line);
        border-radius: var(--radius-m);
        background: var(--ground);
        font: 500 var(--text-s) / 1.4 var(--font-mono);
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property() channel = "";

  override render(): TemplateResult {
    const folder = `${location.origin}/live/${this.channel}`;
    return html`<details>
      <summary>Watch elsewhere</summary>
      <div class="panel">
        ${this.#renderAddress("HLS", `${folder}/index.m3u8`, "For VLC, mpv, phones and television sets")}
        ${this.#renderAddress("DASH", `${folder}/manifest.mpd`, "For dash.js, Shaka Player and ExoPlayer")}
      </div>
    </details>`;
  }

  #renderAddress(name: string, address: string, purpose: string): TemplateResult {
    return html`<section aria-label=${name}>
      <h3>${name}</h3>
      <p>${purpose}</p>
      <div class="address">
        <code>${address}</code>
        <rillcast-copy-button text=${address}></rillcast-copy-button>
      </div>
    </section>`;
  }
}
