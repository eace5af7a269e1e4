import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";

import type { IngestReport } from "../api/health-names.js";
import { healthTexts } from "../texts/stream-health.js";
import { summaryFigures } from "./figures.js";
import { gradedFindings, sortFindings } from "./findings.js";
import "./finding-list.js";
import { figureList, gradeBlock, healthStyle } from "./health-blocks.js";

/** A finished report: the grade, why, what to change, and what is as it should be. */
@customElement("rillcast-report-view")
export class ReportView extends LitElement {
  static override styles: CSSResultGroup = [
    healthStyle,
    css`
      :host {
        display: grid;
        gap: var(--space-4);
      }
      .lead {
        margin: 0;
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      rillcast-finding-list {
        margin-top: var(--space-2);
      }
    `,
  ];

  /** Whether it is of a test before going live, or of a broadcast afterwards. */
  @property() when: "before" | "after" = "before";
  @property({ attribute: false }) report: IngestReport | null = null;

  override render(): TemplateResult | typeof nothing {
    const { report } = this;
    if (report === null) return nothing;
    const open = gradedFindings(report);
    const { good } = sortFindings(report);
    return html`${gradeBlock(report.grade, this.when)}
      ${open.length === 0
        ? html`<p class="lead">${healthTexts.allGood}</p>`
        : html`<rillcast-finding-list .findings=${open}></rillcast-finding-list>`}
      ${figureList(summaryFigures(report), "long")}
      ${good.length === 0
        ? nothing
        : html`<details>
            <summary>${healthTexts.good(good.length)}</summary>
            <rillcast-finding-list .findings=${good}></rillcast-finding-list>
          </details>`}`;
  }
}
