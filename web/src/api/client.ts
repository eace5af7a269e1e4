import { ServerUnreachable, retryAfterMs } from "../status/server-unreachable.js";
import { ApiProblem } from "./api-problem.js";
import type { AnswerOf, Method, OperationAt, PathOf, RequestOf } from "./operation-types.js";
import { requestUrl } from "./request-url.js";
import type { Problem } from "./schema-names.js";

const PREFIX = "/api/v1";
const JSON_TYPE = "application/json";
/** Longer than any healthy answer; a picture may take its time on a phone. */
const TIMEOUT_MS = 15_000;
const FILE_TIMEOUT_MS = 120_000;
/** Pauses before a question is asked again. Only questions are: what changes something is not. */
const RETRY_PAUSES_MS: readonly number[] = [300, 1_200];
const RETRY_AFTER_LIMIT_MS = 3_000;

/** A success, and what its headers say. */
export interface Answered<Body> {
  readonly body: Body;
  /** The version, to be sent as `ifMatch` with an edit. */
  readonly etag: string | null;
}

interface AnyRequest {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  readonly body?: unknown;
  readonly file?: Blob;
  readonly signal?: AbortSignal;
  readonly ifMatch?: string;
  readonly idempotencyKey?: string;
  readonly leave?: string | null;
}

/**
 * The API of this server, in the name of whoever the browser's cookie says.
 *
 * Every operation throws ApiProblem or ServerUnreachable, and AbortError when it is aborted. No
 * token is sent against requests of other sites: the server trusts what browsers say themselves, in
 * Sec-Fetch-Site and Origin.
 */
export class ApiClient {
  /** Called when an answer says that nobody is signed in (any more). */
  onSignedOut: () => void = () => undefined;

  get<P extends PathOf<"get">>(
    path: P,
    request: RequestOf<OperationAt<"get", P>>,
  ): Promise<Answered<AnswerOf<OperationAt<"get", P>>>> {
    return this.#ask("get", path, request);
  }

  post<P extends PathOf<"post">>(
    path: P,
    request: RequestOf<OperationAt<"post", P>>,
  ): Promise<Answered<AnswerOf<OperationAt<"post", P>>>> {
    return this.#ask("post", path, request);
  }

  put<P extends PathOf<"put">>(
    path: P,
    request: RequestOf<OperationAt<"put", P>>,
  ): Promise<Answered<AnswerOf<OperationAt<"put", P>>>> {
    return this.#ask("put", path, request);
  }

  patch<P extends PathOf<"patch">>(
    path: P,
    request: RequestOf<OperationAt<"patch", P>>,
  ): Promise<Answered<AnswerOf<OperationAt<"patch", P>>>> {
    return this.#ask("patch", path, request);
  }

  delete<P extends PathOf<"delete">>(
    path: P,
    request: RequestOf<OperationAt<"delete", P>>,
  ): Promise<Answered<AnswerOf<OperationAt<"delete", P>>>> {
    return this.#ask("delete", path, request);
  }

  async #ask<Body>(method: Method, path: string, request: AnyRequest): Promise<Answered<Body>> {
    const url = PREFIX + requestUrl(path, request.path ?? {}, request.query ?? {});
    const pausesMs = method === "get" ? [...RETRY_PAUSES_MS] : [];
    for (;;) {
      try {
        return await this.#send<Body>(method, url, request);
      } catch (error) {
        if (!isPassing(error)) throw error;
        const pauseMs = pausesMs.shift();
        if (pauseMs === undefined) throw error;
        await pause(Math.max(pauseMs, error.retryAfterMs), request.signal);
      }
    }
  }

  async #send<Body>(method: Method, url: string, request: AnyRequest): Promise<Answered<Body>> {
    const limit = AbortSignal.timeout(request.file === undefined ? TIMEOUT_MS : FILE_TIMEOUT_MS);
    const signal =
      request.signal === undefined ? limit : AbortSignal.any([limit, request.signal]);
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        method: method.toUpperCase(),
        headers: headersOf(request),
        body: request.file ?? (request.body === undefined ? null : JSON.stringify(request.body)),
        credentials: "same-origin",
        cache: "no-store",
        signal,
      });
      text = await response.text();
    } catch (error) {
      request.signal?.throwIfAborted();
      throw new ServerUnreachable("the request did not come through", { cause: error });
    }
    if (!response.ok) {
      const problem = problemOf(response, text);
      if (problem.code === "unauthenticated") this.onSignedOut();
      throw problem;
    }
    const isJson = response.headers.get("Content-Type")?.startsWith(JSON_TYPE) === true;
    return {
      body: (isJson ? JSON.parse(text) : undefined) as Body,
      etag: response.headers.get("ETag"),
    };
  }
}

function headersOf(request: AnyRequest): Headers {
  const headers = new Headers({ Accept: JSON_TYPE });
  if (request.body !== undefined) headers.set("Content-Type", JSON_TYPE);
  if (request.file !== undefined) headers.set("Content-Type", request.file.type);
  if (request.ifMatch !== undefined) headers.set("If-Match", request.ifMatch);
  if (request.idempotencyKey !== undefined) headers.set("Idempotency-Key", request.idempotencyKey);
  // In a header, where no log holds it.
  if (typeof request.leave === "string") headers.set("Rillcast-Leave", request.leave);
  return headers;
}

function problemOf(response: Response, text: string): ApiProblem {
  let answer: Partial<Problem> = {};
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === "object" && read !== null) answer = read;
  } catch {
    // A proxy's own words: the status says enough.
  }
  return new ApiProblem(response.status, answer, retryAfterMs(response.headers.get("Retry-After")));
}

/** Whether the same question may be answered soon. */
function isPassing(error: unknown): error is ApiProblem | ServerUnreachable {
  if (error instanceof ServerUnreachable) return true;
  return (
    error instanceof ApiProblem &&
    error.status >= 502 &&
    error.status <= 504 &&
    error.retryAfterMs <= RETRY_AFTER_LIMIT_MS
  );
}

async function pause(lengthMs: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, lengthMs);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
