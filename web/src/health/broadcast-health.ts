import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { IngestReport } from "../api/health-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle, errorBlock, loadingBlock } from "../forms/blocks.js";
import { healthTexts } from "../texts/stream-health.js";
import "./report-view.js";

/** How good the stream of one broadcast was; asked for when it is first shown. */
@customElement("rillcast-broadcast-health")
export class BroadcastHealth extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    blockStyle,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
        padding: var(--space-2) 0;
      }
      h4 {
        margin: 0;
        font-size: var(--text-s);
      }
      p {
        margin: 0;
        color: var(--text-muted);
        font-size: var(--text-s);
      }
    `,
  ];

  /** The id of the broadcast. */
  @property() broadcast = "";

  @state() private report: IngestReport | null = null;
  @state() private error: unknown = null;
  @state() private hasAnswer = false;
  #asking = new AbortController();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking.abort();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("broadcast") && this.broadcast !== "") void this.#read();
  }

  override render(): TemplateResult {
    const { error, report } = this;
    return html`<h4>${healthTexts.heading}</h4>
      ${error !== null
        ? errorBlock(error, () => void this.#read())
        : !this.hasAnswer
          ? loadingBlock(2)
          : report === null
            ? html`<p>${healthTexts.none}</p>`
            : html`<rillcast-report-view when="after" .report=${report}></rillcast-report-view>`}`;
  }

  async #read(): Promise<void> {
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.error = null;
    this.hasAnswer = false;
    try {
      const { body } = await api.get("/broadcasts/{broadcast}/ingest", {
        path: { broadcast: this.broadcast },
        signal,
      });
      if (signal.aborted) return;
      this.report = body.report;
      this.hasAnswer = true;
    } catch (error) {
      if (!signal.aborted) this.error = error;
    }
  }
}
