import { expect, test } from "vitest";
import { lateness } from "../../../src/gateway/loop-delay.js";

function samples(mean: number, p99: number, max: number) {
  return { mean: mean * 1e6, max: max * 1e6, percentile: () => p99 * 1e6 };
}

test("the interval between two samples is no delay", () => {
  const { mean, p99, max } = lateness(samples(10.5, 16, 181), 10);
  expect(mean).toBeCloseTo(0.5);
  expect(p99).toBeCloseTo(6);
  expect(max).toBeCloseTo(171);
});

test("a sample that came early, or none yet, is no delay", () => {
  expect(lateness(samples(9.9, 9.9, 9.9), 10)).toEqual({ mean: 0, p99: 0, max: 0 });
  expect(lateness(samples(Number.NaN, 0, 0), 10)).toEqual({ mean: 0, p99: 0, max: 0 });
});
