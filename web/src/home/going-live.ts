import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, state } from "lit/decorators.js";

import "../copy-button.js";
import type { PublishAddress } from "../status/publish-address.js";
import { secureServerUrl, serverUrl } from "../status/publish-address.js";
import { statusClient } from "../status/server.js";

/** How to publish to this server, step by step. */
@customElement("rillcast-going-live")
export class GoingLive extends LitElement {
  static override styles: CSSResultGroup = css`
    :host {
      display: block;
    }
    ol {
      display: grid;
      gap: var(--space-4);
      margin: 0;
      padding: 0;
      counter-reset: step;
      list-style: none;
    }
    li {
      display: grid;
      grid-template-columns: 2rem 1fr;
      gap: var(--space-3);
      counter-increment: step;
    }
    li::before {
      content: counter(step);
      display: grid;
      place-items: center;
      width: 2rem;
      height: 2rem;
      border-radius: 50%;
      background: var(--accent-soft);
      color: var(--accent);
      font-weight: 700;
    }
    li > div {
      min-width: 0;
      padding-top: 0.2rem;
    }
    b {
      font-weight: 600;
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
      font: 500 var(--text-s) / 1.4 var(--font-mono);
      overflow-wrap: anywhere;
    }
    .address code {
      flex: 1 1 9rem;
      padding: 0.7rem var(--space-3);
      border: 1px solid var(--line);
      border-radius: var(--radius-m);
      background: var(--surface);
      color: var(--text);
    }
  `;

  /** Null until the server has said it, or if it did not: then the usual port is shown. */
  @state() private accessor address: PublishAddress | null = null;
  #asking = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#asking = new AbortController();
    void this.#ask(this.#asking.signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking.abort();
  }

  async #ask(signal: AbortSignal): Promise<void> {
    try {
      this.address = await statusClient.publishAddress(signal);
    } catch {
      this.address = null;
    }
  }

  override render(): TemplateResult {
    const { hostname } = location;
    const address = serverUrl(hostname, this.address) ?? secureServerUrl(hostname, this.address) ?? "";
    return html`<ol>
      <li>
        <div>
          <b>In OBS, open Settings → Stream</b>
          <p>Choose “Custom…” as the service, and enter this server:</p>
          <div class="address">
            <code>${address}</code>
            <rillcast-copy-button text=${address}></rillcast-copy-button>
          </div>
        </div>
      </li>
      <li>
        <div>${this.address?.needsKey === false ? this.#renderName() : this.#renderKey()}</div>
      </li>
      <li>
        <div>
          <b>For the lowest latency, set a keyframe interval of 1 s</b>
          <p>Settings → Output → Advanced. With x264, tune “zerolatency”. Up to 2 s works well.</p>
        </div>
      </li>
      <li>
        <div>
          <b>Start streaming</b>
          <p>Your channel shows up on this page within seconds.</p>
        </div>
      </li>
    </ol>`;
  }

  #renderKey(): TemplateResult {
    return html`<b>Paste your stream key</b>
      <p>
        It was printed in the terminal where the server was started;
        <code>rillcast key list</code> prints it again. It is secret: whoever has it can go live as
        you.
      </p>`;
  }

  #renderName(): TemplateResult {
    return html`<b>Enter your channel’s name as the stream key</b>
      <p>This server is open: anybody who reaches it can publish to any channel.</p>`;
  }
}
