import { expect, test } from "vitest";

import { LatencyMeter } from "../src/player/latency-meter.js";
import { ServerClock } from "../src/status/server-clock.js";

function clockAhead(offsetMs: number): ServerClock {
  const clock = new ServerClock();
  clock.observe(offsetMs, 0, 0);
  return clock;
}

test("latency is the server's time minus the picture's date, whatever the viewer's clock says", () => {
  const meter = new LatencyMeter(clockAhead(-3_600_000));
  meter.read(1_000_000, 3_600_000 + 1_001_400);
  expect(meter.latencyMs).toBe(1_400);
});

test("latency is unknown without a dated picture", () => {
  const meter = new LatencyMeter(clockAhead(0));
  meter.read(1_000, 2_000);
  meter.read(null, 3_000);
  expect(meter.latencyMs).toBeNull();
});

test("latency is unknown until the server's clock is known", () => {
  const meter = new LatencyMeter(new ServerClock());
  meter.read(1_000, 2_000);
  expect(meter.latencyMs).toBeNull();
});

test("noise is smoothed", () => {
  const meter = new LatencyMeter(clockAhead(0));
  meter.read(0, 1_000);
  meter.read(0, 1_100);
  expect(meter.latencyMs).toBeCloseTo(1_035);
});

test("a seek or a stall is shown at once", () => {
  const meter = new LatencyMeter(clockAhead(0));
  meter.read(0, 9_000);
  meter.read(7_500, 9_000);
  expect(meter.latencyMs).toBe(1_500);
});
