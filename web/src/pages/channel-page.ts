import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import type { ChannelCard } from "../api/channel-names.js";
import { api } from "../api/server.js";
import "../brand/rill-art.js";
import { buttonStyle } from "../button-style.js";
import { mayPlay } from "../channels/access.js";
import { ChannelAccess } from "../channels/channel-access.js";
import { ChannelEvents } from "../channels/channel-events.js";
import "../channels/channel-about.js";
import "../channels/follow-button.js";
import "../channels/past-broadcasts.js";
import "../channels/share-dialog.js";
import { sharedLinkToken } from "../channels/shared-link.js";
import "../channels/watch-gate.js";
import { WatchNotes } from "../channels/watch-notes.js";
import "../copy-button.js";
import "../elapsed-time.js";
import { chatIcon } from "../icons.js";
import "../player/live-player.js";
import type { LivePlayer } from "../player/live-player.js";
import { SessionWatch } from "../session/session-watch.js";
import "../state-badge.js";
import type { ChannelPhase } from "../status/channel-phase.js";
import { mainAudio, mainVideo } from "../status/channel-status.js";
import { ChannelWatch } from "../status/channel-watch.js";
import { serverClock, statusClient } from "../status/server.js";
import { channelTexts, shownTitle } from "../texts/channels.js";
import { countText } from "../texts/spans.js";
import { audioFacts, videoFacts } from "../wording.js";
import { channelPageStyle } from "./channel-page-style.js";
import "./not-found-page.js";
import "./watch-elsewhere.js";

/** How often a page that is looked at, and told of nothing, reads again what the channel says. */
const REFRESH_MS = 30_000;

/** One channel: its player, what there is to say about it, and what can be done with it. */
@customElement("rillcast-channel-page")
export class ChannelPage extends LitElement {
  static override styles: CSSResultGroup = [buttonStyle, channelPageStyle];

  @property() channel = "";

