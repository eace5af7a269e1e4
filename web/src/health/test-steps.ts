import type { TemplateResult } from "lit";
import { html } from "lit";

import type { NewSetUpTest, SetUpTest } from "../api/health-names.js";
import "../forms/secret-field.js";
import { setUpTestTexts } from "../texts/stream-health.js";

/** What to enter into an encoder for a test. `made` is the test with its key, if it is at hand. */
export function testSteps(test: SetUpTest, made: NewSetUpTest | null): TemplateResult {
  const texts = setUpTestTexts;
  const known = made?.id === test.id ? made : null;
  return html`<ol class="steps">
    <li>
      <div>
        <h3>${texts.step1}</h3>
        <p class="lead">${texts.step1Text}</p>
        ${test.servers.map(
          (server) =>
            html`<rillcast-secret-field
              label=${server.startsWith("rtmps:") ? texts.secureServer : texts.server}
              .text=${server}
            ></rillcast-secret-field>`,
        )}
      </div>
    </li>
    <li>
      <div>
        <h3>${texts.step2}</h3>
        ${known === null
          ? html`<p class="lead">${texts.keyGone(test.start)}</p>`
          : html`<p class="lead">${texts.step2Text}</p>
              <div class="made">
                <rillcast-secret-field
                  label=${texts.key}
                  .text=${known.key}
                  once
                ></rillcast-secret-field>
              </div>`}
      </div>
    </li>
    <li>
      <div>
        <h3>${texts.step3}</h3>
        <p class="lead">${texts.step3Text(Math.round(test.neededMs / 1000))}</p>
      </div>
    </li>
  </ol>`;
}
