import type { Problem } from "./schema-names.js";

/** What is wrong with one field; `path` as in "links.0.url", "?limit" or "If-Match:". */
export interface FieldProblem {
  readonly path: string;
  readonly text: string;
}

/** The server has understood, and says no (RFC 9457). */
export class ApiProblem extends Error {
  readonly status: number;
  /** What kind it is; never changes. Empty if the answer came from something before the server. */
  readonly code: string;
  readonly detail: string | null;
  readonly fields: readonly FieldProblem[];
  /** All members of the answer, those of its kind too, such as `challenge`. */
  readonly members: Readonly<Record<string, unknown>>;
  /** How long the server wants to be left alone; 0 if it has not said. */
  readonly retryAfterMs: number;

  constructor(status: number, answer: Partial<Problem>, retryAfterMs: number) {
    super(answer.title ?? `The server answered ${status}`);
    this.name = "ApiProblem";
    this.status = status;
    this.code = answer.code ?? "";
    this.detail = answer.detail ?? null;
    this.fields = answer.errors ?? [];
    this.members = answer;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Whether an error is the problem of this code. */
export function isProblem(error: unknown, code: string): error is ApiProblem {
  return error instanceof ApiProblem && error.code === code;
}
