import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import type { NewSetUpTest, SetUpTest } from "../api/health-names.js";
import { CreateKey } from "../api/idempotency.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { panelStyle } from "../dashboard/panel-style.js";
import { stepsStyle } from "../dashboard/steps-style.js";
import { blockStyle, errorBlock, loadingBlock } from "../forms/blocks.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import "../forms/confirm-dialog.js";
import { formStyle } from "../forms/form-style.js";
import "../forms/notice.js";
import { PagedList } from "../forms/paged-list.js";
import { Submission } from "../forms/submission.js";
import { summary } from "../forms/summary.js";
import { formTexts } from "../texts/forms.js";
import { agoText, untilText } from "../texts/spans.js";
import { healthTexts, setUpTestTexts } from "../texts/stream-health.js";
import "./report-view.js";
import "./test-progress.js";
import { testSteps } from "./test-steps.js";
import { TestWatch, isOver } from "./test-watch.js";

/** A private test of a channel's set-up, from its key to its grade, and those before it. */
@customElement("rillcast-set-up-test")
export class SetUpTestSection extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    panelStyle,
    stepsStyle,
    css`
      .waiting {
        display: flex;
        gap: var(--space-3);
        align-items: start;
        padding: var(--space-3) var(--space-4);
        border-left: 4px solid var(--accent);
        border-radius: var(--radius-s);
        background: var(--accent-soft);
      }
      .waiting p {
        margin: 0;
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      .pulse {
        flex: none;
        width: 0.8rem;
        height: 0.8rem;
        margin-top: 0.4rem;
        border-radius: 50%;
        background: var(--accent);
        animation: pulse 1.6s ease-in-out infinite;
      }
      @media (prefers-reduced-motion: reduce) {
        .pulse {
          animation: none;
        }
      }
    `,
  ];

  @property() channel = "";

  @state() private made: NewSetUpTest | null = null;
  @state() private notice = "";
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;

  readonly #making = new Submission(this);
  readonly #createKey = new CreateKey();
  readonly #watch = new TestWatch(this);
  readonly #list = new PagedList<SetUpTest>(this, async (_cursor, signal) => {
    const { body } = await api.get("/channels/{channel}/tests", {
      path: { channel: this.channel },
      signal,
    });
    return body;
  });

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has("channel") || this.channel === "") return;
    this.made = null;
    void this.#load();
  }

  override render(): TemplateResult {
    const texts = setUpTestTexts;
    const { test, isStale, isGone } = this.#watch;
    const earlier = this.#list.items.filter(({ id, state }) => id !== test?.id && state === "graded");
    return html`<section class="panel" aria-labelledby="heading">
        <h2 id="heading" tabindex="-1">${texts.title}</h2>
        <rillcast-notice .text=${this.notice}></rillcast-notice>
        <p class="hidden-text" role="status">${test === null || isGone ? "" : stateText(test)}</p>
        ${isStale ? html`<p class="lead" role="status">${texts.stale}</p>` : nothing}
        ${this.#list.state === "failed"
          ? errorBlock(this.#list.error, () => void this.#load())
          : this.#list.state === "loading" && test === null
            ? loadingBlock()
            : isGone || test === null
              ? this.#renderBeginning(isGone ? texts.gone : texts.lead)
              : this.#renderTest(test)}
      </section>
      ${earlier.length === 0
        ? nothing
        : html`<section class="panel" aria-labelledby="earlier">
            <h2 id="earlier">${texts.earlier}</h2>
            <ul class="rows">
              ${repeat(earlier, ({ id }) => id, (each) => this.#renderEarlier(each))}
            </ul>
          </section>`}
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  #renderBeginning(lead: string, label: string = setUpTestTexts.begin): TemplateResult {
    return html`<p class="lead">${lead}</p>
      ${this.#renderMake(label)}`;
  }

  #renderMake(label: string, more: TemplateResult | typeof nothing = nothing): TemplateResult {
    return html`${summary(this.#making)}
      <div class="actions">
        <button
          type="button"
          class="primary"
          aria-disabled=${this.#making.isBusy}
          @click=${() => void this.#make()}
        >
          ${this.#making.isBusy ? formTexts.busy : label}
        </button>
        ${more}
      </div>`;
  }

  #renderTest(test: SetUpTest): TemplateResult {
    const texts = setUpTestTexts;
    switch (test.state) {
      case "waiting":
        return html`${testSteps(test, this.made)}
          <div class="waiting">
            <span class="pulse" aria-hidden="true"></span>
            <div>
              <h3>${texts.waiting}</h3>
              <p>
                ${test.wasTooShort ? texts.tooShort : nothing}
                ${texts.waitingText(untilText(Date.parse(test.expiresAt), Date.now()))}
              </p>
            </div>
          </div>
          ${this.#renderCancel(test)}`;
      case "receiving":
        return html`<h3>${texts.receiving}</h3>
          <rillcast-test-progress .test=${test}></rillcast-test-progress>
          ${this.#renderCancel(test)}`;
      case "graded":
        return this.#renderResult(test);
      case "expired":
        return html`<h3>${texts.expired}</h3>
          ${this.#renderBeginning(texts.expiredText)}`;
    }
  }

  #renderResult(test: SetUpTest): TemplateResult {
    const texts = setUpTestTexts;
    const seconds = Math.round(test.mediaMs / 1000);
    const ago = agoText(Date.parse(test.endedAt ?? test.createdAt), Date.now());
    return html`<h3>${texts.result}</h3>
      <rillcast-report-view .report=${test.report}></rillcast-report-view>
      <p class="lead">
        ${texts.finishedText(seconds, ago)} ${texts.backToKey}
        <a href="/dashboard/${this.channel}/keys">${texts.keys}</a>
      </p>
      ${this.#renderMake(
        texts.again,
        html`<button type="button" @click=${() => void this.#drop(test)}>${texts.remove}</button>`,
      )}`;
  }

  #renderCancel(test: SetUpTest): TemplateResult {
    return html`<div class="actions">
      <button type="button" @click=${() => void this.#drop(test)}>${setUpTestTexts.cancel}</button>
    </div>`;
  }

  #renderEarlier(test: SetUpTest): TemplateResult {
    const when = agoText(Date.parse(test.endedAt ?? test.createdAt), Date.now());
    const grade = healthTexts.grade(test.report?.grade.letter ?? healthTexts.unknown);
    return html`<li class="row">
      <div class="words">
        <h3>${grade}</h3>
        <p>${[when, ...(test.encoder === null ? [] : [test.encoder])].join(" · ")}</p>
      </div>
      <div class="actions">
        <button
          type="button"
          aria-label="${setUpTestTexts.show}: ${grade}, ${when}"
          @click=${() => void this.#show(test)}
        >
          ${setUpTestTexts.show}
        </button>
      </div>
    </li>`;
  }

  /** Goes on with the test that is open, or shows the last grade. */
  async #load(): Promise<void> {
    this.#watch.look(this.channel, null);
    await this.#list.load();
    const { items } = this.#list;
    const now = items.find((test) => !isOver(test)) ?? items.find(({ state }) => state === "graded");
    this.#watch.look(this.channel, now ?? null);
  }

  async #show(test: SetUpTest): Promise<void> {
    this.#remember();
    this.#watch.look(this.channel, test);
    await this.#focusHeading();
  }

  /** Keeps what came of the test that is shown, for the list of earlier ones. */
  #remember(): void {
    const { test } = this.#watch;
    if (test === null) return;
    const rest = this.#list.items.filter(({ id }) => id !== test.id);
    this.#list.show([test, ...rest]);
  }

  async #make(): Promise<void> {
    this.notice = "";
    const isDone = await this.#making.run(async (signal) => {
      const { body } = await api.post("/channels/{channel}/tests", {
        path: { channel: this.channel },
        idempotencyKey: this.#createKey.for(null),
        signal,
      });
      this.#remember();
      this.made = body;
      this.#watch.look(this.channel, body);
    });
    if (!isDone) return;
    this.#createKey.done();
    await this.#focusHeading();
  }

  async #drop(test: SetUpTest): Promise<void> {
    const texts = setUpTestTexts;
    const isResult = isOver(test);
    this.notice = "";
    const isDone = await this.dialog.ask({
      heading: isResult ? texts.removeHeading : texts.cancelHeading,
      text: isResult ? texts.removeText : texts.cancelText,
      confirmLabel: isResult ? texts.remove : texts.cancel,
      isDangerous: true,
      work: async (_answer, signal) => {
        await api.delete("/channels/{channel}/tests/{test}", {
          path: { channel: this.channel, test: test.id },
          signal,
        });
      },
    });
    if (!isDone) return;
    this.#list.show(this.#list.items.filter(({ id }) => id !== test.id));
    this.made = null;
    this.#watch.look(this.channel, null);
    this.notice = isResult ? texts.removed : texts.cancelled;
  }

  async #focusHeading(): Promise<void> {
    await this.updateComplete;
    this.shadowRoot?.querySelector<HTMLElement>("#heading")?.focus();
  }
}

/** What a test is doing, for who cannot see it change. */
function stateText({ state, report }: SetUpTest): string {
  switch (state) {
    case "waiting":
      return setUpTestTexts.waiting;
    case "receiving":
      return setUpTestTexts.receiving;
    case "graded":
      return report === null ? setUpTestTexts.result : healthTexts.grade(report.grade.letter);
    case "expired":
      return setUpTestTexts.expired;
  }
}
