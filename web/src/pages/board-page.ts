import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import { boardStyle } from "../analytics/board-style.js";
import { BoardWatch } from "../analytics/board-watch.js";
import { healthOf } from "../analytics/health-light.js";
import "../analytics/sparkline.js";
import { uptimeText } from "../analytics/uptime.js";
import { WakeLock } from "../analytics/wake-lock.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle, emptyBlock, errorBlock, loadingBlock } from "../forms/blocks.js";
import { serverClock } from "../status/server.js";
import { boardTexts, shortTimeText, wholeText } from "../texts/analytics.js";
import { shownTitle } from "../texts/channels.js";
import { dashboardTexts } from "../texts/dashboard.js";
import { titleOf } from "../texts/shell.js";

const TICK_MS = 1_000;

/** A show at this moment, for a second screen: to be read from two metres, for hours. */
@customElement("rillcast-board-page")
export class BoardPage extends LitElement {
  static override styles: CSSResultGroup = [buttonStyle, hiddenTextStyle, blockStyle, boardStyle];

  @property() channel = "";

  readonly #watch = new BoardWatch(this);
  #tick: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    new WakeLock(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#tick = setInterval(() => {
      if (this.#watch.isLive && !document.hidden) this.requestUpdate();
    }, TICK_MS);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#tick);
  }

  override willUpdate(): void {
    this.#watch.watch(this.channel);
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("channel")) document.title = titleOf(`${boardTexts.title} · ${this.channel}`);
  }

  override render(): TemplateResult {
    const { view, error } = this.#watch;
    if (error !== null) {
      return html`<div class="alone">${errorBlock(error, () => { this.#watch.hasten(); })}</div>`;
    }
    if (view === null) return html`<div class="alone">${loadingBlock(6)}</div>`;
    if (!view.standing.isOwner && !view.standing.isModerator) {
      return html`<div class="alone">
        ${emptyBlock(
          boardTexts.notYours,
          dashboardTexts.notYoursText,
          html`<a class="button" href="/dashboard">${dashboardTexts.allChannels}</a>`,
        )}
      </div>`;
    }
    return html`<header>
        <h1>${shownTitle(view)}</h1>
        <div class="ways">
          ${document.fullscreenEnabled
            ? html`<button type="button" @click=${this.#onFullScreen}>
                ${boardTexts.fullScreen}
              </button>`
            : nothing}
          <a class="button" href="/dashboard/${this.channel}">${boardTexts.back}</a>
        </div>
      </header>
      ${this.#watch.isLate
        ? html`<p class="late" role="status">${boardTexts.reconnecting}</p>`
        : nothing}
      ${view.isLive ? this.#renderLive() : this.#renderOffline()}`;
  }

  #renderOffline(): TemplateResult {
    return html`<div class="offline">
      <p class="large">${boardTexts.offline}</p>
      <p>${boardTexts.offlineText}</p>
    </div>`;
  }

  #renderLive(): TemplateResult {
    const { view, figures, latencyMs, isLate } = this.#watch;
    const { viewers, trail, startedMs, followersGained } = figures;
    const nowMs = serverClock.at(Date.now());
    // While nobody answers, what was known stays: nothing says that the room fell silent.
    const messages = figures.messagesWithin(isLate ? Math.min(nowMs, figures.knownMs) : nowMs);
    return html`<div class="board">
      <section class="viewers">
        <p class="count">
          <strong>${wholeText(viewers ?? view?.viewerCount ?? 0)}</strong>
          <span>${boardTexts.watching}</span>
        </p>
        <div class="trend">
          <p>${boardTexts.lastMinutes}</p>
          <rillcast-sparkline .trail=${trail} .nowMs=${nowMs}></rillcast-sparkline>
        </div>
      </section>
      <dl class="facts">
        ${fact(boardTexts.uptime, startedMs === null ? boardTexts.unknown : uptimeText(nowMs - startedMs))}
        ${fact(boardTexts.chatRate, messages === null ? boardTexts.unknown : wholeText(messages))}
        ${fact(boardTexts.followers, followersGained === null ? boardTexts.unknown : `+${wholeText(followersGained)}`)}
        ${fact(boardTexts.latency, latencyMs === null ? boardTexts.unknown : shortTimeText(latencyMs))}
      </dl>
      ${this.#renderHealth()}
    </div>`;
  }

  #renderHealth(): TemplateResult {
    const { light, name, finding } = healthOf(this.#watch.ingest);
    return html`<section class="health ${light}" aria-label=${boardTexts.health} role="status">
      <i aria-hidden="true"></i>
      <p>
        <strong>${boardTexts.health}: ${name}</strong>
        ${finding === null ? nothing : html`<span>${finding.title}</span>`}
        ${typeof finding?.toChange !== "string" ? nothing : html`<span>${finding.toChange}</span>`}
      </p>
    </section>`;
  }

  readonly #onFullScreen = (): void => {
    if (document.fullscreenElement === null) void document.documentElement.requestFullscreen();
    else void document.exitFullscreen();
  };
}

function fact(name: string, value: string): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}
