import { describe, expect, test } from "vitest";
import { instant } from "../../../src/core/index.js";
import { type Conditions, perfectWire } from "../wire.js";
import type { Call, Party } from "./party.js";
import { drawScenario, hangUp, type Scenario, settledAt } from "./scenario.js";

const wires: readonly (readonly [string, Conditions])[] = [
  ["a perfect wire", perfectWire],
  ["a slow wire that reorders", { latencyMs: 60, jitterMs: 200, loss: 0, duplication: 0 }],
  ["a wire that duplicates", { latencyMs: 20, jitterMs: 40, loss: 0, duplication: 0.3 }],
  ["a wire that loses a tenth", { latencyMs: 20, jitterMs: 20, loss: 0.1, duplication: 0.05 }],
  ["a bad wire", { latencyMs: 80, jitterMs: 300, loss: 0.25, duplication: 0.2 }],
];

const seeds = Array.from({ length: 150 }, (_, seed) => seed + 1);

describe("calls drawn by lot over a stream [world] [TCP]", () => {
  test.each(seeds)("call %i: both sides agree, and nothing is left", (seed) => {
    const scenario = drawScenario(seed, { ...perfectWire, jitterMs: 100 }, "tcp");
    scenario.wire.run(settledAt);
    expectAgreement(scenario);
    hangUpSomehow(scenario, seed);
    scenario.wire.run();
    expectRest(scenario, BY_LOT);
  });
});

describe.each(wires)("calls drawn by lot over %s [world]", (_name, conditions) => {
  test.each(seeds)("call %i: both sides agree, and nothing is left", (seed) => {
    const scenario = drawScenario(seed, conditions);
    scenario.wire.run(settledAt);
    expectAgreement(scenario);
    hangUpSomehow(scenario, seed);
    scenario.wire.run();
    expectRest(scenario, conditions === perfectWire ? BY_LOT : BY_WIRE);
  });
});

/** Both hang up at once, or one of them. */
function hangUpSomehow({ wire, a, b }: Scenario, seed: number): void {
  const who = seed % 3 === 0 ? [a, b] : seed % 3 === 1 ? [a] : [b];
  for (const party of who) hangUp(party);
  // Who has nobody left to hang up on it does so itself.
  wire.at(instant(wire.now + 70_000), () => {
    hangUp(a);
    hangUp(b);
  });
}

function expectAgreement({ a, b }: Scenario): void {
  const ours = onlyCall(a);
  const theirs = onlyCall(b);
  if (ours?.state !== "answered" || theirs?.state !== "answered") return;
  expect(ours.agreed).toBeDefined();
  expect(theirs.agreed).toEqual({ ours: ours.agreed?.theirs, theirs: ours.agreed?.ours });
  // Nothing is under way any more.
  expect(ours.offers).toEqual([]);
  expect(theirs.offers).toEqual([]);
}

function expectRest({ a, b }: Scenario, allowed: ReadonlySet<string>): void {
  for (const party of [a, b]) {
    for (const call of party.calls.values()) {
      expect(call.state).toBe("ended");
      expect(call.events.filter(({ kind }) => kind === "ended").length).toBe(1);
    }
    expect(party.stack.alive).toEqual({ sessions: 0, dialogs: 0, transactions: 0, timers: 0 });
    expect(party.stack.live).toBe(0);
    expect(party.stack.deadline()).toBeUndefined();
    expect(party.stack.counters.malformed).toBe(0);
    expect(party.anomalies.filter((what) => !allowed.has(what))).toEqual([]);
  }
}

function onlyCall(party: Party): Call | undefined {
  const [call, ...more] = party.calls.values();
  expect(more).toEqual([]);
  return call;
}

/** What the lot brings about: a user who hangs up before answering an offer, or answers after it. */
const BY_LOT: ReadonlySet<string> = new Set(["answer-missing", "describe-out-of-place"]);

/** And what a wire that loses and reorders brings about. */
const BY_WIRE: ReadonlySet<string> = new Set([
  ...BY_LOT,
  "cseq-out-of-order",
  "prack-refused",
  "rseq-out-of-order",
  "timer-h",
]);
