import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import type { IngestFinding } from "../api/health-names.js";
import { SEVERITY_NAMES, healthTexts } from "../texts/stream-health.js";
import { adviceOf } from "./findings.js";

/** What was found in a stream: how bad, what viewers notice, and what to change. */
@customElement("rillcast-finding-list")
export class FindingList extends LitElement {
  static override styles: CSSResultGroup = css`
    :host {
      display: block;
    }
    ul {
      display: grid;
      gap: var(--space-3);
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: grid;
      gap: var(--space-1);
      padding: var(--space-3) var(--space-4);
      border-left: 4px solid var(--line-strong);
      border-radius: var(--radius-s);
      background: var(--ground);
      overflow-wrap: anywhere;
    }
    .problem {
      border-color: var(--danger);
    }
    .warning {
      border-color: var(--warn);
    }
    .advice {
      border-color: var(--accent);
    }
    h3 {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      gap: var(--space-1) var(--space-2);
      margin: 0;
      font-size: var(--text-m);
      letter-spacing: -0.01em;
    }
    .severity {
      padding: 0.2em 0.55em;
      border-radius: var(--radius-s);
      background: var(--raised);
      box-shadow: inset 0 0 0 1px var(--line);
      color: var(--text-muted);
      font: 700 var(--text-xs) / 1.2 var(--font);
    }
    .problem .severity {
      background: var(--danger);
      box-shadow: none;
      color: var(--on-danger);
    }
    .warning .severity {
      background: var(--warn);
      box-shadow: none;
      color: var(--on-warn);
    }
    p {
      max-width: 44rem;
      margin: 0;
      font-size: var(--text-s);
    }
    .values {
      color: var(--text-muted);
    }
    strong {
      font-weight: 600;
    }
  `;

  @property({ attribute: false }) findings: readonly IngestFinding[] = [];

  override render(): TemplateResult {
    return html`<ul>
      ${repeat(this.findings, ({ code }) => code, (each) => renderFinding(each, adviceOf(each, this.findings)))}
    </ul>`;
  }
}

function renderFinding(finding: IngestFinding, advice: string | null): TemplateResult {
  const { severity, title, text, measured, expected } = finding;
  const values = [
    ...(measured === null ? [] : [`${healthTexts.measured}: ${measured}`]),
    ...(expected === null ? [] : [`${healthTexts.expected}: ${expected}`]),
  ];
  return html`<li class=${severity}>
    <h3><span class="severity">${SEVERITY_NAMES[severity]}</span>${title}</h3>
    <p>${text}</p>
    ${advice === null
      ? nothing
      : html`<p><strong>${healthTexts.toChange}:</strong> ${advice}</p>`}
    ${values.length === 0 ? nothing : html`<p class="values">${values.join(" · ")}</p>`}
  </li>`;
}
