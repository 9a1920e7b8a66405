import { expect, test } from "vitest";
import type { RtpSettings } from "../../../src/addon/index.js";
import { good, steppedEngine } from "../../unit/addon/bench.js";
import { RtpParty } from "./rtp-party.js";

const here = { address: "10.0.0.1", port: 20000 };
const far = { address: "10.0.0.2", port: 30000 };
const EVENTS = 101;

function call(telephoneEvent: RtpSettings["telephoneEvent"]) {
  const { engine, events } = steppedEngine();
  const { a, b } = good(engine.openSpanPair({ kind: "e1", signalling: "hdlc" }));
  const rtp = good(
    engine.openRtp(here, {
      remote: far,
      send: { codec: "PCMA", payloadType: 8, ptimeMs: 20 },
      receive: [{ codec: "PCMA", payloadType: 8 }],
      ...(telephoneEvent === undefined ? {} : { telephoneEvent }),
    }),
  );
  const subscriber = good(engine.openTerminal({ sink: { collectDigits: true } }));
  good(engine.bridge(rtp, good(engine.openTimeslot(a, 1))));
  good(engine.bridge(subscriber, good(engine.openTimeslot(b, 1))));
  engine.advance(100);
  const digits = (port: number): string =>
    events.flatMap((e) => (e.kind === "digit" && e.port === port ? [e.digit] : [])).join("");
  return {
    engine,
    events,
    rtp,
    subscriber,
    digits,
    party: new RtpParty(engine, far, here),
  };
}

const negotiated = { sendPayloadType: EVENTS, receivePayloadType: EVENTS };

test("every digit dialled on the timeslot reaches RTP as one event and is not heard there", () => {
  const { engine, events, subscriber, party } = call(negotiated);
  events.length = 0;
  const source = { kind: "digits", digits: "0123456789*#ABCD" } as const;
  good(engine.configureTerminal(subscriber, { source }));
  engine.advance(3000);
  const seen = party.heard(events, EVENTS);
  const codes = seen.filter(({ marker }) => marker).map(({ payload }) => payload[0]);
  expect(codes).toEqual(Array.from({ length: 16 }, (_, code) => code));
  // Speech: nothing but the A-law idle octet and at most 40 ms of each tone.
  const speech = party.heard(events, 8).flatMap(({ payload }) => [...payload]);
  const loud = speech.filter((octet) => octet !== 0xd5 && octet !== 0x55).length;
  expect(loud).toBeLessThanOrEqual(16 * 40 * 8);
  expect(events.find(({ kind }) => kind === "source-finished")).toMatchObject({
    port: subscriber,
  });
  engine.close();
});

test("a telephone-event is one digit, however often it is repeated, with or without marker", () => {
  for (const marker of [true, false]) {
    const { engine, rtp, subscriber, digits, party } = call(negotiated);
    party.talk(new Uint8Array(160 * 5).fill(0xd5));
    const begin = party.timestamp;
    for (let i = 1; i <= 8; i++) {
      const duration = 160 * Math.min(i, 6);
      const payload = Uint8Array.of(5, i >= 6 ? 0x8a : 0x0a, duration >> 8, duration & 255);
      party.send(payload, EVENTS, begin, marker && i === 1);
      engine.advance(20);
    }
    party.skip(160 * 8 + 4);
    party.talk(new Uint8Array(160 * 10).fill(0xd5));
    expect(digits(rtp)).toBe("5");
    expect(digits(subscriber)).toBe("5");
    engine.close();
  }
});

test("an event whose end is lost ends by itself", () => {
  const { engine, events, rtp, party } = call(negotiated);
  const begin = party.timestamp;
  for (let i = 1; i <= 4; i++) {
    party.send(Uint8Array.of(7, 10, (160 * i) >> 8, (160 * i) & 255), EVENTS, begin);
    engine.advance(20);
  }
  engine.advance(500);
  const ended = events.filter((event) => event.kind === "digit" && event.port === rtp);
  expect(ended).toMatchObject([{ digit: "7", from: "rfc4733", durationMs: 80 }]);
  engine.close();
});

test("digits on order go out one by one, each as long as it was asked for", () => {
  const { engine, events, rtp, party } = call(negotiated);
  events.length = 0;
  for (const digit of "12") good(engine.sendDigit(rtp, digit, 120));
  engine.advance(1000);
  const ends = party.heard(events, EVENTS).filter(({ payload }) => ((payload[1] ?? 0) & 128) > 0);
  expect(ends).toHaveLength(6);
  for (const { payload } of ends) {
    expect(((payload[2] ?? 0) * 256 + (payload[3] ?? 0)) / 8).toBe(120);
  }
  engine.close();
});

test("without telephone-event a digit on order is a tone of its length", () => {
  const { engine, events, rtp, party } = call(undefined);
  events.length = 0;
  good(engine.sendDigit(rtp, "4", 100));
  engine.advance(400);
  expect(party.heard(events, EVENTS)).toEqual([]);
  const speech = party.heard(events, 8).flatMap(({ payload }) => [...payload]);
  const begin = speech.findIndex((octet) => octet !== 0xd5);
  const end = speech.findLastIndex((octet) => octet !== 0xd5);
  expect((end - begin) / 8).toBeGreaterThan(95);
  expect((end - begin) / 8).toBeLessThan(115);
  engine.close();
});
