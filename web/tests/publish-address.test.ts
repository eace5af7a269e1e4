import { describe, expect, it } from "vitest";

import { MalformedAnswer } from "../src/status/json-reader.js";
import { readPublishAddress, secureServerUrl, serverUrl } from "../src/status/publish-address.js";

describe("the address for encoders", () => {
  it("is read with and without TLS", () => {
    const plain = { rtmpPort: 1935, rtmpsPort: null, needsKey: true, hasAccounts: false };
    expect(readPublishAddress(plain)).toEqual(plain);
    expect(readPublishAddress({ ...plain, rtmpsPort: 1936 }).rtmpsPort).toBe(1936);
  });

  it.each([{}, { rtmpPort: "1935", needsKey: true, hasAccounts: false }, { rtmpPort: 1, needsKey: "yes" }, null])(
    "is refused when it is not one: %j",
    (answer) => {
      expect(() => readPublishAddress(answer)).toThrow(MalformedAnswer);
    },
  );

  it("names the port only where it is unusual", () => {
    const address = { rtmpPort: 1935, rtmpsPort: null, needsKey: true, hasAccounts: false };
    expect(serverUrl("example.org", address)).toBe("rtmp://example.org/live");
    expect(serverUrl("example.org", null)).toBe("rtmp://example.org/live");
    expect(serverUrl("[::1]", { ...address, rtmpPort: 2000 })).toBe("rtmp://[::1]:2000/live");
  });

  it("is not given without TLS where others cannot come that way", () => {
    const address = { rtmpPort: null, rtmpsPort: 1936, needsKey: true, hasAccounts: true };
    expect(readPublishAddress(address)).toEqual(address);
    expect(serverUrl("example.org", address)).toBeNull();
    expect(secureServerUrl("example.org", address)).toBe("rtmps://example.org:1936/live");
  });

  it("offers TLS where it is served", () => {
    const address = { rtmpPort: 1935, rtmpsPort: 1936, needsKey: true, hasAccounts: true };
    expect(secureServerUrl("example.org", address)).toBe("rtmps://example.org:1936/live");
    expect(secureServerUrl("example.org", { ...address, rtmpsPort: null })).toBeNull();
    expect(secureServerUrl("example.org", null)).toBeNull();
  });
});
