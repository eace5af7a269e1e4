import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import type { ChannelView } from "../api/channel-names.js";
import { api } from "../api/server.js";
import { buttonStyle } from "../button-style.js";
import { ChannelAccess } from "../channels/channel-access.js";
import "../elapsed-time.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import "../forms/confirm-dialog.js";
import { formStyle } from "../forms/form-style.js";
import "../forms/notice.js";
import "../health/health-card.js";
import "../player/live-player.js";
import "../state-badge.js";
import type { ChannelPhase } from "../status/channel-phase.js";
import { ChannelWatch } from "../status/channel-watch.js";
import { serverClock, statusClient } from "../status/server.js";
import { overviewTexts } from "../texts/dashboard.js";
import { agoText } from "../texts/spans.js";
import "./go-live-card.js";
import { panelStyle } from "./panel-style.js";

const REFRESH_MS = 15_000;

/** A channel at this moment: on air or not, its picture, who watches; and how to go live. */
@customElement("rillcast-channel-overview")
export class ChannelOverview extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    formStyle,
    panelStyle,
    css`
      rillcast-player {
        overflow: hidden;
        width: 100%;
        border-radius: var(--radius-m);
        aspect-ratio: 16 / 9;
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3) var(--space-6);
        margin: 0;
      }
      dt {
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      dd {
        min-height: 1.75rem;
        margin: 0;
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) channel: ChannelView | null = null;

  @state() private notice = "";
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;

  readonly #access = new ChannelAccess(this, api, serverClock);
  readonly #watch = new ChannelWatch(this, statusClient);
  #lookedAt = "";
  #lastPhase: ChannelPhase = "loading";
  #refreshing: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#lookedAt = "";
    this.#refreshing = setInterval(() => {
      if (!document.hidden) void this.#access.refresh();
    }, REFRESH_MS);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#refreshing);
  }

  override willUpdate(): void {
    const { channel } = this;
    if (channel === null) return;
    // Who may watch counts at once: leave is asked for anew.
    const looked = `${channel.name} ${channel.visibility}`;
    if (looked !== this.#lookedAt) {
      this.#lookedAt = looked;
      this.#access.look(channel.name, null);
    }
    this.#watch.watch(channel.name, this.#access.token);
    const { phase } = this.#watch;
    if (phase !== this.#lastPhase) void this.#access.refresh();
    this.#lastPhase = phase;
  }

  override render(): TemplateResult | typeof nothing {
    const { channel } = this;
    if (channel === null) return nothing;
    const { isOwner } = channel.standing;
    return html`${this.#renderClosed(channel)}
      <section class="panel" aria-label=${overviewTexts.state}>
        <rillcast-notice .text=${this.notice}></rillcast-notice>
        ${this.#renderPicture(channel)} ${this.#renderNumbers(this.#access.view ?? channel)}
        ${isOwner && this.#isOnAir
          ? html`<div class="actions">
              <button type="button" class="danger" @click=${() => void this.#cut(channel)}>
                ${overviewTexts.cut}
              </button>
            </div>`
          : nothing}
      </section>
      ${this.#isOnAir
        ? html`<rillcast-health-card .channel=${channel.name}></rillcast-health-card>`
        : nothing}
      ${isOwner
        ? html`<rillcast-go-live-card .channel=${channel.name}></rillcast-go-live-card>`
        : nothing}
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  get #isOnAir(): boolean {
    const { phase, status } = this.#watch;
    // Until the server has said how the show is, whether there is one is known from the channel.
    if (phase === "loading") return (this.#access.view ?? this.channel)?.isLive === true;
    const state = phase === "unreachable" ? (status?.state ?? "offline") : phase;
    return state === "live" || state === "interrupted" || state === "starting";
  }

  #renderClosed(channel: ChannelView): TemplateResult | typeof nothing {
    if (channel.ban === null) return nothing;
    return html`<p class="summary" role="alert">${overviewTexts.closed(channel.ban.reason)}</p>`;
  }

  #renderPicture(channel: ChannelView): TemplateResult {
    if (!this.#isOnAir) {
      return html`<p class="lead">${overviewTexts.offAir}</p>`;
    }
    return html`<rillcast-player
      aria-label=${overviewTexts.preview}
      .channel=${channel.name}
      .phase=${this.#watch.phase}
      .status=${this.#watch.status}
      .clock=${serverClock}
      startsMuted
      @status-doubt=${this.#onDoubt}
    ></rillcast-player>`;
  }

  #renderNumbers(channel: ChannelView): TemplateResult {
    const { phase, status } = this.#watch;
    const startedAtMs = status?.startedAtMs ?? null;
    return html`<dl>
      <div>
        <dt>${overviewTexts.state}</dt>
        <dd><rillcast-state-badge .phase=${phase}></rillcast-state-badge></dd>
      </div>
      ${this.#isOnAir
        ? html`<div>
              <dt>${overviewTexts.viewers}</dt>
              <dd>${channel.viewerCount.toLocaleString("en")}</dd>
            </div>
            ${startedAtMs === null
              ? nothing
              : html`<div>
                  <dt>${overviewTexts.since}</dt>
                  <dd>
                    <rillcast-elapsed-time .sinceMs=${startedAtMs}></rillcast-elapsed-time>
                  </dd>
                </div>`}`
        : html`<div>
            <dt>${overviewTexts.lastLive}</dt>
            <dd>
              ${channel.lastLiveAt === null
                ? overviewTexts.never
                : agoText(Date.parse(channel.lastLiveAt), Date.now())}
            </dd>
          </div>`}
      <div>
        <dt>${overviewTexts.followers}</dt>
        <dd>${channel.followerCount.toLocaleString("en")}</dd>
      </div>
    </dl>`;
  }

  async #cut(channel: ChannelView): Promise<void> {
    this.notice = "";
    const isDone = await this.dialog.ask({
      heading: overviewTexts.cutHeading,
      text: overviewTexts.cutText,
      confirmLabel: overviewTexts.cut,
      isDangerous: true,
      work: async (_answer, signal) => {
        await api.post("/channels/{channel}/cut", { path: { channel: channel.name }, signal });
      },
    });
    if (!isDone) return;
    this.notice = overviewTexts.cutDone;
    this.#watch.hasten();
  }

  readonly #onDoubt = (): void => {
    this.#watch.hasten();
  };
}
