import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { classMap } from "lit/directives/class-map.js";

import { hiddenTextStyle } from "../button-style.js";
import { mutedIcon, playIcon } from "../icons.js";
import type { ChannelPhase } from "../status/channel-phase.js";
import type { ChannelStatus } from "../status/channel-status.js";
import { ServerClock } from "../status/server-clock.js";
import { controlStyle } from "./control-style.js";
import type { MediaSnapshot } from "./media-state.js";
import { MediaState, UNKNOWN_MEDIA } from "./media-state.js";
import { Playback } from "./playback.js";
import type { PlayerCommand } from "./player-command.js";
import { PlayerCommandEvent } from "./player-command.js";
import "./player-controls.js";
import "./player-overlay.js";
import type { PlayerState } from "./player-state.js";
import { announcementOf, playerState } from "./player-state.js";
import { PointerRest } from "./pointer-rest.js";
import { Shortcuts } from "./shortcuts.js";
import type { Source } from "./source.js";
import { QualityReporter } from "./quality-reporter.js";
import { hasOnlyMoved, sourceOf } from "./source.js";
import { stageStyle } from "./stage-style.js";
import { statisticsOf, videoFactsOf } from "./statistics.js";
import "./stats-panel.js";

const SAMPLE_INTERVAL_MS = 250;

/**
 * Plays one channel live and says what is going on when it cannot.
 *
 * The owner passes what the server says about the channel; the player does the rest.
 * For tests and style sheets the element shows `data-state` (see PlayerState), `data-latency-ms`
 * (whole milliseconds, absent while unknown), `data-at-edge` and `data-autoplay`.
 *
 * @fires status-doubt - playback has run dry or failed, and the server should be asked
 */
@customElement("rillcast-player")
export class LivePlayer extends LitElement {
  static override styles: CSSResultGroup = [controlStyle, hiddenTextStyle, stageStyle];

  @property() channel = "";
  @property({ attribute: false }) phase: ChannelPhase = "loading";
  @property({ attribute: false }) status: ChannelStatus | null = null;
  @property({ attribute: false }) clock = new ServerClock();
  /** Begins without sound, as its owner wishes; read once. */
  @property({ type: Boolean }) startsMuted = false;

  @state() private media: MediaSnapshot = UNKNOWN_MEDIA;
  @state() private showsStats = false;

  @query("video") private readonly video!: HTMLVideoElement;
  @query("canvas") private readonly canvas!: HTMLCanvasElement;
  @query(".stage") private readonly stage!: HTMLElement;

