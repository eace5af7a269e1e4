import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { buttonStyle, hiddenTextStyle } from "./button-style.js";
import { checkIcon, copyIcon, linkIcon } from "./icons.js";

const CONFIRMATION_MS = 2_000;

/** Copies a text, and says whether that worked. */
@customElement("rillcast-copy-button")
export class CopyButton extends LitElement {
  static override styles: CSSResultGroup = [buttonStyle, hiddenTextStyle];

  @property() text = "";
  @property() label = "Copy";
  @property() icon: "copy" | "link" = "copy";

  @state() private outcome: "copied" | "refused" | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    const icon = this.icon === "link" ? linkIcon : copyIcon;
    return html`<button type="button" @click=${this.#copy}>
        ${this.outcome === "copied" ? checkIcon : icon} ${this.#words}
      </button>
      <span class="hidden-text" role="status">${this.outcome === null ? "" : this.#words}</span>`;
  }

  get #words(): string {
    switch (this.outcome) {
      case "copied":
        return "Copied";
      case "refused":
        return "Could not copy";
      case null:
        return this.label;
    }
  }

  readonly #copy = async (): Promise<void> => {
    this.outcome = await copied(this.text);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.outcome = null;
    }, CONFIRMATION_MS);
  };
}

async function copied(text: string): Promise<"copied" | "refused"> {
  try {
    // Absent on plain http from another machine, which is how a server is first tried.
    await navigator.clipboard.writeText(text);
    return "copied";
  } catch {
    return "refused";
  }
}
