import { expect, test } from "vitest";

import { browseOf, browsePath, filterOf } from "../src/channels/browse-path.js";

test("what is looked for stands in the address and is read from it", () => {
  const path = browsePath({ q: "speed run", category: "gaming", tag: "c++" });
  expect(path).toBe("/search?q=speed+run&category=gaming&tag=c%2B%2B");
  const wanted = browseOf(path.slice("/search?".length));
  expect(wanted).toEqual({ q: "speed run", category: "gaming", tag: "c++", language: null });
  expect(filterOf(wanted)).toEqual({ category: "gaming", tag: "c++" });
});

test("nothing in particular is everything", () => {
  expect(browsePath({ q: "", category: null })).toBe("/search");
  expect(browseOf("")).toEqual({ q: "", category: null, tag: null, language: null });
  expect(browseOf("q=+&language=")).toEqual({ q: "", category: null, tag: null, language: null });
});
