/** What the generated types say of each operation, by method and path. */

import type { paths } from "./schema.js";

export type Method = "get" | "post" | "put" | "patch" | "delete";

type Prefix = "/api/v1";

/** Paths that answer to a method, without the prefix: "/me", "/channels/{channel}". */
export type PathOf<M extends Method> = {
  [Path in keyof paths]: paths[Path] extends Readonly<Record<M, object>>
    ? Path extends `${Prefix}${infer Short}`
      ? Short
      : never
    : never;
}[keyof paths];

/** The operation at a method and a path. */
export type OperationAt<M extends Method, P extends string> = `${Prefix}${P}` extends keyof paths
  ? paths[`${Prefix}${P}`] extends Readonly<Record<M, infer Operation>>
    ? Operation
    : never
  : never;

type JsonOf<Content> = Content extends { readonly content: { readonly "application/json": infer Json } }
  ? Json
  : never;

/** What an operation takes; never where it takes no JSON. */
export type BodyOf<Operation> = Operation extends { readonly requestBody: infer Body }
  ? JsonOf<Body>
  : never;

/** What an operation answers with when it succeeds; undefined where there is nothing to say. */
export type AnswerOf<Operation> = Operation extends { readonly responses: infer Responses }
  ? [JsonOf<Responses[keyof Responses & (200 | 201 | 202)]>] extends [never]
    ? undefined
    : JsonOf<Responses[keyof Responses & (200 | 201 | 202)]>
  : never;

type ParametersOf<Operation, Place extends "path" | "query"> = Operation extends {
  readonly parameters: infer Parameters;
}
  ? Place extends keyof Parameters
    ? Exclude<Parameters[Place], undefined>
    : never
  : never;

export type PathParametersOf<Operation> = ParametersOf<Operation, "path">;
export type QueryOf<Operation> = ParametersOf<Operation, "query">;

/** What a request says; the path's parameters and the body where the operation has them. */
export type RequestOf<Operation> = {
  readonly signal?: AbortSignal;
  /** The ETag of what is edited, as it was read. */
  readonly ifMatch?: string;
  /** The same for every sending of one create. */
  readonly idempotencyKey?: string;
  /** The token of a shared link, for who has no right of their own. */
  readonly leave?: string | null;
  /** A file, for the operations that take one instead of JSON. */
  readonly file?: Blob;
} & ([PathParametersOf<Operation>] extends [never]
  ? { readonly path?: never }
  : { readonly path: PathParametersOf<Operation> }) &
  ([QueryOf<Operation>] extends [never]
    ? { readonly query?: never }
    : { readonly query?: QueryOf<Operation> }) &
  ([BodyOf<Operation>] extends [never]
    ? { readonly body?: never }
    : { readonly body: BodyOf<Operation> });
