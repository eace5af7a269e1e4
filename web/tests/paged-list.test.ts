import type { ReactiveControllerHost } from "lit";
import { expect, test, vi } from "vitest";

import { ApiProblem } from "../src/api/api-problem.js";
import type { ListPage } from "../src/forms/paged-list.js";
import { PagedList } from "../src/forms/paged-list.js";
import { Submission } from "../src/forms/submission.js";

/** A component that renders nothing. */
function component(): ReactiveControllerHost & HTMLElement {
  const host = {
    addController: vi.fn(),
    removeController: vi.fn(),
    requestUpdate: vi.fn(),
    updateComplete: Promise.resolve(true),
    shadowRoot: null,
  };
  return host as unknown as ReactiveControllerHost & HTMLElement;
}

test("a list goes on where its last page ended", async () => {
  const pages: Readonly<Record<string, ListPage<string>>> = {
    first: { items: ["a", "b"], next: "second" },
    second: { items: ["c"], next: null },
  };
  const list = new PagedList<string>(component(), (cursor) => {
    const page = pages[cursor ?? "first"];
    return page === undefined ? Promise.reject(new Error("no such page")) : Promise.resolve(page);
  });
  await list.load();
  expect([list.items, list.hasMore, list.state]).toEqual([["a", "b"], true, "ready"]);
  await list.loadMore();
  expect([list.items, list.hasMore]).toEqual([["a", "b", "c"], false]);
  await list.loadMore();
  expect(list.items).toEqual(["a", "b", "c"]);
});

test("what was read stays when the next page does not come", async () => {
  const broken = new Error("broken");
  const list = new PagedList<string>(component(), (cursor) =>
    cursor === undefined ? Promise.resolve({ items: ["a"], next: "x" }) : Promise.reject(broken),
  );
  await list.load();
  await list.loadMore();
  expect([list.items, list.state, list.error]).toEqual([["a"], "failed", broken]);
});

test("the answer to an older question does not replace that to a newer one", async () => {
  const answers: ((page: ListPage<string>) => void)[] = [];
  const list = new PagedList<string>(
    component(),
    () => new Promise<ListPage<string>>((resolve) => answers.push(resolve)),
  );
  const older = list.load();
  const newer = list.load();
  answers[1]?.({ items: ["new"], next: null });
  await newer;
  answers[0]?.({ items: ["old"], next: null });
  await older;
  expect(list.items).toEqual(["new"]);
});

test("a form is sent once, however often its button is pressed", async () => {
  const submission = new Submission(component());
  let finish = (): void => undefined;
  const work = vi.fn(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  const first = submission.run(work);
  expect(submission.isBusy).toBe(true);
  expect(await submission.run(work)).toBe(false);
  finish();
  expect(await first).toBe(true);
  expect(work).toHaveBeenCalledOnce();
  expect(submission.isBusy).toBe(false);
});

test("a form tells why it failed until it is sent again", async () => {
  const submission = new Submission(component());
  const refused = new ApiProblem(401, { code: "wrong-credentials", title: "x" }, 0);
  expect(await submission.run(() => Promise.reject(refused))).toBe(false);
  expect(submission.failure?.code).toBe("wrong-credentials");
  expect(await submission.run(() => Promise.resolve())).toBe(true);
  expect(submission.failure).toBeNull();
});

test("whoever leaves a page is told nothing more of its form", async () => {
  const submission = new Submission(component());
  const sending = submission.run(
    (signal) =>
      new Promise<void>((_, reject) => {
        signal.addEventListener("abort", () => {
          reject(new Error("aborted"));
        });
      }),
  );
  submission.hostDisconnected();
  expect(await sending).toBe(false);
  expect(submission.failure).toBeNull();
});
