import { expect, test } from "vitest";
import type { CodecName, PacketTime } from "../../../src/addon/index.js";
import { good, steppedEngine } from "../../unit/addon/bench.js";
import { indexIn, joined, noise, RtpParty } from "./rtp-party.js";

const here = { address: "10.0.0.1", port: 20000 };
const far = { address: "10.0.0.2", port: 30000 };

/** RTP <-> timeslot of end a, timeslot of end b <-> echo. */
function echoCall(
  options: {
    codec?: CodecName;
    payloadType?: number;
    ptimeMs?: PacketTime;
    clear?: boolean;
    kind?: "e1" | "t1";
  } = {},
) {
  const { codec = "PCMA", payloadType = 8, ptimeMs = 20, clear = false, kind = "e1" } = options;
  const { engine, events } = steppedEngine();
  const { a, b } = good(engine.openSpanPair({ kind, signalling: "hdlc" }));
  const rtp = good(
    engine.openRtp(here, {
      remote: far,
      send: { codec, payloadType, ptimeMs },
      receive: [{ codec, payloadType }],
    }),
  );
  const near = good(engine.openTimeslot(a, 1, { clearChannel: clear }));
  const end = good(engine.openTimeslot(b, 1, { clearChannel: clear }));
  good(engine.bridge(rtp, near));
  good(engine.bridge(end, good(engine.openTerminal({ source: { kind: "echo" } }))));
  engine.advance(100);
  return { engine, events, a, b, rtp, near, end, party: new RtpParty(engine, far, here) };
}

test("A-law octets return from the echo as they were sent, in under 110 ms", () => {
  const { engine, events, party, rtp } = echoCall();
  events.length = 0;
  const sent = noise(8000 * 5, 1);
  party.talk(sent);
  engine.advance(300);
  const heard = joined(party.heard(events, 8));
  const begin = indexIn(heard, sent.subarray(0, 8000 * 4));
  expect(begin).toBeGreaterThanOrEqual(0);
  expect(begin / 8).toBeLessThan(110);
  const counters = good(engine.portCounters(rtp));
  expect(counters).toMatchObject({ lost: 0, correctedMs: 0, convertedBlocks: 0, late: 0 });
  engine.close();
});

test("mu-law octets return whole over a T1 with mu-law", () => {
  const { engine, events, party } = echoCall({ codec: "PCMU", payloadType: 0, kind: "t1" });
  const sent = noise(16000, 2);
  party.talk(sent, 30, 0);
  engine.advance(300);
  expect(indexIn(joined(party.heard(events, 0)), sent.subarray(0, 12000))).toBeGreaterThan(0);
  engine.close();
});

test("64 kbit/s data pass a CLEARMODE call without an error, and without a change of delay", () => {
  const { engine, events, party, rtp } = echoCall({
    codec: "CLEARMODE",
    payloadType: 97,
    clear: true,
  });
  const sent = noise(8000 * 20, 3);
  party.talk(sent, 20, 97);
  engine.advance(300);
  const heard = joined(party.heard(events, 97));
  expect(indexIn(heard, sent.subarray(0, 8000 * 19))).toBeGreaterThan(0);
  expect(good(engine.portCounters(rtp)).correctedMs).toBe(0);
  engine.close();
});

test("what the network loses, doubles and reorders is counted, and what came is heard", () => {
  const { engine, party, rtp } = echoCall();
  good(engine.impairNetwork({ delayMs: 20, jitterMs: 30, loss: 0.03, duplicate: 0.03 }));
  party.talk(noise(8000 * 20, 4));
  engine.advance(500);
  const { lost, duplicates, reordered, packetsReceived, concealedMs } = good(
    engine.portCounters(rtp),
  );
  expect(packetsReceived - duplicates + lost).toBeGreaterThan(990);
  expect(lost).toBeGreaterThan(10);
  expect(duplicates).toBeGreaterThan(10);
  expect(reordered).toBeGreaterThan(10);
  expect(concealedMs).toBeGreaterThanOrEqual(lost * 20);
  engine.close();
});

test("the same packets make the same sounds, run after run", () => {
  const run = (): Uint8Array => {
    const { engine, events, party } = echoCall();
    good(engine.impairNetwork({ delayMs: 10, jitterMs: 40, loss: 0.1 }));
    party.talk(noise(8000 * 3, 5));
    engine.advance(300);
    engine.close();
    return joined(party.heard(events, 8));
  };
  expect(run()).toEqual(run());
});

test("a slip costs one octet each way and is counted at the end that receives it", () => {
  const { engine, events, party, a, b } = echoCall({ clear: true });
  party.talk(noise(8000, 6));
  good(engine.setFault(a, { slip: 1 }));
  const sent = noise(8000 * 2, 7);
  party.talk(sent);
  engine.advance(300);
  expect(good(engine.spanCounters(b)).slipsDropped).toBe(1);
  expect(good(engine.spanCounters(a)).slipsDropped).toBe(0);
  expect(indexIn(joined(party.heard(events, 8)), sent.subarray(1600, 14000))).toBeGreaterThan(0);
  engine.close();
});

test("G.729 crosses the span and comes back, with silence suppressed on request", () => {
  const { engine, events, party, rtp } = echoCall({ codec: "G729", payloadType: 18 });
  good(
    engine.configureRtp(rtp, {
      send: { codec: "G729", payloadType: 18, ptimeMs: 20, vad: true },
    }),
  );
  for (let packet = 0; packet < 50; packet++) {
    party.send(new Uint8Array(20).fill(packet), 18);
    party.skip(140);
    engine.advance(20);
  }
  party.send(new Uint8Array(2), 18);
  engine.advance(2000);
  const heard = party.heard(events, 18);
  const lengths = new Set(heard.map(({ payload }) => payload.length % 10));
  expect(lengths).toEqual(new Set([0, 2]));
  expect(good(engine.portCounters(rtp))).toMatchObject({ lost: 0, malformed: 0 });
  engine.close();
});
