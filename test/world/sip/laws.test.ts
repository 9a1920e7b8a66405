import { expect, test } from "vitest";
import { type Entropy, instant } from "../../../src/core/index.js";
import { type SipOutput, SipStack } from "../../../src/sip/index.js";
import { torture } from "../../vectors/rfc4475/index.js";
import { type Conditions, seededEntropy, Wire } from "../wire.js";
import { Party, partyParameters, replayStamp } from "./party.js";
import { calleeAddress, callerAddress, chance, drawScenario, hangUp, pick } from "./scenario.js";

const bad: Conditions = { latencyMs: 80, jitterMs: 300, loss: 0.25, duplication: 0.2 };

test("a replayed log gives the same outputs, octet for octet [law]", () => {
  for (let seed = 1; seed <= 30; seed++) {
    const { wire, a, b } = drawScenario(seed, bad);
    wire.run(instant(60_000));
    hangUp(a);
    wire.run();
    for (const party of [a, b]) {
      const stack = new SipStack(partyParameters(party.address));
      const outputs: SipOutput[] = [];
      for (const { input, stamp } of party.log) {
        const given = replayStamp(stamp);
        outputs.push(...(input === "wake" ? stack.wake(given) : stack.receive(input, given)));
      }
      expect(outputs).toEqual(party.outputs);
      expect(stack.alive).toEqual(party.stack.alive);
    }
  }
});

test("an early wake changes nothing, and after a wake the deadline is later [law]", () => {
  for (let seed = 1; seed <= 8; seed++) {
    const { wire, a, b } = drawScenario(seed, bad);
    for (let steps = 0; steps < 2000; steps++) {
      for (const { stack } of [a, b]) {
        const before = stack.deadline();
        const alive = stack.alive;
        if (before === undefined || before <= wire.now) continue;
        expect(stack.wake(wire.stamp())).toEqual([]);
        expect(stack.deadline()).toBe(before);
        expect(stack.alive).toEqual(alive);
      }
      if (!wire.step()) break;
    }
    for (const party of [a, b]) {
      for (const { deadline, now } of party.wakes) expect(deadline ?? now + 1).toBeGreaterThan(now);
    }
  }
});

test("nothing from outside makes it throw, and what was left behind runs out [law] [fuzz]", () => {
  const { corpus, lot } = collectCorpus();
  let answered = 0;
  for (let round = 0; round < 40; round++) {
    const wire = new Wire<Uint8Array>(round);
    const target = new Party(wire, calleeAddress);
    target.behaviour = (event, { id: session }) => {
      if (event.kind !== "invite-received") return;
      const bodies = [target.description("answer")];
      const reliable = "if-possible";
      const headers: readonly never[] = [];
      target.do({ kind: "provisional", session, status: 183, reliable, headers, bodies });
      if (chance(lot, 0.5)) target.do({ kind: "accept", session, headers, bodies: [] });
    };
    target.invite("call", callerAddress, "supported", chance(lot, 0.5));
    for (let count = 0; count < 150; count++) {
      const octets = mutate(pick(lot, corpus), lot);
      wire.in(lot.between(0, 20_000), () => target.deliver(octets, callerAddress, wire.stamp()));
    }
    wire.run(instant(25_000));
    hangUp(target);
    wire.run();
    answered += target.outputs.filter(({ kind }) => kind === "send").length;
    // A call that the noise itself confirmed is hung up; all else has run out by itself.
    expect(target.stack.alive).toEqual({ sessions: 0, dialogs: 0, transactions: 0, timers: 0 });
  }
  expect(answered).toBeGreaterThan(1000);
});

/** What two stacks say to each other, and the RFC's own torture. */
function collectCorpus(): { readonly corpus: readonly Uint8Array[]; readonly lot: Entropy } {
  const corpus = torture.map(({ octets }) => octets);
  for (let seed = 1; seed <= 20; seed++) {
    const { wire, a } = drawScenario(seed, bad);
    wire.run(instant(30_000));
    hangUp(a);
    wire.run();
    corpus.push(...wire.sent.map(({ packet }) => packet));
  }
  return { corpus, lot: seededEntropy(4711) };
}

/** Octets changed, cut, doubled, or two messages put together. */
function mutate(octets: Uint8Array, lot: Entropy): Uint8Array {
  const changed = octets.slice();
  const way = lot.between(0, 4);
  if (way === 0) return changed;
  if (way === 1) return changed.subarray(0, lot.between(0, changed.length));
  if (way === 2) {
    const at = lot.between(0, changed.length);
    const from = lot.between(0, changed.length);
    return Uint8Array.from([...changed.subarray(0, at), ...changed.subarray(from)]);
  }
  for (let count = lot.between(1, 8); count > 0; count--) {
    const at = lot.between(0, Math.max(changed.length - 1, 0));
    changed[at] = way === 3 ? lot.between(0, 255) : pick(lot, INTERESTING);
  }
  return changed;
}

const INTERESTING = [...'\r\n :;,<>"=@0129'].map((char) => char.charCodeAt(0));
