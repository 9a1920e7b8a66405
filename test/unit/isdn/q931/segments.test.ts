import { describe, expect, test } from "vitest";
import { instant } from "../../../../src/core/index.js";
import {
  callReference,
  composeMessage,
  type Element,
  type Message,
  parseMessage,
  printMessage,
} from "../../../../src/isdn/q931/index.js";
import { addSegment, type Reassembly, segmentsOf } from "../../../../src/isdn/q931/segments.js";
import { InterfaceScript, ourSetup, setupElements, theirs } from "../interface-script.js";

/* Segmentation and reassembly (Q.931 annex H). */

const LONGEST = 260;
const context = { now: instant(0), t314: 4000 };

function facility(octets: number): Element {
  const components = new Uint8Array(octets).fill(0xa1);
  return { kind: "facility", profile: 31, components };
}

function setupOf(count: number, octets: number): Uint8Array {
  const many = Array.from({ length: count }, () => facility(octets));
  return printMessage(
    composeMessage("setup", callReference(3, false), setupElements(undefined, many)),
  );
}

function parsed(octets: Uint8Array): Message {
  const result = parseMessage(octets, { profile: "etsi", direction: "user-to-network" });
  if (result.kind !== "message") throw new Error(result.kind);
  return result.message;
}

function joined(parts: readonly Uint8Array[]) {
  let before: Reassembly | undefined;
  for (const part of parts) {
    const result = addSegment(parsed(part), part, before, context);
    if (result.kind !== "waiting") return result;
    before = result.reassembly;
  }
  return before;
}

describe("a message that is too long", () => {
  test("goes in segments no longer than a frame and comes back whole [SEGMENT]", () => {
    const whole = setupOf(6, 100);
    const parts = segmentsOf(whole, "setup", LONGEST) ?? [];
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(LONGEST);
    expect(parts.map((part) => parsed(part).type)).toEqual(parts.map(() => "segment"));
    expect(joined(parts)).toEqual({ kind: "whole", octets: whole });
  });

  test("is not sent when eight segments do not suffice", () => {
    expect(segmentsOf(setupOf(40, 100), "setup", LONGEST)).toBeUndefined();
    expect(segmentsOf(setupOf(2, 250), "setup", 200)).toBeUndefined();
  });

  test("that fits is left alone", () => {
    const whole = setupOf(1, 10);
    expect(segmentsOf(whole, "setup", LONGEST)).toEqual([whole]);
  });
});

describe("segments", () => {
  const parts = segmentsOf(setupOf(6, 100), "setup", LONGEST) ?? [];

  test("out of order are discarded", () => {
    const [first, second, third] = parts as [Uint8Array, Uint8Array, Uint8Array];
    expect(joined([second])).toMatchObject({ kind: "discarded" });
    expect(joined([first, third])).toMatchObject({ kind: "discarded" });
  });

  test("a first one begins anew", () => {
    const [first, ...rest] = parts as [Uint8Array, ...Uint8Array[]];
    expect(joined([first, first, ...rest])).toMatchObject({ kind: "whole" });
  });

  test("without a segment are discarded", () => {
    const bare = printMessage(composeMessage("segment", callReference(3, false), []));
    expect(addSegment(parsed(bare), bare, undefined, context)).toMatchObject({ kind: "discarded" });
  });
});

describe("on an interface", () => {
  test("a segmented SETUP of theirs is heard [SEGMENT] [T314 start] [T314 stop]", () => {
    const wire = new InterfaceScript({ side: "network" }).start();
    const parts = segmentsOf(setupOf(6, 100), "setup", LONGEST) ?? [];
    const said = parts.flatMap((part) => wire.hearOctets(part));
    expect(said).toEqual(["setup on 1"]);
    const event = wire.outputs.flatMap((one) => (one.kind === "call" ? [one.event] : []))[0];
    expect(event?.facility).toHaveLength(6);
    expect(wire.run(10_000).filter((one) => one.startsWith("!T314"))).toEqual([]);
  });

  test("one whose segments do not come is discarded [T314 expiry]", () => {
    const wire = new InterfaceScript({ side: "network" }).start();
    const [first] = segmentsOf(setupOf(6, 100), "setup", LONGEST) ?? [];
    if (first !== undefined) wire.hearOctets(first);
    expect(wire.run(4000)).toEqual(["!T314 expired: segments are missing"]);
  });

  test("where segmentation is switched off segments are only noted", () => {
    const wire = new InterfaceScript({ side: "network", timers: { T314: null } }).start();
    const [first] = segmentsOf(setupOf(6, 100), "setup", LONGEST) ?? [];
    expect(first && wire.hearOctets(first)).toEqual(["!SEGMENT, but segmentation is switched off"]);
  });

  test("ours go out one after the other, and the far end has them whole [SEGMENT]", () => {
    const wire = new InterfaceScript({ side: "user" }).start();
    const contents = Array.from({ length: 5 }, () => new Uint8Array(90).fill(0x9f));
    const before = wire.outputs.length;
    wire.call("a", { ...ourSetup(), facility: contents }, { timeslot: 1, exclusive: true });
    const frames = wire.outputs
      .slice(before)
      .flatMap((one) => (one.kind === "frame" && one.octets.length > 20 ? [one.octets] : []));
    // Address (2) and control (2) octets are before the message.
    const far = new InterfaceScript({ side: "network" }).start();
    expect(frames.flatMap((octets) => far.hearOctets(octets.slice(4)))).toEqual(["setup on 1!"]);
  });

  test("a message that is too long even so is not sent, and noted", () => {
    const wire = new InterfaceScript({ side: "network" }).start();
    wire.hear("setup", theirs(1), setupElements());
    wire.call(wire.newest, { kind: "proceeding" });
    const contents = Array.from({ length: 60 }, () => new Uint8Array(90).fill(0x9f));
    expect(wire.call(wire.newest, { kind: "facility", facility: contents })).toEqual([
      "!facility not sent: no data link, or too long",
    ]);
  });
});