  readonly #session = new SessionWatch(this);
  readonly #access = new ChannelAccess(this, api, serverClock);
  readonly #watch = new ChannelWatch(this, statusClient);
  readonly #events = new ChannelEvents(this, {
    onShow: () => {
      this.#watch.hasten();
      void this.#access.refresh();
    },
    onChange: (title, category) => {
      this.#access.hear({ title, category });
    },
    onGap: () => {
      this.#watch.hasten();
      void this.#access.refresh();
    },
  });
  @query("rillcast-player") private readonly player!: LivePlayer | null;
  /** The code of the chat is there: it comes after what plays. */
  @state() private hasChat = false;
  @state() private isChatHidden = false;
  #isLoadingChat = false;
  /** For whom the channel was looked at last. */
  #lookedAt = "";
  #lastPhase: ChannelPhase = "loading";
  #refreshing: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    new WatchNotes(this, api, {
      channel: () =>
        this.#session.me !== null && this.player?.isPlaying === true ? this.#name : null,
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#lookedAt = "";
    this.#refreshing = setInterval(() => {
      if (document.hidden || this.#watch.phase !== "live" || this.#events.areTold) return;
      void this.#access.refresh();
    }, REFRESH_MS);
    window.addEventListener("hashchange", this.#lookAnew);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#refreshing);
    window.removeEventListener("hashchange", this.#lookAnew);
  }

  override willUpdate(): void {
    this.#look();
    this.#watch.watch(this.#name, this.#access.token);
    const isKnown = this.isConnected && this.#access.card !== null;
    this.#events.hear(isKnown ? this.#name : null, this.#leave);
    this.#watch.isTold = this.#events.areTold;
    this.classList.toggle("with-chat", this.#mayChat && !this.isChatHidden);
    const { phase } = this.#watch;
    const wasOnAir = this.#lastPhase === "live" || this.#lastPhase === "interrupted";
    if (wasOnAir && (phase === "ended" || phase === "offline")) this.#access.doubt();
    this.#lastPhase = phase;
    const { card } = this.#access;
    const title = card === null ? this.channel : shownTitle(card);
    document.title = `${phase === "live" ? "● " : ""}${title} · Rillcast`;
  }

  override render(): TemplateResult {
    const { access, card, view } = this.#access;
    const phase = this.#phase;
    if (phase === "not-found") return html`<rillcast-not-found-page></rillcast-not-found-page>`;
    const isThere = access.kind !== "not-found" && access.kind !== "bad-link";
    return html`${this.#renderStage()}
      ${this.#renderChat()}
      <div class="below">
        ${isThere ? this.#renderAbout(phase) : nothing}
        ${card === null || !isThere
          ? nothing
          : html`<div class="more">
              <rillcast-channel-about .card=${card} .view=${view}></rillcast-channel-about>
              ${view?.standing.mayWatch === true
                ? html`<rillcast-past-broadcasts .channel=${card.name}></rillcast-past-broadcasts>`
                : nothing}
            </div>`}
      </div>`;
  }

  override updated(): void {
    if (!this.#mayChat || this.#isLoadingChat) return;
    this.#isLoadingChat = true;
    void this.#loadChat();
  }

  /** Without the code of the chat, the page is what it is without a chat. */
  async #loadChat(): Promise<void> {
    try {
      await import("../chat/chat-panel.js");
      this.hasChat = true;
    } catch {
      this.isChatHidden = true;
    }
  }

  /** Who may watch may read. */
  get #mayChat(): boolean {
    return this.#access.card !== null && mayPlay(this.#access.access);
  }

  /** The token of the link that the viewer came by, where they have no right of their own. */
  get #leave(): string | null {
    return this.#access.view === null ? this.#access.token : null;
  }

  #renderStage(): TemplateResult {
    const { access, view } = this.#access;
    return html`<div class="theatre" @follow-changed=${this.#reload}>
      ${mayPlay(access)
        ? html`<rillcast-player
            .channel=${this.#name}
            .phase=${this.#phase}
            .status=${this.#watch.status}
            .clock=${serverClock}
            @status-doubt=${this.#onDoubt}
          ></rillcast-player>`
        : html`<rillcast-watch-gate
            .name=${this.channel}
            .access=${access}
            .channel=${view}
            @retry=${this.#reload}
          ></rillcast-watch-gate>`}
    </div>`;
  }

  #renderChat(): TemplateResult | typeof nothing {
    if (!this.#mayChat || this.isChatHidden) return nothing;
    return html`<aside class="chat">
      ${this.hasChat
        ? html`<rillcast-chat
            .channel=${this.#name}
            .leave=${this.#leave}
            .standingMark=${this.#access.view?.standing.isFollowing}
            @hide-chat=${this.#onHideChat}
          ></rillcast-chat>`
        : nothing}
    </aside>`;
  }

  /** As it stands in addresses of media; people may write it in capitals. */
  get #name(): string {
    return this.#access.card?.name ?? this.channel;
  }

  /** While it is not known whether the viewer needs a token, "offline" may not be true. */
  get #phase(): ChannelPhase {
    const { phase } = this.#watch;
    const isTrue = phase !== "offline" || this.#access.access.kind !== "asking";
    return isTrue ? phase : "loading";
  }

  #renderAbout(phase: ChannelPhase): TemplateResult {
    const { access, card, view } = this.#access;
    return html`<section class="about" aria-label=${channelTexts.aboutChannel}>
      ${card === null
        ? html`<div class="heading"><h1>${this.channel}</h1></div>`
        : renderHeading(card)}
      <p class="facts">${this.#renderFacts(phase)}</p>
      <div class="actions" @follow-changed=${this.#reload}>
        ${card === null
          ? html`<rillcast-copy-button
              .text=${location.origin + location.pathname}
              label=${channelTexts.copyLink}
              icon="link"
            ></rillcast-copy-button>`
          : html`${view?.standing.isOwner === true
                ? html`<a class="button" href="/dashboard/${card.name}">${channelTexts.manage}</a>`
                : nothing}
              ${view === null || view.standing.isOwner || access.kind === "for-followers"
                ? nothing
                : html`<rillcast-follow-button .channel=${view}></rillcast-follow-button>`}
              <rillcast-share-dialog .channel=${card}></rillcast-share-dialog>
              ${this.#mayChat && this.isChatHidden
                ? html`<button type="button" @click=${this.#onShowChat}>
                    ${chatIcon} ${channelTexts.showChat}
                  </button>`
                : nothing}`}
      </div>
      ${access.kind === "open"
        ? html`<rillcast-watch-elsewhere .channel=${this.#name}></rillcast-watch-elsewhere>`
        : nothing}
    </section>`;
  }

  #renderFacts(phase: ChannelPhase): TemplateResult {
    const { card } = this.#access;
    const { status } = this.#watch;
    const startedAtMs = status?.startedAtMs ?? null;
    // While nobody answers, the last word holds: a show that was on air is still told of.
    const state = phase === "unreachable" ? status?.state : phase;
    const isOnAir = state === "live" || state === "interrupted";
    const count = this.#events.viewers ?? card?.viewerCount ?? 0;
    const viewers = isOnAir && count > 0 ? count : null;
    // Of a show that is not open to the viewer, only lists tell whether it is on.
    const isLiveElsewhere = card?.isLive === true && !mayPlay(this.#access.access);
    return html`<rillcast-state-badge .phase=${isLiveElsewhere ? "live" : phase}></rillcast-state-badge>
      ${viewers === null ? nothing : html`<span>${countText(viewers, "viewer")}</span>`}
      ${isOnAir && startedAtMs !== null
        ? html`<rillcast-elapsed-time .sinceMs=${startedAtMs}></rillcast-elapsed-time>`
        : nothing}
      ${card === null || card.followerCount === 0
        ? nothing
        : html`<span>${countText(card.followerCount, "follower")}</span>`}
      ${isOnAir ? this.#renderTracks() : nothing}`;
  }

  #renderTracks(): TemplateResult | typeof nothing {
    const { status } = this.#watch;
    if (status === null) return nothing;
    const video = mainVideo(status);
    const audio = mainAudio(status);
    const facts = [
      video === null ? null : videoFacts(video).join(" · "),
      audio === null ? null : audioFacts(audio).join(" · "),
    ];
    return html`${facts.map((fact) =>
      fact === null ? nothing : html`<span class="technical">${fact}</span>`,
    )}`;
  }

  /** Looks at the channel again when it, or whoever looks at it, is another. */
  #look(): void {
    const { state, me } = this.#session;
    if (state.kind === "asking") return;
    const link = sharedLinkToken(location.hash);
    const who = JSON.stringify([this.channel, state.kind, me?.id ?? null, link]);
    if (who === this.#lookedAt) return;
    this.#lookedAt = who;
    // Nobody says whether there are accounts: the show itself may be open to all.
    if (state.kind === "no-accounts" || state.kind === "unknown") this.#access.openToAll();
    else this.#access.look(this.channel, link);
  }

  readonly #onHideChat = (): void => {
    this.isChatHidden = true;
  };

  readonly #onShowChat = (): void => {
    this.isChatHidden = false;
  };

  readonly #lookAnew = (): void => {
    this.requestUpdate();
  };

  readonly #reload = (): void => {
    this.#access.reload();
  };

  readonly #onDoubt = (): void => {
    this.#watch.hasten();
  };
}

/** The show's title, and below it whose it is. */
function renderHeading(card: ChannelCard): TemplateResult {
  const title = shownTitle(card);
  return html`<div class="heading titled">
    <rillcast-rill-art .name=${card.name}></rillcast-rill-art>
    <div>
      <h1>${title}</h1>
      ${title === card.name ? nothing : html`<p class="name">${card.name}</p>`}
    </div>
  </div>`;
}
