import { afterEach, expect, test } from "vitest";
import { instant } from "../../../src/core/index.js";
import { createEngine, type Engine, EventRouter } from "../../../src/media/index.js";
import { engineVoice } from "../../../src/phone/index.js";
import { Wire } from "../wire.js";
import { PhoneStation, type Told } from "./station.js";

let engine: Engine;

afterEach(() => engine.close());

/** Two phones whose voices share a stepped engine: signalling and media by one clock. */
function speakingPhones() {
  const wire = new Wire<Uint8Array>(1);
  const router = new EventRouter();
  engine = createEngine({ mode: "stepped", onEvents: (events) => router.dispatch(events) });
  const station = (address: string) =>
    new PhoneStation(wire, address, engineVoice({ address, engine: { engine, router } }));
  const run = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 10) {
      wire.run(instant(wire.now + 10));
      engine.advance(10);
    }
  };
  return { alice: station("192.0.2.1"), bob: station("192.0.2.2"), run };
}

/** 440 Hz at half of full scale. */
const tone = {
  samples: Int16Array.from({ length: 8000 }, (_, i) =>
    Math.round(16_000 * Math.sin((2 * Math.PI * 440 * i) / 8000)),
  ),
};

async function speechOf(told: Told) {
  if (told.call === undefined) throw new Error("there was no call");
  const { speech, digits } = await told.call.ended;
  return { ...speech, digits };
}

function loudest(samples: Int16Array | undefined): number {
  return [...(samples ?? [])].reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

test("what one says the other hears and records; nothing is lost", async () => {
  const { alice, bob, run } = speakingPhones();
  const callee = bob.answer({ recordMs: 10_000 });
  const caller = alice.call(bob, { talkMs: 2000, play: tone, loop: true, recordMs: 10_000 });
  run(4000);
  const [said, heard] = [await speechOf(caller), await speechOf(callee)];
  expect(said.packetsSent).toBeGreaterThan(95);
  expect(heard.packetsReceived).toBeGreaterThan(95);
  expect(heard.lost).toBe(0);
  expect(heard.mos).toBeGreaterThan(4.3);
  expect(heard.recording?.samples.length).toBeGreaterThan(15_000);
  expect(loudest(heard.recording?.samples)).toBeGreaterThan(15_000);
  expect(loudest(said.recording?.samples)).toBeLessThan(16);
});

test("digits are heard once each, by telephone-event", async () => {
  const { alice, bob, run } = speakingPhones();
  const callee = bob.answer();
  alice.call(bob, { talkMs: 4000, digits: "159*#D" });
  run(6000);
  expect((await speechOf(callee)).digits).toBe("159*#D");
});

test("nobody sends before the answer, unless there is early media", async () => {
  for (const [earlyMedia, least] of [
    [false, 0],
    [true, 90],
  ] as const) {
    const { alice, bob, run } = speakingPhones();
    bob.answer({ answer: { kind: "answer", ringMs: 2000, earlyMedia }, play: tone, loop: true });
    const caller = alice.call(bob, { giveUpMs: 1950, recordMs: 5000 });
    run(4000);
    const { packetsReceived, recording } = await speechOf(caller);
    expect(packetsReceived).toBeGreaterThanOrEqual(least);
    expect(packetsReceived === 0).toBe(!earlyMedia);
    expect(loudest(recording?.samples) > 15_000).toBe(earlyMedia);
    engine.close();
  }
});

test("a phone on hold is not spoken to, and speech comes back with the retrieval", async () => {
  const { alice, bob, run } = speakingPhones();
  const callee = bob.answer();
  const caller = alice.call(bob, { ptimeMs: 20 });
  run(1000);
  caller.call?.hold();
  run(5000);
  caller.call?.retrieve();
  run(1000);
  caller.call?.hangUp();
  run(1000);
  const { packetsSent } = await speechOf(callee);
  expect(packetsSent).toBeGreaterThan(80);
  expect(packetsSent).toBeLessThan(130);
  expect(caller.kinds).toContain("retrieved");
});

test("each side sends with the packet time that the other asked for", async () => {
  const { alice, bob, run } = speakingPhones();
  const callee = bob.answer({ ptimeMs: 60 });
  const caller = alice.call(bob, { ptimeMs: 10, talkMs: 3000 });
  run(5000);
  const [ours, theirs] = [await speechOf(caller), await speechOf(callee)];
  expect(ours.packetsSent).toBeGreaterThanOrEqual(48);
  expect(ours.packetsSent).toBeLessThanOrEqual(52);
  expect(theirs.packetsSent).toBeGreaterThanOrEqual(295);
  expect(theirs.packetsSent).toBeLessThanOrEqual(305);
});

test("G.729: what is said is heard, and the estimate knows the codec (G.113 appendix I)", async () => {
  const { alice, bob, run } = speakingPhones();
  const callee = bob.answer({ codecs: ["PCMA", "G729"], recordMs: 10_000 });
  const plan = { codecs: ["G729"], talkMs: 3000, play: tone, loop: true } as const;
  const caller = alice.call(bob, plan);
  run(5000);
  const [said, heard] = [await speechOf(caller), await speechOf(callee)];
  expect(heard).toMatchObject({ lost: 0, late: 0 });
  expect(loudest(heard.recording?.samples)).toBeGreaterThan(12_000);
  expect(heard.mos).toBeGreaterThan(4);
  expect(heard.mos).toBeLessThan(4.15);
  // The callee says nothing, and sends all of it.
  expect(said.packetsReceived).toBeGreaterThan(140);
});

for (const [annexB, most] of [
  [true, 20],
  [false, 160],
] as const) {
  test(`G.729 with silence left out, annex B ${annexB ? "" : "not "}agreed to`, async () => {
    const { alice, bob, run } = speakingPhones();
    bob.answer({ codecs: ["G729"], vad: true });
    const caller = alice.call(bob, { codecs: ["G729"], annexB, talkMs: 3000 });
    run(5000);
    const { packetsReceived, lost } = await speechOf(caller);
    expect(packetsReceived).toBeGreaterThan(most - 20);
    expect(packetsReceived).toBeLessThan(most);
    expect(lost).toBe(0);
  });
}
