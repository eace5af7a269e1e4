import type { TemplateResult } from "lit";
import { html, nothing } from "lit";

import type { Person } from "../api/channel-names.js";
import "../shell/avatar.js";

/** Somebody in a row: picture, name, and a fact below it. Beside `panelStyle`. */
export function personWords(person: Person, fact: string): TemplateResult {
  return html`<div class="person">
    <rillcast-avatar
      .name=${person.displayName}
      .src=${person.avatar[0]?.url ?? null}
    ></rillcast-avatar>
    <div class="words">
      <h3>${person.displayName}</h3>
      ${fact === "" ? nothing : html`<p>${fact}</p>`}
    </div>
  </div>`;
}

/** What can be done with somebody; its name for screen readers says with whom. */
export function personAction(
  label: string,
  person: Person,
  act: () => void,
  isDangerous = false,
): TemplateResult {
  return html`<button
    type="button"
    class=${isDangerous ? "danger" : nothing}
    aria-label="${label}: ${person.displayName}"
    @click=${act}
  >
    ${label}
  </button>`;
}
