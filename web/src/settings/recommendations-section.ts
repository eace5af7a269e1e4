import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import type { WatchedChannel } from "../api/channel-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle, emptyBlock, errorBlock, loadingBlock } from "../forms/blocks.js";
import { formStyle } from "../forms/form-style.js";
import "../forms/notice.js";
import { Submission } from "../forms/submission.js";
import { summary } from "../forms/summary.js";
import { channelPath } from "../route.js";
import { recommendationSettingsTexts as texts } from "../texts/recommendations.js";
import { durationText } from "../texts/spans.js";
import { day } from "../texts/times.js";
import { sectionStyle } from "./section-style.js";

/** Whether one is recommended channels, and what the server remembers for it. */
@customElement("rillcast-recommendations-section")
export class RecommendationsSection extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    sectionStyle,
    css`
      .history-heading {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-3);
      }
    `,
  ];

  @state() private isWanted: boolean | null = null;
  @state() private watched: readonly WatchedChannel[] = [];
  @state() private error: unknown = null;
  @state() private said = "";
  readonly #submission = new Submission(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    return html`<section aria-labelledby="heading">
      <h2 id="heading">${texts.heading}</h2>
      <p class="lead">${texts.lead}</p>
      ${summary(this.#submission)}
      <rillcast-notice .text=${this.said}></rillcast-notice>
      ${this.isWanted === null
        ? this.error === null
          ? loadingBlock()
          : errorBlock(this.error, () => void this.#load())
        : this.#renderChoice(this.isWanted)}
    </section>`;
  }

  #renderChoice(isWanted: boolean): TemplateResult {
    return html`<div class="check">
        <input
          id="wanted"
          type="checkbox"
          aria-describedby="wanted-hint"
          .checked=${isWanted}
          aria-disabled=${this.#submission.isBusy}
          @change=${this.#onChange}
        />
        <label for="wanted">${texts.wanted}</label>
        <p class="hint" id="wanted-hint">${texts.wantedHint}</p>
      </div>
      ${isWanted ? this.#renderHistory() : nothing}`;
  }

  #renderHistory(): TemplateResult {
    return html`<div class="history-heading">
        <h3 id="history">${texts.history}</h3>
        ${this.watched.length === 0
          ? nothing
          : html`<button type="button" @click=${() => void this.#forget(null)}>
              ${texts.forgetAll}
            </button>`}
      </div>
      ${this.watched.length === 0
        ? emptyBlock(texts.nothing, texts.nothingText)
        : html`<ul class="rows" aria-labelledby="history">
            ${repeat(
              this.watched,
              ({ channelId }) => channelId,
              (each) => this.#renderWatched(each),
            )}
          </ul>`}`;
  }

  #renderWatched(each: WatchedChannel): TemplateResult {
    const name = each.channel ?? texts.gone;
    return html`<li>
      <div class="what">
        ${each.channel === null
          ? html`<b>${name}</b>`
          : html`<a href=${channelPath(each.channel)}><b>${name}</b></a>`}
        <p>${durationText(each.watchedMs)}, ${texts.lastOn} ${day(each.lastDay)}</p>
      </div>
      <button
        type="button"
        aria-label=${texts.forgetLabel(name)}
        @click=${() => void this.#forget(each)}
      >
        ${texts.forget}
      </button>
    </li>`;
  }

  async #load(): Promise<void> {
    this.error = null;
    try {
      const [settings, history] = await Promise.all([
        api.get("/me/recommendations/settings", {}),
        api.get("/me/watch-history", {}),
      ]);
      this.watched = history.body.items;
      this.isWanted = settings.body.isWanted;
    } catch (error) {
      this.error = error;
    }
  }

  readonly #onChange = async (event: Event): Promise<void> => {
    const box = event.currentTarget as HTMLInputElement;
    const isWanted = box.checked;
    this.said = "";
    const isDone = await this.#submission.run(async (signal) => {
      const { body } = await api.put("/me/recommendations/settings", { body: { isWanted }, signal });
      this.isWanted = body.isWanted;
      if (!body.isWanted) this.watched = [];
    });
    if (!isDone) box.checked = this.isWanted === true;
    else if (this.isWanted === isWanted) this.said = isWanted ? texts.on : texts.off;
    else this.said = texts.offHere;
  };

  async #forget(which: WatchedChannel | null): Promise<void> {
    this.said = "";
    const isDone = await this.#submission.run(async (signal) => {
      if (which === null) await api.delete("/me/watch-history", { signal });
      else {
        const path = { channel_id: which.channelId };
        await api.delete("/me/watch-history/{channel_id}", { path, signal });
      }
    });
    if (!isDone) return;
    this.watched = which === null ? [] : this.watched.filter((each) => each !== which);
    this.said = which === null ? texts.forgotAll : texts.forgot(which.channel ?? texts.gone);
  }
}
