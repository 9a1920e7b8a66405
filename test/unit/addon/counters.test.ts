import { expect, test } from "vitest";
import { SLOTS, SLOTS_OF_PAGE } from "../../../src/addon/counter-reader.js";
import {
  HISTOGRAM_BOUNDS_US,
  PORT_COUNTERS,
  SPAN_COUNTERS,
  WORKER_COUNTERS,
} from "../../../src/addon/index.js";
import { loadNative } from "../../../src/addon/native.js";
import { good, steppedEngine } from "./bench.js";

test("both sides of the shared block agree on names, order and sizes", () => {
  const [port, span, worker, bounds, slots, slotsOfPage] = loadNative().layout();
  expect(port).toEqual(PORT_COUNTERS);
  expect(span).toEqual(SPAN_COUNTERS);
  expect(worker).toEqual(WORKER_COUNTERS);
  expect(bounds).toEqual(HISTOGRAM_BOUNDS_US);
  expect(slots).toEqual(SLOTS);
  expect(slotsOfPage).toBe(SLOTS_OF_PAGE);
});

test("each of several hundred ports has counters of its own", () => {
  const { engine } = steppedEngine();
  const tone = { kind: "milliwatt", law: "a-law" } as const;
  const loud = good(engine.openTerminal({ source: tone }));
  const others = Array.from({ length: 300 }, () => good(engine.openTerminal()));
  engine.advance(200);
  expect(good(engine.portCounters(loud)).inwardLevelDbm0).toBeCloseTo(0, 0);
  for (const port of others) {
    expect(good(engine.portCounters(port)).inwardLevelDbm0).toBeLessThan(-60);
  }
  expect(good(engine.workerCounters(0)).ports).toBe(301);
  engine.close();
});

test("a place that is used again begins at zero", () => {
  const { engine } = steppedEngine();
  const settings = {
    remote: { address: "10.0.0.2", port: 4000 },
    send: { codec: "PCMA", payloadType: 8, ptimeMs: 20 },
  } as const;
  const first = good(engine.openRtp({ address: "10.0.0.1", port: 20000 }, settings));
  good(engine.bridge(first, good(engine.openTerminal())));
  engine.advance(500);
  expect(good(engine.portCounters(first)).packetsSent).toBeGreaterThan(20);
  good(engine.closePort(first));
  engine.advance(5);
  const second = good(engine.openRtp({ address: "10.0.0.1", port: 20000 }));
  engine.advance(5);
  expect(good(engine.portCounters(second)).packetsSent).toBe(0);
  engine.close();
});

test("lateness of a threaded worker is counted in a histogram", async () => {
  const { engine } = steppedEngine({ mode: "threaded", realtime: false });
  await new Promise((resolve) => setTimeout(resolve, 120));
  const { ticks, tickLateness } = good(engine.workerCounters(0));
  engine.close();
  expect(ticks).toBeGreaterThan(20);
  const total = tickLateness.counts.reduce((sum, count) => sum + count, 0);
  expect(Math.abs(total - ticks)).toBeLessThanOrEqual(1);
  expect(tickLateness.quantile(0.5)).toBeGreaterThan(0);
});
