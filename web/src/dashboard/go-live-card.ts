import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { NewStreamKey } from "../api/channel-names.js";
import { CreateKey } from "../api/idempotency.js";
import { api } from "../api/server.js";
import { buttonStyle } from "../button-style.js";
import { formStyle } from "../forms/form-style.js";
import "../forms/secret-field.js";
import { Submission } from "../forms/submission.js";
import { summary } from "../forms/summary.js";
import type { PublishAddress } from "../status/publish-address.js";
import { secureServerUrl, serverUrl } from "../status/publish-address.js";
import { statusClient } from "../status/server.js";
import { formTexts } from "../texts/forms.js";
import { goLiveTexts } from "../texts/dashboard.js";
import { panelStyle } from "./panel-style.js";
import { stepsStyle } from "./steps-style.js";

/** What an encoder has to be told to publish to a channel, step by step. */
@customElement("rillcast-go-live-card")
export class GoLiveCard extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    formStyle,
    panelStyle,
    stepsStyle,
  ];

  @property() channel = "";

  @state() private address: PublishAddress | null = null;
  /** How many keys the channel has; null until it is known. */
  @state() private keys: number | null = null;
  @state() private made: NewStreamKey | null = null;

  readonly #making = new Submission(this);
  readonly #createKey = new CreateKey();
  #asking = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#asking = new AbortController();
    void this.#askAddress(this.#asking.signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking.abort();
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has("channel") || this.channel === "") return;
    this.made = null;
    this.keys = null;
    void this.#askKeys(this.#asking.signal);
  }

  override render(): TemplateResult {
    const texts = goLiveTexts;
    const plain = serverUrl(location.hostname, this.address);
    const secure = secureServerUrl(location.hostname, this.address);
    return html`<section class="panel" aria-labelledby="heading">
      <h2 id="heading">${texts.heading}</h2>
      <ol class="steps">
        <li>
          <div>
            <h3>${texts.step1}</h3>
            <p class="lead">${texts.step1Text}</p>
            ${plain === null
              ? nothing
              : html`<rillcast-secret-field label=${texts.plain} .text=${plain}></rillcast-secret-field>`}
            ${secure === null
              ? nothing
              : html`<rillcast-secret-field
                  label=${texts.secure}
                  .text=${secure}
                ></rillcast-secret-field>`}
          </div>
        </li>
        <li>
          <div>
            <h3>${texts.step2}</h3>
            <p class="lead">${texts.step2Secret}</p>
            ${this.#renderKey()}
          </div>
        </li>
        <li>
          <div>
            <h3>${texts.step3}</h3>
            <p class="lead">
              ${texts.step3Text}
              <a href="/dashboard/${this.channel}/test">${texts.test}</a>
            </p>
          </div>
        </li>
        <li>
          <div>
            <h3>${texts.step4}</h3>
            <p class="lead">${texts.step4Text}</p>
          </div>
        </li>
      </ol>
    </section>`;
  }

  #renderKey(): TemplateResult | typeof nothing {
    const { made, keys } = this;
    if (made !== null) {
      return html`<div class="made" role="status">
        <rillcast-secret-field
          label=${goLiveTexts.newKey}
          .text=${made.key}
          once
        ></rillcast-secret-field>
      </div>`;
    }
    if (keys === null) return nothing;
    if (keys > 0) {
      return html`<p class="lead">
        ${goLiveTexts.hasKeys}
        <a href="/dashboard/${this.channel}/keys">${goLiveTexts.manageKeys}</a>
      </p>`;
    }
    return html`${summary(this.#making)}
      <p class="lead">${goLiveTexts.noKey}</p>
      <div class="actions">
        <button
          type="button"
          class="primary"
          aria-disabled=${this.#making.isBusy}
          @click=${() => void this.#make()}
        >
          ${this.#making.isBusy ? formTexts.busy : goLiveTexts.makeKey}
        </button>
      </div>`;
  }

  async #make(): Promise<void> {
    const body = { name: goLiveTexts.firstKeyName };
    const isDone = await this.#making.run(async (signal) => {
      const answer = await api.post("/channels/{channel}/keys", {
        path: { channel: this.channel },
        body,
        idempotencyKey: this.#createKey.for(body),
        signal,
      });
      this.made = answer.body;
      this.keys = 1;
    });
    if (isDone) this.#createKey.done();
  }

  async #askAddress(signal: AbortSignal): Promise<void> {
    try {
      this.address = await statusClient.publishAddress(signal);
    } catch {
      // The usual port is shown.
    }
  }

  async #askKeys(signal: AbortSignal): Promise<void> {
    const { channel } = this;
    try {
      const { body } = await api.get("/channels/{channel}/keys", { path: { channel }, signal });
      if (channel === this.channel) this.keys = body.items.length;
    } catch {
      // The page of keys says what is wrong.
      if (!signal.aborted) this.keys = 1;
    }
  }
}
