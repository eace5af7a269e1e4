import { expect, test } from "vitest";

import { linkedText } from "../src/channels/linked-text.js";

function links(text: string): (string | null)[] {
  return linkedText(text)
    .map(({ href }) => href)
    .filter((href) => href !== null);
}

test("addresses in text become links without what ends the sentence around them", () => {
  expect(links("See https://example.org/a?b=1&c=2, or (http://example.net/x).")).toEqual([
    "https://example.org/a?b=1&c=2",
    "http://example.net/x",
  ]);
});

test("addresses in text leave every letter of the text where it was", () => {
  for (const text of ["", "none", "https://example.org", "a https://example.org/é b\nhttp://x.y/"]) {
    expect(linkedText(text).map((run) => run.text).join("")).toBe(text);
  }
});

test("addresses in text are of the web alone", () => {
  expect(links("javascript:alert(1) data:text/html,x file:///etc ftp://x.y https://")).toEqual([]);
});
