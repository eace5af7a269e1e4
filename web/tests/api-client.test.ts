import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { ApiProblem, isProblem } from "../src/api/api-problem.js";
import { ApiClient } from "../src/api/client.js";
import { CreateKey, newIdempotencyKey } from "../src/api/idempotency.js";
import { requestUrl } from "../src/api/request-url.js";
import { ServerUnreachable } from "../src/status/server-unreachable.js";

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
}

/** A server that gives these answers, one after the other; an Error stands for a broken connection. */
function serverAnswering(...answers: (Response | Error)[]): Sent[] {
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit): Promise<Response> => {
    sent.push({ url, init });
    const answer = answers.shift();
    if (answer === undefined) throw new Error("asked more often than expected");
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  return sent;
}

function problem(status: number, members: object, headers: Record<string, string> = {}): Response {
  const text = JSON.stringify({ status, ...members });
  return new Response(text, {
    status,
    headers: { "Content-Type": "application/problem+json", ...headers },
  });
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("parameters are filled in and escaped, and what is undefined is left out of the query", () => {
  expect(requestUrl("/a/{b}/c", { b: "x y/z" }, { d: 1, e: undefined, f: null, g: true })).toBe(
    "/a/x%20y%2Fz/c?d=1&g=true",
  );
  expect(requestUrl("/a", {}, { tag: ["one", "two"] })).toBe("/a?tag=one&tag=two");
  expect(() => requestUrl("/a/{b}", {}, {})).toThrow("lacks its b");
});

test("an answer comes with its version", async () => {
  const me = { id: "acc_1" };
  const sent = serverAnswering(Response.json(me, { headers: { ETag: '"7"' } }));
  expect(await new ApiClient().get("/me", {})).toEqual({ body: me, etag: '"7"' });
  expect(sent[0]?.url).toBe("/api/v1/me");
  expect(sent[0]?.init.credentials).toBe("same-origin");
});

test("an edit says which version it is of, and sends JSON", async () => {
  const sent = serverAnswering(Response.json({}));
  await new ApiClient().patch("/me", { body: { bio: "x" }, ifMatch: '"7"' });
  expect(sent[0]?.init).toMatchObject({ method: "PATCH", body: '{"bio":"x"}' });
  const headers = new Headers(sent[0]?.init.headers);
  expect(headers.get("If-Match")).toBe('"7"');
  expect(headers.get("Content-Type")).toBe("application/json");
});

test("an answer without a body is a success", async () => {
  serverAnswering(new Response(null, { status: 204 }));
  expect((await new ApiClient().delete("/me/session", {})).body).toBeUndefined();
});

test("a refusal tells its kind, its fields and what belongs to its kind", async () => {
  const fields = [{ path: "email", text: "expected an address" }];
  serverAnswering(
    problem(422, { code: "invalid", title: "x", errors: fields }),
    problem(401, { code: "second-factor-required", challenge: "rcc_1" }, { "Retry-After": "2" }),
  );
  const api = new ApiClient();
  const body = { email: "a@b.example", password: "x" };
  const invalid: unknown = await api.post("/sessions", { body }).catch((error: unknown) => error);
  expect(isProblem(invalid, "invalid") && invalid.fields).toEqual(fields);
  const factor: unknown = await api.post("/sessions", { body }).catch((error: unknown) => error);
  expect(isProblem(factor, "second-factor-required") && factor.members).toMatchObject({
    challenge: "rcc_1",
  });
  expect((factor as ApiProblem).retryAfterMs).toBe(2_000);
});

test("a proxy's page in place of an answer is a refusal as well", async () => {
  serverAnswering(new Response("<html>", { status: 413 }));
  await expect(new ApiClient().delete("/me/session", {})).rejects.toMatchObject({
    status: 413,
    code: "",
  });
});

test("a question is asked again while the connection is broken or the server busy", async () => {
  const sent = serverAnswering(
    new TypeError("broken"),
    problem(503, { code: "unavailable" }),
    Response.json({ items: [] }),
  );
  const asking = new ApiClient().get("/me/sessions", {});
  await vi.runAllTimersAsync();
  expect((await asking).body.items).toEqual([]);
  expect(sent).toHaveLength(3);
});

test("a question is not asked for ever", async () => {
  const sent = serverAnswering(...Array.from({ length: 3 }, () => new TypeError("broken")));
  const asking = new ApiClient().get("/me", {}).catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  expect(await asking).toBeInstanceOf(ServerUnreachable);
  expect(sent).toHaveLength(3);
});

test("what changes something is sent once", async () => {
  const sent = serverAnswering(new TypeError("broken"));
  await expect(new ApiClient().delete("/me/sessions", {})).rejects.toBeInstanceOf(ServerUnreachable);
  expect(sent).toHaveLength(1);
});

test("whoever gives up is told so, and nothing is asked again", async () => {
  const sent = serverAnswering(new TypeError("broken"));
  const giving = new AbortController();
  const asking = new ApiClient().get("/me", { signal: giving.signal });
  const refused = expect(asking).rejects.toMatchObject({ name: "AbortError" });
  await vi.advanceTimersByTimeAsync(0);
  giving.abort();
  await refused;
  expect(sent).toHaveLength(1);
});

test("it is noticed that nobody is signed in any more, and not when a password is wrong", async () => {
  serverAnswering(
    problem(401, { code: "wrong-credentials" }),
    problem(401, { code: "unauthenticated" }),
  );
  const api = new ApiClient();
  api.onSignedOut = vi.fn<() => void>();
  await expect(api.get("/me", {})).rejects.toBeInstanceOf(ApiProblem);
  expect(api.onSignedOut).not.toHaveBeenCalled();
  await expect(api.get("/me", {})).rejects.toBeInstanceOf(ApiProblem);
  expect(api.onSignedOut).toHaveBeenCalledOnce();
});

test("one create keeps its key until its answer has come or something else is sent", () => {
  const key = new CreateKey();
  const first = key.for({ name: "a" });
  expect(key.for({ name: "a" })).toBe(first);
  const second = key.for({ name: "b" });
  expect(second).not.toBe(first);
  key.done();
  expect(key.for({ name: "b" })).not.toBe(second);
  expect(newIdempotencyKey()).toMatch(/^[0-9a-f]{32}$/);
});
