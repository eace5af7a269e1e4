import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import type { SetUpTest } from "../api/health-names.js";
import { hiddenTextStyle } from "../button-style.js";
import { checkIcon } from "../icons.js";
import { setUpTestTexts } from "../texts/stream-health.js";
import type { Check } from "./checks.js";
import { checksOf } from "./checks.js";
import { liveFigures } from "./figures.js";
import { sortFindings } from "./findings.js";
import "./finding-list.js";
import { figureList, healthStyle } from "./health-blocks.js";

/** A test while its encoder is measured: how far it is, what has been seen, what was found. */
@customElement("rillcast-test-progress")
export class TestProgress extends LitElement {
  static override styles: CSSResultGroup = [
    hiddenTextStyle,
    healthStyle,
    css`
      :host {
        display: grid;
        gap: var(--space-4);
      }
      progress {
        display: block;
        overflow: hidden;
        width: 100%;
        height: 0.6rem;
        border: 0;
        border-radius: 0.3rem;
        background: var(--line);
        appearance: none;
      }
      /* Browsers know the parts of a progress by names of their own, and drop a rule with another's. */
      progress::-webkit-progress-bar {
        background: var(--line);
      }
      progress::-webkit-progress-value {
        border-radius: 0.3rem;
        background: var(--accent);
      }
      progress::-moz-progress-bar {
        border-radius: 0.3rem;
        background: var(--accent);
      }
      .time {
        margin: var(--space-1) 0 0;
        color: var(--text-muted);
        font-size: var(--text-s);
        font-variant-numeric: tabular-nums;
      }
      ul {
        display: grid;
        gap: var(--space-2);
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: 1.5rem minmax(0, 1fr);
        gap: var(--space-2);
        align-items: start;
        overflow-wrap: anywhere;
      }
      li svg {
        width: 1.25rem;
        height: 1.25rem;
        margin-top: 0.15rem;
        color: var(--accent);
      }
      .ring {
        width: 1.1rem;
        height: 1.1rem;
        margin: 0.2rem 0 0 0.1rem;
        border: 2px dashed var(--line-strong);
        border-radius: 50%;
      }
      .seen {
        color: var(--text-muted);
      }
    `,
  ];

  @property({ attribute: false }) test: SetUpTest | null = null;

  override render(): TemplateResult | typeof nothing {
    const { test } = this;
    if (test === null) return nothing;
    const doneS = Math.floor(Math.min(test.mediaMs, test.neededMs) / 1000);
    const allS = Math.round(test.neededMs / 1000);
    const progress = setUpTestTexts.progress(doneS, allS);
    const checks = checksOf(test);
    const open = test.report === null ? [] : sortFindings(test.report).open;
    return html`<div>
        <progress
          aria-label=${setUpTestTexts.receiving}
          aria-valuetext=${progress}
          max=${allS}
          .value=${doneS}
        ></progress>
        <p class="time" aria-hidden="true">${progress}</p>
      </div>
      <ul aria-label=${setUpTestTexts.checks}>
        ${checks.map(renderCheck)}
      </ul>
      <p class="hidden-text" role="status">
        ${checks.flatMap(({ name, seen }) => (seen === null ? [] : [name])).join(", ")}
      </p>
      ${test.report === null ? nothing : figureList(liveFigures(test.report))}
      ${open.length === 0
        ? nothing
        : html`<rillcast-finding-list .findings=${open}></rillcast-finding-list>`}`;
  }
}

function renderCheck({ name, seen }: Check): TemplateResult {
  return html`<li>
    ${seen === null ? html`<span class="ring" aria-hidden="true"></span>` : checkIcon}
    <span>${name}: <span class="seen">${seen ?? setUpTestTexts.notYet}</span></span>
  </li>`;
}
