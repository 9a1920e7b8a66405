import { expect, test } from "vitest";
import type { EngineEvent } from "../../../src/addon/index.js";
import { good, steppedEngine } from "../../unit/addon/bench.js";

const frame = Uint8Array.of(0x02, 0x01, 0x00, 0x00, 0x08, 0x01, 0x01, 0x7e, 0xff, 0xff);

function framesOf(events: readonly EngineEvent[], span: number): readonly Uint8Array[] {
  return events.flatMap((event) =>
    event.kind === "signalling" && event.span === span ? [event.octets] : [],
  );
}

test("frames cross a span both ways as they were sent", () => {
  const { engine, events } = steppedEngine();
  const { a, b } = good(engine.openSpanPair({ kind: "e1", signalling: "hdlc" }));
  good(engine.sendSignalling(a, frame));
  good(engine.sendSignalling(b, frame.subarray(0, 3)));
  engine.advance(20);
  expect(framesOf(events, b)).toEqual([frame]);
  expect(framesOf(events, a)).toEqual([frame.subarray(0, 3)]);
  engine.close();
});

test("one flipped bit of the signalling timeslot is one FCS error, and the next frame is good", () => {
  const { engine, events } = steppedEngine();
  const { a, b } = good(engine.openSpanPair({ kind: "e1", signalling: "hdlc" }));
  engine.advance(20);
  good(engine.sendSignalling(a, new Uint8Array(60).fill(0x55)));
  good(engine.sendSignalling(a, frame));
  good(engine.setFault(a, { flipSignallingBit: 300 }));
  engine.advance(50);
  expect(framesOf(events, b)).toEqual([frame]);
  const errors = events.filter(({ kind }) => kind === "signalling-errors");
  expect(errors).toMatchObject([{ span: b, fcsErrors: 1, aborts: 0 }]);
  const counters = good(engine.spanCounters(b));
  expect(counters).toMatchObject({ fcsErrors: 1, aborts: 0, framesReceived: 1 });
  expect(counters.bitErrorsInjected).toBe(1);
  engine.close();
});

test("an alarm is told to both ends, and its end too", () => {
  const { engine, events } = steppedEngine();
  const { a, b } = good(engine.openSpanPair({ kind: "e1", signalling: "hdlc" }));
  for (const alarm of ["los", "ais"] as const) {
    events.length = 0;
    good(engine.setFault(a, { alarm }));
    engine.advance(10);
    expect(events.filter(({ kind }) => kind === "span-alarm")).toMatchObject([
      { span: expect.toSatisfy((span) => span === a || span === b) },
      { span: expect.toSatisfy((span) => span === a || span === b) },
    ]);
    expect(events.find((event) => "span" in event && event.span === b)).toMatchObject({ alarm });
    expect(events.find((event) => "span" in event && event.span === a)).toMatchObject({
      alarm: "rai",
    });
    events.length = 0;
    good(engine.setFault(a, { alarm: "none" }));
    engine.advance(10);
    expect(events).toHaveLength(2);
    for (const event of events) expect(event).toMatchObject({ alarm: "none" });
  }
  engine.close();
});

test("bit errors at 1e-4 spoil some frames and never make a wrong one", () => {
  const { engine, events } = steppedEngine();
  const { a, b } = good(engine.openSpanPair({ kind: "t1", signalling: "hdlc" }));
  good(engine.setFault(a, { bitErrorRate: 1e-4 }));
  for (let i = 0; i < 1000; i++) {
    good(engine.sendSignalling(a, frame));
    engine.advance(5);
  }
  engine.advance(50);
  const frames = framesOf(events, b);
  expect(frames.length).toBeGreaterThan(900);
  expect(frames.length).toBeLessThan(1000);
  for (const octets of frames) expect(octets).toEqual(frame);
  engine.close();
});

test("clocks 100 ppm apart slip 0.8 times a second, and calls and frames live on", () => {
  const { engine, events } = steppedEngine();
  const { a, b } = good(engine.openSpanPair({ kind: "e1", signalling: "hdlc" }));
  good(engine.setFault(b, { clockOffsetPpm: 100 }));
  for (let i = 0; i < 600; i++) {
    good(engine.sendSignalling(a, frame));
    engine.advance(100);
  }
  const there = good(engine.spanCounters(b));
  const back = good(engine.spanCounters(a));
  expect(there.slipsRepeated).toBeGreaterThanOrEqual(47);
  expect(there.slipsRepeated).toBeLessThanOrEqual(49);
  expect(back.slipsDropped).toBe(there.slipsRepeated);
  expect(framesOf(events, b).length).toBeGreaterThan(590);
  engine.close();
});