  readonly #rest = new PointerRest(this);
  #playback: Playback | null = null;
  #reporter: QualityReporter | null = null;
  #mediaState: MediaState | null = null;
  #source: Source | null = null;
  #sampling: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    new Shortcuts(this, this.#run);
    this.addEventListener(PlayerCommandEvent.type, (event) => {
      this.#run(event.command);
    });
  }

  /** When the server received the picture at the playhead, in unix milliseconds, if it is known. */
  get pictureDateMs(): number | null {
    return this.#playback?.engineFacts?.pictureDateMs ?? null;
  }

  /** Whether there is a moving picture, or sound. */
  get isPlaying(): boolean {
    return this.#state === "playing";
  }

  get #state(): PlayerState {
    const picture = this.#playback?.facts;
    return picture === undefined ? "loading" : playerState(this.phase, picture);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#sampling);
    this.#reporter?.destroy();
    this.#reporter = null;
    this.#playback?.destroy();
    this.#mediaState?.destroy();
    this.#playback = null;
    this.#mediaState = null;
    this.#source = null;
  }

  override render(): TemplateResult {
    const playback = this.#playback;
    const state = this.#state;
    const hasControls = playback?.facts.hasSource === true && state !== "error";
    const isResting = this.#rest.isResting && state === "playing" && !this.showsStats;
    return html`<div
      class=${classMap({ stage: true, resting: isResting })}
      @click=${this.#onStageClick}
    >
      <video playsinline disableremoteplayback aria-label="Live video of ${this.channel}"></video>
      <canvas hidden aria-hidden="true"></canvas>
      ${hasControls ? html`<div class="shade"></div>` : nothing}
      <rillcast-player-overlay
        class=${classMap({ "above-controls": hasControls })}
        .state=${state}
        .failure=${playback?.failure ?? null}
        .channel=${this.channel}
        ?isOffline=${!navigator.onLine}
        ?hasPicture=${playback?.hasPicture ?? false}
      ></rillcast-player-overlay>
      ${this.#renderPrompt(state)}
      ${this.showsStats ? this.#renderStats() : nothing}
      ${hasControls
        ? html`<rillcast-player-controls
            role="group"
            aria-label="Player controls"
            .media=${this.media}
            .quality=${playback.quality}
            ?isOnAir=${state === "playing" || state === "paused" || state === "buffering"}
            ?isAtEdge=${playback.isAtEdge}
            .latencyMs=${roundedTo(100, playback.latencyMs)}
            ?showsStats=${this.showsStats}
          ></rillcast-player-controls>`
        : nothing}
      <p class="hidden-text" role="status">${announcementOf(state, this.channel) ?? nothing}</p>
    </div>`;
  }

  override firstUpdated(): void {
    this.#open();
  }

  override updated(changed: PropertyValues<this>): void {
    const playback = this.#playback;
    if (playback === null) return;
    if (changed.has("status") || changed.has("phase")) this.#followStatus(playback);
    this.dataset.state = this.#state;
    this.dataset.atEdge = String(playback.isAtEdge);
    if (playback.autoplay !== null) this.dataset.autoplay = playback.autoplay;
    if (playback.latencyMs === null) delete this.dataset.latencyMs;
    else this.dataset.latencyMs = String(Math.round(playback.latencyMs));
  }

  /** EngineOwner and PlaybackOwner report here; the view is a function of what they hold. */
  playbackChanged(): void {
    this.requestUpdate();
  }

  playbackTroubled(): void {
    this.dispatchEvent(new Event("status-doubt"));
  }

  #open(): void {
    if (this.startsMuted) this.video.muted = true;
    this.#playback = new Playback(this.video, this.canvas, this.clock, this);
    this.#reporter = new QualityReporter(this.video, this.#playback);
    this.#mediaState = new MediaState(this.video, this.stage, (media) => {
      this.media = media;
    });
    this.#sampling = setInterval(() => {
      this.#playback?.measure();
      this.#reporter?.measure();
      this.requestUpdate();
    }, SAMPLE_INTERVAL_MS);
    this.#followStatus(this.#playback);
    this.requestUpdate();
  }

  /** Loads, keeps or drops the source as the server's word demands. */
  #followStatus(playback: Playback): void {
    const source = sourceOf(this.status, this.#source);
    if (source === "keep") {
      if (this.phase === "live") playback.resume();
      return;
    }
    if (source === "none") {
      this.#source = null;
      this.#reporter?.end();
      playback.unload();
      return;
    }
    if (hasOnlyMoved(this.#source, source)) playback.move(source.url);
    else {
      this.#reporter?.begin(this.channel);
      playback.load(source.url);
    }
    this.#source = source;
  }

  #renderPrompt(state: PlayerState): TemplateResult | typeof nothing {
    const { autoplay } = this.#playback ?? {};
    if (autoplay === "blocked" && state === "paused") {
      return html`<button
        type="button"
        class="big-play"
        aria-label="Play"
        @click=${this.#command({ type: "toggle-play" })}
      >
        ${playIcon}
      </button>`;
    }
    if (autoplay === "muted" && this.media.isMuted && (state === "playing" || state === "buffering")) {
      return html`<button
        type="button"
        class="prompt"
        @click=${this.#command({ type: "toggle-mute" })}
      >
        ${mutedIcon} Tap to unmute
      </button>`;
    }
    return nothing;
  }

  #renderStats(): TemplateResult {
    const playback = this.#playback;
    const statistics = statisticsOf(
      videoFactsOf(this.video),
      playback?.engineFacts ?? null,
      playback?.latencyMs ?? null,
      this.clock.offsetMs,
    );
    return html`<div class="panel">
      <rillcast-stats-panel .statistics=${statistics}></rillcast-stats-panel>
    </div>`;
  }

  #command(command: PlayerCommand): (event: Event) => void {
    return (event) => {
      event.stopPropagation();
      this.#run(command);
    };
  }

  readonly #run = (command: PlayerCommand): void => {
    const mediaState = this.#mediaState;
    const playback = this.#playback;
    if (mediaState === null || playback === null) return;
    this.#rest.stir();
    switch (command.type) {
      case "toggle-play":
        mediaState.setPaused(!this.media.isPaused);
        break;
      case "toggle-mute":
        mediaState.setMuted(!this.media.isMuted);
        break;
      case "set-volume":
        mediaState.setVolume(command.volume);
        break;
      case "change-volume":
        mediaState.setVolume((this.media.isMuted ? 0 : this.media.volume) + command.by);
        break;
      case "toggle-fullscreen":
        mediaState.setFullscreen(!this.media.isFullscreen);
        break;
      case "toggle-picture-in-picture":
        mediaState.setInPicture(!this.media.isInPicture);
        break;
      case "go-to-live":
        playback.goToLive();
        break;
      case "toggle-stats":
        this.showsStats = !this.showsStats;
        break;
      case "choose-quality":
        playback.chooseQuality(command.level);
        break;
      case "retry":
        this.#source = null;
        this.#followStatus(playback);
        this.playbackTroubled();
        break;
    }
  };

  /**
   * A click with the mouse pauses, a double click changes to full screen (its two clicks cancel
   * each other); a tap shows or hides the controls, as phones do it.
   */
  readonly #onStageClick = (event: MouseEvent): void => {
    if (!this.#isOnPicture(event)) return;
    const isTouch = event instanceof PointerEvent && event.pointerType === "touch";
    if (!isTouch) {
      this.#run({ type: "toggle-play" });
      if (event.detail === 2) this.#run({ type: "toggle-fullscreen" });
    } else if (this.#rest.isResting) this.#rest.stir();
    else this.#rest.rest();
  };

  #isOnPicture(event: Event): boolean {
    return event.composedPath()[0] === this.video || event.target === this.canvas;
  }
}

function roundedTo(step: number, value: number | null): number | null {
  return value === null ? null : Math.round(value / step) * step;
}
