import fc from "fast-check";
import { expect, test } from "vitest";
import { mosOf, rate } from "../../../src/media/index.js";

const g711 = { ie: 0, bpl: 4.3 };
const g711Concealed = { ie: 0, bpl: 25.1 };
const g729 = { ie: 11, bpl: 19 };

const at = (oneWayDelayMs: number, packetLossPercent: number, equipment = g711Concealed) =>
  rate({ oneWayDelayMs, packetLossPercent, equipment });

test("the default values give the R of 93.2 that G.107 names", () => {
  expect(at(0, 0).r).toBeCloseTo(93.2, 1);
  expect(at(0, 0).mos).toBeCloseTo(4.41, 2);
});

test("MOS of R as in G.107 annex B", () => {
  for (const [r, mos] of [
    [0, 1],
    [50, 2.58],
    [60, 3.1],
    [70, 3.6],
    [80, 4.03],
    [90, 4.34],
    [100, 4.5],
  ] as const) {
    expect(Math.abs(mosOf(r) - mos)).toBeLessThan(0.01);
  }
});

test("the equipment impairment of G.729A is taken off whole where nothing is lost", () => {
  expect(at(0, 0).r - at(0, 0, g729).r).toBeCloseTo(11, 6);
});

test("loss weighs less where it is concealed, and more in bursts", () => {
  // (7-29): 95 * 2 / (2 + Bpl)
  expect(at(0, 0).r - at(0, 2).r).toBeCloseTo(190 / 27.1, 6);
  expect(at(0, 0).r - at(0, 2, g711).r).toBeCloseTo(190 / 6.3, 6);
  const bursts = { oneWayDelayMs: 0, packetLossPercent: 2, equipment: g711Concealed };
  expect(rate({ ...bursts, burstRatio: 2 }).r).toBeLessThan(rate(bursts).r);
});

test("delay is felt above 150 ms, and echo makes it worse", () => {
  expect(at(0, 0).r - at(100, 0).r).toBeLessThan(3);
  expect(at(100, 0).r - at(300, 0).r).toBeGreaterThan(15);
  const quiet = rate({ oneWayDelayMs: 100, packetLossPercent: 0, equipment: g711, telr: 65 });
  const echo = rate({ oneWayDelayMs: 100, packetLossPercent: 0, equipment: g711, telr: 40 });
  expect(quiet.r - echo.r).toBeGreaterThan(20);
});

test("more delay or more loss never helps, whatever comes in", () => {
  // Below a few ms the model's side tone and echo terms are not monotone themselves.
  const ms = fc.double({ min: 10, max: 2000, noNaN: true });
  const percent = fc.double({ min: 0, max: 100, noNaN: true });
  fc.assert(
    fc.property(ms, ms, percent, percent, (d1, d2, p1, p2) => {
      const better = at(Math.min(d1, d2), Math.min(p1, p2));
      const worse = at(Math.max(d1, d2), Math.max(p1, p2));
      expect(worse.r).toBeLessThanOrEqual(better.r + 1e-9);
      for (const { r, mos } of [better, worse]) {
        expect(r).toBeGreaterThanOrEqual(0);
        expect(r).toBeLessThan(93.3);
        expect(mos).toBeGreaterThanOrEqual(1);
        expect(mos).toBeLessThanOrEqual(4.5);
      }
    }),
  );
});
