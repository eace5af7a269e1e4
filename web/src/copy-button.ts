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

  /**
   * Copies what is selected, as pages without HTTPS may: how a server in the house is used.
   *
   * The text stands within the button's own tree, for nothing outside of an open dialog can be
   * selected.
   */
  #copySelected(): boolean {
    const area = document.createElement("textarea");
    area.className = "hidden-text";
    area.value = this.text;
    this.renderRoot.append(area);
    area.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else works there
    const isCopied = document.execCommand("copy");
    area.remove();
    this.renderRoot.querySelector("button")?.focus();
    return isCopied;
  }

  readonly #copy = async (): Promise<void> => {
    const isCopied = (await written(this.text)) || this.#copySelected();
    this.outcome = isCopied ? "copied" : "refused";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.outcome = null;
    }, CONFIRMATION_MS);
  };
}

/** Writes to the clipboard as pages with HTTPS, and those of this machine, may. */
async function written(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
