import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import type { ChannelView, FollowLevel } from "../api/channel-names.js";
import { api } from "../api/server.js";
import { buttonStyle } from "../button-style.js";
import { checkStyle } from "../forms/check-style.js";
import { failureOf } from "../forms/failure.js";
import { checkIcon } from "../icons.js";
import { signInPath } from "../session/return-path.js";
import { SessionWatch } from "../session/session-watch.js";
import { FOLLOW_LEVELS, channelTexts } from "../texts/channels.js";

const LEVELS: readonly FollowLevel[] = ["all", "live", "none"];

/**
 * Follows a channel, chooses how much to hear of it, and unfollows.
 *
 * @fires follow-changed - whoever shows the channel should read it again
 */
@customElement("rillcast-follow-button")
export class FollowButton extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    checkStyle,
    css`
      :host {
        position: relative;
        display: inline-block;
      }
      summary {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 2.75rem;
        padding: 0 var(--space-4);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-m);
        font: 600 var(--text-s) / 1 var(--font);
        cursor: pointer;
        list-style: none;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      summary:hover {
        border-color: var(--accent);
        background: var(--raised);
      }
      summary svg {
        width: 1.125rem;
        height: 1.125rem;
        color: var(--accent);
      }
      .panel {
        position: absolute;
        z-index: 1;
        top: calc(100% + var(--space-2));
        right: 0;
        display: grid;
        gap: var(--space-3);
        width: min(20rem, calc(100vw - 2 * var(--gutter)));
        padding: var(--space-4);
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--surface);
        box-shadow: var(--shadow);
      }
      fieldset {
        display: grid;
        gap: var(--space-2);
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        margin-bottom: var(--space-2);
        padding: 0;
        font: 600 var(--text-s) / 1.4 var(--font);
      }
      label {
        display: grid;
        grid-template-columns: 1.25rem 1fr;
        gap: 0 var(--space-3);
        align-items: center;
        min-height: 2.75rem;
        cursor: pointer;
      }
      small {
        display: block;
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      .failure {
        margin: var(--space-2) 0 0;
        color: var(--danger);
        font-size: var(--text-s);
      }
      /* On a phone the button stands at the left edge: the panel must not leave the page. */
      @media (max-width: 48rem) {
        .panel {
          right: auto;
          left: 0;
        }
      }
    `,
  ];

  @property({ attribute: false }) channel: ChannelView | null = null;

  @state() private level: FollowLevel | null = null;
  @state() private isBusy = false;
  @state() private failure: string | null = null;
  @state() private hasJustFollowed = false;
  @query("details") private readonly details!: HTMLDetailsElement | null;

  readonly #session = new SessionWatch(this);

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("pointerdown", this.#closeOutside);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.#closeOutside);
  }

  override render(): TemplateResult | typeof nothing {
    const { channel } = this;
    if (channel === null || channel.standing.isOwner) return nothing;
    if (this.#session.me === null) {
      const from = location.pathname + location.search;
      return html`<a class="button primary" href=${signInPath(from)}>${channelTexts.follow}</a>`;
    }
    if (channel.standing.isFollowing) return this.#renderFollowing();
    if (!channel.standing.mayFollow) return nothing;
    return html`<button
        type="button"
        class="primary"
        aria-disabled=${this.isBusy}
        @click=${() => void this.#follow("live")}
      >
        ${channelTexts.follow}
      </button>
      ${this.#renderFailure()}`;
  }

  #renderFollowing(): TemplateResult {
    return html`<details @toggle=${this.#onToggle} @keydown=${this.#onKey}>
      <summary>${checkIcon} ${channelTexts.following}</summary>
      <div class="panel">
        <fieldset>
          <legend>${channelTexts.followToHear}</legend>
          ${LEVELS.map(
            (level) =>
              html`<label>
                <input
                  type="radio"
                  name="level"
                  .checked=${level === this.level}
                  @change=${() => void this.#follow(level)}
                />
                <span>
                  ${FOLLOW_LEVELS[level].name}
                  <small>${FOLLOW_LEVELS[level].explanation}</small>
                </span>
              </label>`,
          )}
        </fieldset>
        <button type="button" aria-disabled=${this.isBusy} @click=${this.#unfollow}>
          ${channelTexts.unfollow}
        </button>
        ${this.#renderFailure()}
      </div>
    </details>
    ${this.hasJustFollowed ? html`<rillcast-push-question></rillcast-push-question>` : nothing}`;
  }

  #renderFailure(): TemplateResult {
    return html`<div role="status">
      ${this.failure === null ? nothing : html`<p class="failure">${this.failure}</p>`}
    </div>`;
  }

  async #follow(level: FollowLevel): Promise<void> {
    const { channel } = this;
    if (channel === null) return;
    await this.#do(async () => {
      const { body } = await api.put("/channels/{channel}/follow", {
        path: { channel: channel.name },
        body: { notifications: level },
      });
      this.level = body.notifications;
      if (!channel.standing.isFollowing) await this.#askForPush();
    });
  }

  /** Now, and at no other time in these pages but in the settings: it is clear what for. */
  async #askForPush(): Promise<void> {
    await import("../push/push-question.js").catch(() => undefined);
    this.hasJustFollowed = true;
  }

  readonly #unfollow = (): void => {
    const { channel } = this;
    if (channel === null) return;
    void this.#do(async () => {
      await api.delete("/channels/{channel}/follow", { path: { channel: channel.name } });
      this.level = null;
    });
  };

  async #do(work: () => Promise<void>): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.failure = null;
    try {
      await work();
      // Through the gate of a channel for followers, too, which is another shadow tree.
      this.dispatchEvent(new Event("follow-changed", { bubbles: true, composed: true }));
    } catch (error) {
      this.failure = failureOf(error).text;
    } finally {
      this.isBusy = false;
    }
  }

  /** How much is heard of the channel is asked when somebody looks, not for every page. */
  readonly #onToggle = async (): Promise<void> => {
    const { channel } = this;
    if (this.details?.open !== true || this.level !== null || channel === null) return;
    try {
      const { body } = await api.get("/channels/{channel}/follow", {
        path: { channel: channel.name },
      });
      this.level = body.notifications;
    } catch (error) {
      this.failure = failureOf(error).text;
    }
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || this.details === null) return;
    this.details.open = false;
    this.details.querySelector("summary")?.focus();
  };

  readonly #closeOutside = (event: Event): void => {
    if (this.details !== null && !event.composedPath().includes(this)) this.details.open = false;
  };
}
