import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, state } from "lit/decorators.js";

import { hiddenTextStyle } from "../button-style.js";
import { SessionWatch } from "../session/session-watch.js";
import { pageSkeleton, pageSkeletonStyle } from "../shell/page-skeleton.js";
import { directoryTexts } from "../texts/directory.js";
import { titleOf } from "../texts/shell.js";

/** Home: the directory of channels, or on a server without accounts just what is published. */
@customElement("rillcast-home-page")
export class HomePage extends LitElement {
  static override styles: CSSResultGroup = [
    hiddenTextStyle,
    pageSkeletonStyle,
    css`
      :host {
        display: block;
      }
    `,
  ];

  @state() private loaded: "directory" | "open" | null = null;
  readonly #session = new SessionWatch(this);

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = titleOf(directoryTexts.homeTitle);
  }

  override updated(): void {
    const wanted = this.#wanted;
    if (wanted !== null && wanted !== this.loaded) void this.#load(wanted);
  }

  override render(): TemplateResult {
    const wanted = this.#wanted;
    if (wanted === null || wanted !== this.loaded) return pageSkeleton("cards");
    return wanted === "directory"
      ? html`<rillcast-directory></rillcast-directory>`
      : html`<rillcast-open-home></rillcast-open-home>`;
  }

  get #wanted(): "directory" | "open" | null {
    switch (this.#session.state.kind) {
      case "asking":
        return null;
      case "signed-in":
      case "signed-out":
        return "directory";
      // Who is live can be asked of every server, and the page says so if it does not answer.
      case "no-accounts":
      case "unknown":
        return "open";
    }
  }

  async #load(wanted: "directory" | "open"): Promise<void> {
    if (wanted === "directory") await import("../home/directory.js");
    else await import("../home/open-home.js");
    this.loaded = wanted;
  }
}
