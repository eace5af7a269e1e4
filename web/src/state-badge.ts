import type { CSSResult, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import type { ChannelPhase } from "./status/channel-phase.js";

/** A channel's state as a small label; nothing while it is unknown. */
@customElement("rillcast-state-badge")
export class StateBadge extends LitElement {
  static override styles: CSSResult = css`
    :host {
      display: inline-flex;
    }
    span {
      display: inline-flex;
      align-items: center;
      gap: 0.4em;
      padding: 0.3em 0.6em;
      border-radius: var(--radius-s);
      background: var(--raised);
      color: var(--text-muted);
      box-shadow: inset 0 0 0 1px var(--line);
      font: 700 var(--text-xs) / 1.1 var(--font);
      letter-spacing: 0.04em;
      text-transform: uppercase;
      white-space: nowrap;
    }
    .live {
      background: var(--live);
      color: var(--on-live);
      box-shadow: none;
    }
    .live::before {
      content: "";
      width: 0.5em;
      height: 0.5em;
      border-radius: 50%;
      background: currentColor;
    }
    .interrupted,
    .unreachable,
    .starting {
      background: var(--warn);
      color: var(--on-warn);
      box-shadow: none;
    }
  `;

  @property({ attribute: false }) phase: ChannelPhase = "loading";

  override render(): TemplateResult | typeof nothing {
    const word = badgeWord(this.phase);
    return word === null ? nothing : html`<span class=${this.phase}>${word}</span>`;
  }
}

function badgeWord(phase: ChannelPhase): string | null {
  switch (phase) {
    case "live":
      return "Live";
    case "starting":
      return "Starting";
    case "interrupted":
    case "unreachable":
      return "Reconnecting";
    case "ended":
      return "Ended";
    case "offline":
      return "Offline";
    case "loading":
    case "not-found":
      return null;
  }
}
