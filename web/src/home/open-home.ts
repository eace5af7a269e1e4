import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import "../brand/rill-art.js";
import "./channel-card.js";
import "./going-live.js";
import type { ChannelStatus } from "../status/channel-status.js";
import { LiveList } from "../status/live-list.js";
import { statusClient } from "../status/server.js";

const SKELETONS = 3;

/** What is live now, on a server without accounts: channels are what is published. */
@customElement("rillcast-open-home")
export class OpenHome extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    css`
      :host {
        display: block;
        max-width: var(--page-width);
        margin: 0 auto;
        padding: var(--space-6) var(--gutter) var(--space-8);
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: var(--space-1) var(--space-4);
        margin-bottom: var(--space-5);
      }
      h1 {
        margin: 0;
        font-size: var(--text-xxl);
        letter-spacing: -0.03em;
        line-height: 1.15;
      }
      .count {
        margin: 0;
        color: var(--text-muted);
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 17.5rem), 1fr));
        gap: var(--space-5);
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .skeleton {
        display: grid;
        gap: var(--space-3);
      }
      .skeleton div {
        border-radius: var(--radius-m);
        background: var(--line);
        animation: pulse 1.6s ease-in-out infinite;
      }
      .skeleton div:first-child {
        aspect-ratio: 16 / 9;
      }
      .skeleton div:last-child {
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
        .skeleton div {
          animation: none;
        }
      }
      .notice {
        max-width: 36rem;
        padding: var(--space-6);
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--surface);
      }
      .notice h2 {
        margin: 0 0 var(--space-2);
        font-size: var(--text-l);
      }
      .notice p {
        margin: 0 0 var(--space-4);
        color: var(--text-muted);
      }
      .stale {
        margin: 0 0 var(--space-4);
        padding: var(--space-3) var(--space-4);
        border-left: 3px solid var(--warn);
        border-radius: var(--radius-s);
        background: var(--surface);
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      .empty {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
        overflow: hidden;
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--surface);
      }
      .invitation {
        position: relative;
        display: flex;
        flex-direction: column;
        justify-content: flex-end;
        min-height: 16rem;
        padding: var(--space-6);
        color: #fff;
      }
      .invitation rillcast-rill-art,
      .invitation::after {
        position: absolute;
        inset: 0;
      }
      .invitation::after {
        content: "";
        background: linear-gradient(rgb(4 18 20 / 20%), rgb(4 18 20 / 88%) 70%);
      }
      .invitation h2,
      .invitation p {
        z-index: 1;
        max-width: 30rem;
        margin: 0;
      }
      .invitation h2 {
        margin-bottom: var(--space-3);
        font-size: var(--text-xl);
        letter-spacing: -0.02em;
        line-height: 1.2;
      }
      .invitation p {
        color: #dbe7e8;
      }
      rillcast-going-live {
        padding: var(--space-6) clamp(1rem, 3vw, 2rem);
      }
    `,
  ];

  readonly #live = new LiveList(this, statusClient);

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = "Live now · Rillcast";
  }

  override render(): TemplateResult {
    const { channels, hasFailed } = this.#live;
    return html`<header>
        <h1>Live now</h1>
        <p class="count" role="status">${channels === null ? nothing : countText(channels.length)}</p>
      </header>
      ${channels === null
        ? hasFailed
          ? this.#renderFailure()
          : renderSkeleton()
        : html`${hasFailed ? this.#renderStale() : nothing}
          ${channels.length === 0 ? renderEmpty() : renderCards(channels)}`}`;
  }

  #renderFailure(): TemplateResult {
    return html`<section class="notice" role="alert">
      <h2>The list did not load</h2>
      <p>The server did not answer. It is asked again by itself; you can also do it now.</p>
      <button type="button" class="primary" @click=${this.#retry}>Try again</button>
    </section>`;
  }

  #renderStale(): TemplateResult {
    return html`<p class="stale" role="status">
      The connection to the server is lost. This list may be out of date.
    </p>`;
  }

  readonly #retry = (): void => {
    this.#live.retry();
  };
}

function countText(count: number): string {
  if (count === 0) return "Nobody is on air";
  return count === 1 ? "1 channel" : `${count} channels`;
}

function renderSkeleton(): TemplateResult {
  return html`<p class="hidden-text" role="status">Loading</p>
    <ul aria-hidden="true">
      ${Array.from(
        { length: SKELETONS },
        () =>
          html`<li class="skeleton">
            <div></div>
            <div></div>
          </li>`,
      )}
    </ul>`;
}

function renderCards(channels: readonly ChannelStatus[]): TemplateResult {
  return html`<ul>
    ${repeat(
      channels,
      ({ channel }) => channel,
      (status) =>
        html`<li><rillcast-channel-card .status=${status}></rillcast-channel-card></li>`,
    )}
  </ul>`;
}

function renderEmpty(): TemplateResult {
  return html`<section class="empty" aria-label="Nobody is on air">
    <div class="invitation">
      <rillcast-rill-art name="rillcast"></rillcast-rill-art>
      <h2>Be the first. It takes a minute.</h2>
      <p>
        Send your show here with OBS, or any other program that speaks RTMP. It appears in this list by
        itself, one to two seconds behind you.
      </p>
    </div>
    <rillcast-going-live></rillcast-going-live>
  </section>`;
}
