import type { ReactiveController, ReactiveControllerHost, TemplateResult } from "lit";
import { html, nothing } from "lit";

import { formTexts } from "../texts/forms.js";
import { errorBlock, loadingBlock } from "./blocks.js";

/** One page of a list; `next` is the cursor of the page after it. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

type Ask<Item> = (cursor: string | undefined, signal: AbortSignal) => Promise<ListPage<Item>>;

/** A list that is read page by page. `load` reads it from its beginning. */
export class PagedList<Item> implements ReactiveController {
  items: readonly Item[] = [];
  state: "loading" | "ready" | "loading-more" | "failed" = "loading";
  error: unknown = null;
  readonly #host: ReactiveControllerHost;
  readonly #ask: Ask<Item>;
  #next: string | null = null;
  #asking: AbortController | null = null;

  constructor(host: ReactiveControllerHost, ask: Ask<Item>) {
    this.#host = host;
    this.#ask = ask;
    host.addController(this);
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  /** Reads the first page; what was shown stays until it has come. */
  async load(): Promise<void> {
    await this.#read(undefined);
  }

  async loadMore(): Promise<void> {
    if (this.#next !== null && this.state !== "loading-more") await this.#read(this.#next);
  }

  /** Shows a list that an answer has just changed. */
  show(items: readonly Item[]): void {
    this.items = items;
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#asking?.abort();
  }

  async #read(cursor: string | undefined): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.state = cursor === undefined ? "loading" : "loading-more";
    this.#host.requestUpdate();
    try {
      const page = await this.#ask(cursor, asking.signal);
      if (asking.signal.aborted) return;
      this.items = cursor === undefined ? page.items : [...this.items, ...page.items];
      this.#next = page.next;
      this.state = "ready";
    } catch (error) {
      if (asking.signal.aborted) return;
      this.error = error;
      this.state = "failed";
    }
    this.#host.requestUpdate();
  }
}

/**
 * A list in all its states. `renderItems` shows items, `empty` says that there are none, `loading`
 * stands there until that is known.
 */
export function pagedList<Item>(
  list: PagedList<Item>,
  renderItems: (items: readonly Item[]) => TemplateResult,
  empty: () => TemplateResult,
  loading: () => TemplateResult = loadingBlock,
): TemplateResult {
  if (list.items.length === 0) {
    if (list.state === "failed") return errorBlock(list.error, () => void list.load());
    return list.state === "loading" ? loading() : empty();
  }
  return html`${renderItems(list.items)}
  ${list.state === "failed" ? errorBlock(list.error, () => void list.load()) : nothing}
  ${list.hasMore && list.state !== "failed"
    ? html`<button type="button" class="more" @click=${() => void list.loadMore()}>
        ${list.state === "loading-more" ? formTexts.busy : formTexts.loadMore}
      </button>`
    : nothing}`;
}
