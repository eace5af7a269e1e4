import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { checkIcon, gearIcon } from "../icons.js";
import { bitrateText } from "../wording.js";
import { controlStyle } from "./control-style.js";
import type { QualityChoice } from "./engine.js";
import { PlayerCommandEvent } from "./player-command.js";
import { isAskedNotTo, mayReport, setReporting } from "./quality-consent.js";

/**
 * Lets a viewer choose the picture's size, or leave it to the player, and say whether it reports.
 *
 * Where there is no size to choose, as in the system's player of an iPhone, the latter is left.
 */
@customElement("rillcast-quality-menu")
export class QualityMenu extends LitElement {
  static override styles: CSSResultGroup = [
    controlStyle,
    css`
      :host {
        position: relative;
        display: inline-flex;
      }
      [role="menu"] {
        position: absolute;
        right: 0;
        bottom: calc(100% + var(--space-2));
        display: grid;
        min-width: 13rem;
        max-height: min(20rem, 50vh);
        padding: var(--space-2);
        overflow-y: auto;
        border-radius: var(--radius-m);
        background: rgb(13 20 24 / 96%);
        box-shadow:
          0 0 0 1px rgb(255 255 255 / 14%),
          0 12px 32px rgb(0 0 0 / 50%);
      }
      [role="menu"] button {
        justify-content: flex-start;
        width: 100%;
        height: 2.5rem;
      }
      [role="menu"] svg {
        width: 1.125rem;
        height: 1.125rem;
        visibility: hidden;
      }
      [aria-checked="true"] svg {
        visibility: visible;
      }
      * + .reporting {
        margin-top: var(--space-2);
        border-top: 1px solid rgb(255 255 255 / 14%);
        border-radius: 0;
      }
      .rate {
        margin-left: auto;
        padding-left: var(--space-4);
        color: #b7c6cb;
        font-weight: 400;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  @property({ attribute: false }) choice: QualityChoice = {
    qualities: [],
    chosen: "auto",
    playing: null,
  };

  @state() private isOpen = false;

  override render(): TemplateResult | typeof nothing {
    const { qualities, chosen, playing } = this.choice;
    const hasSizes = qualities.length > 0;
    const mayChooseReporting = !isAskedNotTo();
    if (!hasSizes && !mayChooseReporting) return nothing;
    const name = hasSizes ? "Picture quality" : "Playback settings";
    const playingLabel = qualities.find(({ level }) => level === playing)?.label;
    return html`<button
        type="button"
        class="opener"
        aria-label=${name}
        title=${name}
        aria-haspopup="menu"
        aria-expanded=${this.isOpen ? "true" : "false"}
        @click=${this.#toggle}
      >
        ${gearIcon}
      </button>
      ${this.isOpen
        ? html`<div role="menu" aria-label=${name} @keydown=${this.#onMenuKey}>
            ${hasSizes
              ? this.#item("auto", "Auto", playingLabel ?? null, chosen === "auto")
              : nothing}
            ${qualities.map(({ level, label, bitrateBps }) =>
              this.#item(level, label, bitrateText(bitrateBps), chosen === level),
            )}
            ${mayChooseReporting ? this.#reportingItem() : nothing}
          </div>`
        : nothing}`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#close();
  }

  #item(
    level: number | "auto",
    label: string,
    remark: string | null,
    isChosen: boolean,
  ): TemplateResult {
    return html`<button
      type="button"
      role="menuitemradio"
      tabindex="-1"
      aria-checked=${isChosen ? "true" : "false"}
      @click=${() => {
        this.#choose(level);
      }}
    >
      ${checkIcon} ${label} ${remark === null ? nothing : html`<span class="rate">${remark}</span>`}
    </button>`;
  }

  /** Left out where the browser itself asks for nobody to be told. */
  #reportingItem(): TemplateResult {
    const isOn = mayReport();
    return html`<button
      type="button"
      class="reporting"
      role="menuitemcheckbox"
      tabindex="-1"
      aria-checked=${isOn ? "true" : "false"}
      title="Counts stalls and delays for the streamer, without saying who watches"
      @click=${() => {
        setReporting(!isOn);
        this.requestUpdate();
      }}
    >
      ${checkIcon} Report playback quality
    </button>`;
  }

  #choose(level: number | "auto"): void {
    this.dispatchEvent(new PlayerCommandEvent({ type: "choose-quality", level }));
    this.#close();
    this.#opener?.focus();
  }

  get #opener(): HTMLElement | null {
    return this.renderRoot.querySelector(".opener");
  }

  readonly #toggle = async (): Promise<void> => {
    if (this.isOpen) {
      this.#close();
      return;
    }
    this.isOpen = true;
    document.addEventListener("pointerdown", this.#onPointerElsewhere);
    await this.updateComplete;
    const items = [...this.renderRoot.querySelectorAll<HTMLElement>("[role^=menuitem]")];
    (items.find((item) => item.matches("[aria-checked=true]")) ?? items[0])?.focus();
  };

  #close(): void {
    this.isOpen = false;
    document.removeEventListener("pointerdown", this.#onPointerElsewhere);
  }

  readonly #onPointerElsewhere = (event: Event): void => {
    if (!event.composedPath().includes(this)) this.#close();
  };

  /** Arrow keys, Home, End and Escape as the ARIA menu pattern has them. */
  readonly #onMenuKey = (event: KeyboardEvent): void => {
    const items = [...this.renderRoot.querySelectorAll<HTMLElement>("[role^=menuitem]")];
    const at = items.findIndex((item) => item.matches(":focus"));
    switch (event.key) {
      case "ArrowDown":
        items[(at + 1) % items.length]?.focus();
        break;
      case "ArrowUp":
        items[(at - 1 + items.length) % items.length]?.focus();
        break;
      case "Home":
        items[0]?.focus();
        break;
      case "End":
        items.at(-1)?.focus();
        break;
      case "Escape":
        this.#close();
        this.#opener?.focus();
        break;
      case "Tab":
        this.#close();
        return;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
}
