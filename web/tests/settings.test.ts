import { expect, test } from "vitest";

import { readUserFilter } from "../src/admin/user-filter.js";
import { clientName } from "../src/settings/client-name.js";
import { pictureFault } from "../src/settings/picture-file.js";
import { qrPath } from "../src/settings/qr-path.js";
import { initialOf } from "../src/shell/initial.js";

const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

test.each([
  [CHROME, "Chrome on Windows"],
  [`${CHROME} Edg/131.0.0.0`, "Edge on Windows"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox on Linux"],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "Safari on iPhone",
  ],
  [
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
    "Chrome on Android",
  ],
  ["curl/8.5.0", "curl"],
  ["my-bot/1", "my-bot/1"],
  ["", "Unknown"],
])("%s is called %s", (userAgent, name) => {
  expect(clientName(userAgent)).toBe(name);
});

test("what a program calls itself at length is cut short", () => {
  expect(clientName("x".repeat(300))).toHaveLength(60);
});

test("a QR code is drawn in full, inside its quiet zone", () => {
  const { size, path } = qrPath("otpauth://totp/Rillcast:ada@example.org?secret=JBSWY3DPEHPK3PXP");
  // 17 + 4 v modules for version v (ISO/IEC 18004, 6.3.1), and four of silence on either side.
  expect((size - 8 - 17) % 4).toBe(0);
  expect(path).toMatch(/^(M\d+ \d+h\d+v1h-\d+z)+$/);
  const runs = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g)].map((run) =>
    run.slice(1).map(Number),
  );
  // The finder pattern's upper edge: seven dark modules in the corner.
  expect(runs[0]).toEqual([4, 4, 7, 7]);
  for (const [x = 0, y = 0, width = 0] of runs) {
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(4);
    expect(Math.max(x + width, y + 1)).toBeLessThanOrEqual(size - 4);
  }
});

test("a file that is no picture, or too large, is not sent", () => {
  expect(pictureFault("image/png", 5 * 1024 * 1024)).toBeNull();
  expect(pictureFault("image/png", 5 * 1024 * 1024 + 1)).not.toBeNull();
  expect(pictureFault("image/svg+xml", 10)).not.toBeNull();
});

test.each([
  ["ada", "A"],
  [" élodie", "É"],
  ["👩‍🚀 Jo", "👩‍🚀"],
  ["", "?"],
])("the initial of %j is %s", (name, initial) => {
  expect(initialOf(name)).toBe(initial);
});

test("a filter asks only for what was chosen", () => {
  const form = (values: Readonly<Record<string, string>>): { text: (name: string) => string } => ({
    text: (name) => values[name] ?? "",
  });
  expect(readUserFilter(form({}))).toEqual({});
  expect(readUserFilter(form({ q: " a@b ", role: "admin", state: "active" }))).toEqual({
    q: "a@b",
    role: "admin",
    suspended: false,
  });
  expect(readUserFilter(form({ state: "suspended" }))).toEqual({ suspended: true });
});
