import { expect, test } from "vitest";
import { failure } from "../../../src/operations/tune.js";
import { type Candidate, candidates, nameOf } from "../../../src/operations/tune-candidates.js";
import {
  burstRatio,
  choose,
  hearingOf,
  type TunePath,
  type TuneRow,
} from "../../../src/operations/tune-verdict.js";

const one: Candidate = {
  ...{ codec: "pcma", ptimeMs: 20, vad: false, concealment: true },
  ...{ jitterMinMs: 20, jitterMaxMs: 60 },
};
const path: TunePath = { lossPercent: 0, jitterMs: 0, delayMs: 0, burst: 1 };

function list(...narrowing: string[]): readonly string[] {
  const found = candidates(narrowing);
  return found.ok ? found.value.map(nameOf) : [found.error];
}

test("without narrowing both codecs are tried in several ways, each once", () => {
  const all = list();
  expect(all).toHaveLength(16);
  expect(new Set(all).size).toBe(16);
  expect(all[0]).toBe("pcma 20 ms, buffer 20-60 ms");
});

test("what is narrowed is tried in every combination, the rest as usual", () => {
  expect(list("codec=pcmu", "ptime=10,30", "vad=off", "jitter=40-80")).toEqual([
    "pcmu 10 ms, buffer 40-80 ms",
    "pcmu 30 ms, buffer 40-80 ms",
  ]);
  expect(list("codec=g729,pcma", "ptime=20", "vad=on", "concealment=off", "jitter=20-60")).toEqual([
    "pcma 20 ms, buffer 20-60 ms, VAD, no concealment",
  ]);
});

test.each([
  ["codec=opus", /^"codec=opus": candidates are codec=/],
  ["codec=", /^"codec=": /],
  ["speed=3", /^"speed=3": /],
  ["ptime=25", /^"ptime=25": /],
  ["vad=yes", /^"vad=yes": /],
  ["jitter=60-20", /^"jitter=60-20": /],
  ["jitter=10-20", /^"jitter=10-20": /],
])("nonsense is told: %s", (part, expected) => {
  expect(list(part)).toEqual([expect.stringMatching(expected)]);
});

test("too many, or none, are told", () => {
  expect(list("concealment=off", "codec=g729")).toEqual([expect.stringMatching(/nothing is left/)]);
  const many = list("codec=pcma,pcmu,g729", "ptime=10,20,30,40,60", "jitter=20-40,20-60,20-80");
  expect(many).toEqual(["90 candidates are too many, at most 64"]);
});

test("delay is packet, look-ahead, way and buffer; what came too late is lost", () => {
  const stream = { received: 95, lost: 5, late: 3, bufferMs: 40 };
  const way = { ...path, delayMs: 60, jitterMs: 20 };
  const heard = hearingOf(stream, one, way);
  expect(heard).toMatchObject({ delayMs: 130, lossPercent: 8 });
  expect(hearingOf(stream, { ...one, codec: "g729" }, way).delayMs).toBe(135);
  expect(heard.mos).toBeLessThan(hearingOf({ ...stream, lost: 0, late: 0 }, one, way).mos);
  expect(hearingOf({ received: 0, lost: 0, late: 0, bufferMs: 0 }, one, path).lossPercent).toBe(
    100,
  );
});

test("a clean G.711 stream has the best score of G.107, concealment and codec count", () => {
  const clean = { received: 1000, lost: 0, late: 0, bufferMs: 20 };
  expect(hearingOf(clean, one, path).mos).toBeCloseTo(4.4, 1);
  const lossy = { ...clean, lost: 30 };
  const bare = { ...one, concealment: false };
  expect(hearingOf(lossy, bare, path).mos).toBeLessThan(hearingOf(lossy, one, path).mos - 0.5);
  expect(hearingOf(clean, { ...one, codec: "g729" }, path).mos).toBeLessThan(4.2);
});

test("bursts of random loss have the ratio 1, longer ones more", () => {
  expect(burstRatio({ ...path, lossPercent: 10 })).toBe(1);
  expect(burstRatio({ ...path, lossPercent: 10, burst: 4 })).toBeCloseTo(3.6);
});

function row(name: string, mos: number, kbitPerSecond: number, delayMs = 100): TuneRow {
  const codec = name as Candidate["codec"];
  return { candidate: { ...one, codec }, mos, kbitPerSecond, delayMs, lossPercent: 1 };
}

test("of those that are about as good the thriftiest is chosen, and why is said", () => {
  const verdict = choose([row("pcma", 4.2, 80), row("pcmu", 4.15, 82), row("g729", 4.12, 24)]);
  expect(verdict?.chosen.candidate.codec).toBe("g729");
  expect(verdict?.why).toBe(
    "g729 20 ms, buffer 20-60 ms: MOS 4.12 at 100 ms and 1.0 % loss; " +
      "of the 3 within 0.1 of the best (4.20) it takes the least bandwidth, 24 kbit/s",
  );
});

test("a better score beats bandwidth", () => {
  expect(choose([row("pcma", 4.2, 80), row("g729", 3.7, 24)])?.why).toMatch(
    /^pcma .*no other comes within 0.1 of it$/,
  );
});

test("none of those about as good takes less than the choice; of equals the best is it", () => {
  const rows = [row("pcmu", 4.14, 80), row("pcma", 4.08, 73.4), row("g729", 4.09, 73, 134)];
  const verdict = choose([...rows, row("pcmu", 4.09, 73, 140)]);
  expect(verdict?.chosen).toBe(rows[2]);
  expect(verdict?.why).toMatch(
    /of the 4 within 0.1 of the best \(4.14\) it takes the least bandwidth, 73 kbit\/s like 2 more, and is the best of these$/,
  );
});

test("scores are compared as the table shows them", () => {
  const verdict = choose([row("pcma", 4.144, 80), row("g729", 4.036, 24)]);
  expect(verdict?.chosen.candidate.codec).toBe("g729");
});

test("why a call failed is what the far end said, or what happened where it said nothing", () => {
  const end = { by: "failure", causes: [] } as const;
  expect(failure({ ...end, status: 404, phrase: "Not Found" })).toBe("404 Not Found");
  expect(failure({ ...end, status: 503, why: "nobody listens there" })).toBe(
    "nobody listens there",
  );
  expect(failure({ ...end, status: 603 })).toBe("603");
  expect(failure(end)).toBe("no answer");
});

test("calls that failed are no choice", () => {
  expect(choose([{ candidate: one, failed: "488 Not Acceptable Here" }])).toBeUndefined();
});
