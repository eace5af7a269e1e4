import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, html } from "lit";
import { customElement, property } from "lit/decorators.js";

import { CreateKey } from "../api/idempotency.js";
import type { components } from "../api/schema.js";
import { api } from "../api/server.js";
import { fieldError } from "../forms/failure.js";
import { choice, field } from "../forms/field.js";
import { FormValues } from "../forms/form-values.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { Submission } from "../forms/submission.js";
import { submitButton } from "../forms/submit-button.js";
import { summary } from "../forms/summary.js";
import { FILTER_KINDS, filterTexts } from "../texts/moderation.js";
import { moderationStyle } from "./moderation-style.js";

type Filter = components["schemas"]["FilterView"];

const PATTERN_CHARACTERS = 100;

/** What may not be said in a channel's room. */
@customElement("rillcast-filter-list")
export class FilterList extends LitElement {
  static override styles: CSSResultGroup = moderationStyle;

  @property() channel = "";
  readonly #adding = new Submission(this);
  readonly #removing = new Submission(this);
  readonly #createKey = new CreateKey();
  readonly #list = new PagedList<Filter>(this, async (_cursor, signal) => {
    const { body } = await api.get("/channels/{channel}/chat/filters", {
      path: { channel: this.channel },
      signal,
    });
    return body;
  });

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("channel") && this.channel !== "") void this.#list.load();
  }

  override render(): TemplateResult {
    const { failure } = this.#adding;
    return html`<section class="panel" aria-labelledby="heading">
      <h2 id="heading">${filterTexts.heading}</h2>
      <p class="lead">${filterTexts.lead}</p>
      ${summary(this.#removing)}
      ${pagedList(
        this.#list,
        (filters) => html`<ul class="rows">
          ${filters.map((filter) => this.#renderOne(filter))}
        </ul>`,
        () => html`<p class="lead">${filterTexts.none}</p>`,
      )}
      <form @submit=${this.#onSubmit}>
        ${summary(this.#adding)}
        <div class="inline-form">
          ${choice({
            name: "kind",
            label: filterTexts.kind,
            value: "word",
            choices: FILTER_KINDS,
            error: fieldError(failure, "kind"),
          })}
          ${field({
            name: "pattern",
            label: filterTexts.pattern,
            maxLength: PATTERN_CHARACTERS,
            error: fieldError(failure, "pattern"),
          })}
          ${submitButton(this.#adding, filterTexts.add)}
        </div>
      </form>
    </section>`;
  }

  #renderOne({ id, kind, pattern }: Filter): TemplateResult {
    const words = FILTER_KINDS.find(([known]) => known === kind)?.[1] ?? kind;
    return html`<li class="row">
      <div class="words">
        <h3>${pattern}</h3>
        <p>${words}</p>
      </div>
      <button
        type="button"
        aria-label="${filterTexts.remove}: ${pattern}"
        @click=${() => void this.#remove(id)}
      >
        ${filterTexts.remove}
      </button>
    </li>`;
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    const form = event.currentTarget as HTMLFormElement;
    const values = FormValues.of(event);
    const kind = FILTER_KINDS.find(([known]) => known === values.text("kind"))?.[0] ?? "word";
    const body = { kind, pattern: values.text("pattern").trim() };
    const isDone = await this.#adding.run(async (signal) => {
      await api.post("/channels/{channel}/chat/filters", {
        path: { channel: this.channel },
        body,
        idempotencyKey: this.#createKey.for(body),
        signal,
      });
    });
    if (!isDone) return;
    this.#createKey.done();
    form.reset();
    await this.#list.load();
  };

  async #remove(id: string): Promise<void> {
    const isDone = await this.#removing.run(async (signal) => {
      await api.delete("/channels/{channel}/chat/filters/{filter_id}", {
        path: { channel: this.channel, filter_id: id },
        signal,
      });
    });
    if (isDone) await this.#list.load();
  }
}
