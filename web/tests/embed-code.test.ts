import { expect, test } from "vitest";

import { embedAddress, embedCode, embedWidth } from "../src/channels/embed-code.js";
import { sharedLinkAddress, sharedLinkToken } from "../src/channels/shared-link.js";

const CHOICE = {
  origin: "https://live.example.org",
  channel: "studio",
  title: "Studio",
  width: 640,
  startsMuted: false,
  link: null,
};

test("the code is one frame, 16 to 9, that plays and fills the screen if it is let", () => {
  const code = embedCode(CHOICE);
  expect(code).toMatch(/^<iframe src="https:\/\/live\.example\.org\/embed\/studio" /);
  expect(code).toContain('width="640" height="360"');
  expect(code).toContain('allow="autoplay; fullscreen; picture-in-picture"');
});

test("nothing that people write can leave its attribute", () => {
  const code = embedCode({ ...CHOICE, title: `"><script>alert('x')</script>&` });
  expect(code).toContain(
    'title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;"',
  );
});

test("a shared link's token stays behind the hash", () => {
  const address = embedAddress({ ...CHOICE, startsMuted: true, link: "abc-d_E" });
  expect(address).toBe("https://live.example.org/embed/studio?muted#link=abc-d_E");
  expect(sharedLinkToken(new URL(address).hash)).toBe("abc-d_E");
});

test.each(["", "#", "#link=", "#link=a/b", "#other=abc", `#link=${"a".repeat(600)}`])(
  "%s holds no token",
  (hash) => {
    expect(sharedLinkToken(hash)).toBeNull();
  },
);

test("an owner's link opens the channel's page", () => {
  expect(sharedLinkAddress("http://localhost:8080", "studio", "abc")).toBe(
    "http://localhost:8080/studio#link=abc",
  );
});

test.each([
  [Number.NaN, 320],
  [10, 320],
  [640.4, 640],
  [9_000, 1_920],
])("a width of %d becomes %d", (width, expected) => {
  expect(embedWidth(width)).toBe(expected);
});
