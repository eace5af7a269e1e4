import { ApiProblem } from "../api/api-problem.js";
import { ServerUnreachable } from "../status/server-unreachable.js";
import { linkVoidText, problemTexts, unexpectedText, unreachableText } from "../texts/problems.js";

/** Why something that a person asked for did not happen, as the page tells it. */
export interface Failure {
  readonly text: string;
  /** What is wrong with which field, by the field's path in the request. */
  readonly fields: ReadonlyMap<string, string>;
  readonly code: string;
}

/** Says in words what an operation threw. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ApiProblem) {
    const fields = new Map<string, string>();
    for (const { path, text } of error.fields) if (!fields.has(path)) fields.set(path, sentence(text));
    const text = isCutLink(error)
      ? linkVoidText
      : (problemTexts[error.code] ?? error.detail ?? error.message);
    return { text, fields, code: error.code };
  }
  const text = error instanceof ServerUnreachable ? unreachableText : unexpectedText;
  return { text, fields: new Map(), code: "" };
}

/** Whether all that is wrong is the secret of a link, which no form has a field for. */
function isCutLink({ code, fields }: ApiProblem): boolean {
  return code === "invalid" && fields.length > 0 && fields.every(({ path }) => path === "token");
}

/** Problems of fields begin in small letters, as parts of a sentence; on the page they are one. */
function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * What is wrong with a field or something within it: "links" finds "links.0.url" too.
 *
 * Null if nothing is.
 */
export function fieldError(failure: Failure | null, path: string): string | null {
  if (failure === null) return null;
  const own = failure.fields.get(path);
  if (own !== undefined) return own;
  for (const [place, text] of failure.fields) if (place.startsWith(`${path}.`)) return text;
  return null;
}
