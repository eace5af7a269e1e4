import type { TemplateResult } from "lit";
import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";

import type { Recommendation } from "../api/channel-names.js";
import { languageName } from "../channels/language-name.js";
import { categoryName } from "../texts/channels.js";
import { recommendationTexts as texts } from "../texts/recommendations.js";
import "./directory-card.js";

/** What is recommended for reasons of one's own, beside the followed, which have their own list. */
export function personal(recommended: readonly Recommendation[]): readonly Recommendation[] {
  return recommended.filter(({ isFollowed, reason }) => !isFollowed && reason !== "popular");
}

/** Why a channel is recommended, in words. */
export function reasonText({ reason, subject }: Recommendation): string {
  switch (reason) {
    case "followed":
      return texts.followed;
    case "watched":
      return texts.watched;
    case "category":
      return texts.category(categoryName(subject ?? ""));
    case "tag":
      return texts.tag(subject ?? "");
    case "language":
      return texts.language(languageName(subject ?? ""));
    case "popular":
      return texts.popular;
  }
}

/** Channels side by side, each with the reason why it is there. Beside `cardGridStyle`. */
export function recommendedGrid(recommended: readonly Recommendation[]): TemplateResult {
  return html`<ul class="cards">
    ${repeat(
      recommended,
      ({ channel }) => channel.id,
      (each) =>
        html`<li>
          <rillcast-directory-card
            .channel=${each.channel}
            .reason=${reasonText(each)}
          ></rillcast-directory-card>
        </li>`,
    )}
  </ul>`;
}
