import { expect, test } from "vitest";
import { PORT_COUNTERS } from "../../../src/addon/index.js";
import { type PortCounters, qualityOf } from "../../../src/media/index.js";

const facts = { codec: "PCMA", ptimeMs: 20, concealment: true };

function counters(some: Partial<PortCounters>): PortCounters {
  const none = Object.fromEntries(PORT_COUNTERS.map((name) => [name, 0]));
  return { ...none, roundTripMs: -1, ...some } as PortCounters;
}

test("without a packet there is nothing to judge", () => {
  expect(qualityOf(counters({}), facts)).toEqual({});
});

test("a clean local call is as good as G.711 can be", () => {
  const { received, sent } = qualityOf(
    counters({ packetsReceived: 3000, bufferDepthMs: 20 }),
    facts,
  );
  expect(received?.mos).toBeGreaterThan(4.35);
  expect(received?.oneWayDelayMs).toBe(40);
  expect(sent).toBeUndefined();
});

test("lost and late packets count alike", () => {
  const base = { packetsReceived: 980, bufferDepthMs: 40 };
  const lost = qualityOf(counters({ ...base, lost: 20 }), facts).received;
  const late = qualityOf(counters({ ...base, packetsReceived: 1000, late: 20 }), facts).received;
  expect(lost?.lossPercent).toBe(2);
  expect(late?.lossPercent).toBe(2);
  expect(lost?.r).toBe(late?.r);
});

test("duplicates are no packets of their own", () => {
  const doubled = counters({ packetsReceived: 200, duplicates: 100, lost: 10 });
  expect(qualityOf(doubled, facts).received?.lossPercent).toBeCloseTo(100 / 11, 6);
});

test("what the far end reports is the other direction", () => {
  const { sent } = qualityOf(
    counters({
      packetsSent: 1000,
      rtcpReceived: 4,
      remoteLost: 50,
      remoteJitterMs: 10,
      roundTripMs: 100,
    }),
    facts,
  );
  expect(sent?.lossPercent).toBe(5);
  expect(sent?.oneWayDelayMs).toBe(110);
  expect(sent?.mos).toBeLessThan(4.2);
});

test("G.729: Ie 11 and Bpl 19 of G.113 appendix I, and 5 ms more of delay [G.729 §2.2]", () => {
  const of = (codec: string, lost: number) =>
    qualityOf(counters({ packetsReceived: 1000 - lost, lost }), { ...facts, codec }).received;
  const [clean, lossy] = [of("G729", 0), of("G729", 20)];
  const g711 = of("PCMA", 0);
  expect((clean?.oneWayDelayMs ?? 0) - (g711?.oneWayDelayMs ?? 0)).toBe(5);
  expect((g711?.r ?? 0) - (clean?.r ?? 0)).toBeGreaterThan(11);
  expect((g711?.r ?? 0) - (clean?.r ?? 0)).toBeLessThan(11.5);
  // (7-29): (95 - Ie) Ppl / (Ppl + Bpl)
  expect((clean?.r ?? 0) - (lossy?.r ?? 0)).toBeCloseTo((84 * 2) / (2 + 19), 6);
});

test("concealment and codec change the judgement", () => {
  const lossy = counters({ packetsReceived: 950, lost: 50 });
  const of = (change: Partial<typeof facts>): number =>
    qualityOf(lossy, { ...facts, ...change }).received?.r ?? 0;
  expect(of({})).toBeGreaterThan(of({ concealment: false }) + 20);
  expect(of({})).toBeGreaterThan(of({ codec: "G729" }));
});
