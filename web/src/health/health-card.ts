import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { IngestReport } from "../api/health-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { panelStyle } from "../dashboard/panel-style.js";
import { TopicWatch } from "../events/topic-watch.js";
import { blockStyle, errorBlock, loadingBlock } from "../forms/blocks.js";
import { Poller } from "../status/poller.js";
import { healthTexts } from "../texts/stream-health.js";
import { liveFigures, pictureText, soundText } from "./figures.js";
import { sortFindings } from "./findings.js";
import "./finding-list.js";
import { figureList, healthStyle } from "./health-blocks.js";

const INTERVAL_MS = 2_000;

/** How good a channel's stream is while it is on air: figures, and what was found. */
@customElement("rillcast-health-card")
export class HealthCard extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    blockStyle,
    panelStyle,
    healthStyle,
    css`
      .media {
        margin: 0;
        color: var(--text-muted);
        font-size: var(--text-s);
        overflow-wrap: anywhere;
      }
      details rillcast-finding-list {
        margin-top: var(--space-2);
      }
    `,
  ];

  @property() channel = "";

  @state() private report: IngestReport | null = null;
  @state() private error: unknown = null;
  @state() private hasAnswer = false;
  #poller: Poller | null = null;
  /** Findings are told the moment that they change; the figures are asked for. */
  readonly #topic = new TopicWatch(this, {
    onEvent: (event) => {
      if (event.type === "publisher.findings") this.#poller?.hasten();
    },
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#poller?.stop();
    this.#poller = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#watch();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("channel")) this.#watch();
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-labelledby="heading">
      <h2 id="heading">${healthTexts.heading}</h2>
      ${this.#renderBody()}
    </section>`;
  }

  #renderBody(): TemplateResult {
    const { report, error } = this;
    if (!this.hasAnswer) {
      return error === null ? loadingBlock(2) : errorBlock(error, () => this.#poller?.hasten());
    }
    if (report === null) return html`<p class="lead">${healthTexts.nobody}</p>`;
    const { open, good, past } = sortFindings(report);
    const media = [pictureText(report), soundText(report)].filter((text) => text !== null);
    const hasLooked = open.length + good.length + past.length > 0;
    return html`${error === null
        ? nothing
        : html`<p class="lead" role="status">${healthTexts.stale}</p>`}
      ${report.isPublishing ? nothing : html`<p class="lead">${healthTexts.nobody}</p>`}
      ${figureList(liveFigures(report))}
      ${media.length === 0 ? nothing : html`<p class="media">${media.join(" · ")}</p>`}
      <p class="hidden-text" role="status">
        ${open.length === 0 ? "" : `${healthTexts.findings(open.length)}: ${open.map(({ title }) => title).join(". ")}`}
      </p>
      ${open.length > 0
        ? html`<rillcast-finding-list .findings=${open}></rillcast-finding-list>`
        : html`<p class="lead">${hasLooked ? healthTexts.allGood : healthTexts.listening}</p>`}
      ${folded(healthTexts.past(past.length), past)} ${folded(healthTexts.good(good.length), good)}`;
  }

  #watch(): void {
    this.#poller?.stop();
    this.report = null;
    this.error = null;
    this.hasAnswer = false;
    const { channel } = this;
    if (channel === "") return;
    this.#topic.hear(`channel:${channel}`);
    this.#poller = new Poller({
      poll: (signal) => this.#ask(channel, signal),
      whenHidden: "pause",
      intervalMs: INTERVAL_MS,
    });
    this.#poller.start();
  }

  async #ask(channel: string, signal: AbortSignal): Promise<number> {
    try {
      const { body } = await api.get("/channels/{channel}/ingest", { path: { channel }, signal });
      this.report = body.report;
      this.error = null;
      this.hasAnswer = true;
      return INTERVAL_MS;
    } catch (error) {
      if (!signal.aborted) this.error = error;
      throw error;
    }
  }
}

function folded(
  summary: string,
  findings: IngestReport["findings"],
): TemplateResult | typeof nothing {
  if (findings.length === 0) return nothing;
  return html`<details>
    <summary>${summary}</summary>
    <rillcast-finding-list .findings=${findings}></rillcast-finding-list>
  </details>`;
}
