/** Languages of shows, by their BCP 47 tags. */

/** What is offered to choose from: the most spoken and most streamed, by their English names. */
export const OFFERED_LANGUAGES = [
  "ar", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it",
  "ja", "ko", "ms", "nl", "no", "pl", "pt", "pt-BR", "ro", "ru", "sv", "sw", "ta", "th", "tl", "tr",
  "uk", "ur", "vi", "zh",
] as const;

/** The language's English name: "Brazilian Portuguese"; the tag itself if nobody knows it. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** What a form offers: the languages above by name, and one that a channel has beside them. */
export function languageChoices(present: string | null): readonly (readonly [string, string])[] {
  const tags: readonly string[] = OFFERED_LANGUAGES;
  const all = present === null || tags.includes(present) ? tags : [...tags, present];
  return all
    .map((tag) => [tag, languageName(tag)] as const)
    .sort(([, one], [, other]) => one.localeCompare(other, "en"));
}
