import { afterEach, expect, test, vi } from "vitest";

import { ApiClient } from "../src/api/client.js";
import { returnPath, signInPath } from "../src/session/return-path.js";
import { fragmentValue } from "../src/session/link-token.js";
import { Session } from "../src/session/session.js";
import { ServerClock } from "../src/status/server-clock.js";
import { StatusClient } from "../src/status/status-client.js";

const ORIGIN = "https://live.example";
const ME = { id: "acc_1", displayName: "Ada", role: "user" };
const PUBLISHING = { rtmpPort: 1935, rtmpsPort: null, needsKey: true };

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A server with these answers by path; what is missing breaks the connection. */
function sessionOn(answers: Readonly<Record<string, () => Response>>): Session {
  vi.stubGlobal("fetch", (url: string): Promise<Response> => {
    const answer = answers[url];
    return answer === undefined ? Promise.reject(new TypeError("broken")) : Promise.resolve(answer());
  });
  return new Session(new ApiClient(), new StatusClient(new ServerClock()));
}

const withAccounts = (account: object | null): Readonly<Record<string, () => Response>> => ({
  "/api/v1/publishing": () => Response.json({ ...PUBLISHING, hasAccounts: true }),
  "/api/v1/session": () => Response.json({ account, registration: "invitation" }),
});

test("the server says who is signed in, and everybody who listens is told", async () => {
  const session = sessionOn(withAccounts(ME));
  const listener = vi.fn<() => void>();
  const stop = session.subscribe(listener);
  await session.start();
  expect(session.state).toEqual({ kind: "signed-in", me: ME });
  expect(listener).toHaveBeenCalledOnce();
  stop();
  session.forget();
  expect(listener).toHaveBeenCalledOnce();
});

test("who may make an account is known once the server has said", async () => {
  const session = sessionOn(withAccounts(null));
  expect(session.registration).toBe("closed");
  await session.start();
  expect(session.registration).toBe("invitation");
});

test("it is asked once, however many want to know", async () => {
  const session = sessionOn(withAccounts(null));
  expect(session.start()).toBe(session.start());
  await session.start();
  expect(session.state.kind).toBe("signed-out");
});

test.each([PUBLISHING, { ...PUBLISHING, hasAccounts: false }])(
  "a server without accounts is asked no more",
  async (publishing) => {
    const session = sessionOn({ "/api/v1/publishing": () => Response.json(publishing) });
    await session.start();
    expect(session.state.kind).toBe("no-accounts");
  },
);

test("while nobody answers, it is unknown who is signed in", async () => {
  const session = sessionOn({});
  await session.start();
  expect(session.state.kind).toBe("unknown");
});

test("signing out where the log-in has ended already is no failure", async () => {
  const session = sessionOn({
    ...withAccounts(ME),
    "/api/v1/me/session": () =>
      Response.json({ code: "unauthenticated", status: 401 }, { status: 401 }),
  });
  await session.start();
  await session.signOut();
  expect(session.state.kind).toBe("signed-out");
});

test("signing out that did not come through leaves one signed in, and says so", async () => {
  const session = sessionOn(withAccounts(ME));
  await session.start();
  await expect(session.signOut()).rejects.toThrow();
  expect(session.state.kind).toBe("signed-in");
});

test.each(["/settings/security", "/search?q=a%20b", "/studio#chat", "/dashboard/a/keys"])(
  "the way back to %s survives signing in",
  (path) => {
    const { search } = new URL(signInPath(path), ORIGIN);
    expect(returnPath(search, ORIGIN)).toBe(path);
  },
);

test("home needs no way back", () => {
  expect(signInPath("/")).toBe("/sign-in");
  expect(returnPath("", ORIGIN)).toBe("/");
});

test.each([
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "/.//evil.example",
  "javascript:alert(1)",
  "settings",
  "/sign-in?return=/x",
  "///",
])("nobody is led to %j after signing in", (wanted) => {
  expect(returnPath(`?${new URLSearchParams({ return: wanted }).toString()}`, ORIGIN)).toBe("/");
});

test("a secret is read from behind the # of a link", () => {
  expect(fragmentValue("#token=rcr_a-b_c", "token")).toBe("rcr_a-b_c");
  expect(fragmentValue("#problem=conflict&challenge=rcc_1", "challenge")).toBe("rcc_1");
  expect(fragmentValue("#token=", "token")).toBeNull();
  expect(fragmentValue("", "token")).toBeNull();
});
