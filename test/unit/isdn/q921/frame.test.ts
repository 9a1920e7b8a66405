import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromHex, hex } from "../../../../src/core/index.js";
import { type Frame, parseFrame, printFrame, type Side } from "../../../../src/isdn/q921/index.js";

const octets = (text: string) => fromHex(text) ?? new Uint8Array(0);

/** Frames of a call between a user and a network, C/R per side (Q.921 table 1). */
const FRAMES: readonly (readonly [string, Side, object])[] = [
  ["00017f", "user", { kind: "SABME", command: true, pollFinal: true }],
  ["02017f", "network", { kind: "SABME", command: true, pollFinal: true }],
  ["000173", "network", { kind: "UA", command: false, pollFinal: true }],
  ["020173", "user", { kind: "UA", command: false, pollFinal: true }],
  ["02010f", "user", { kind: "DM", command: false, pollFinal: false }],
  ["000153", "user", { kind: "DISC", command: true, pollFinal: true }],
  ["0001010d", "user", { kind: "RR", command: true, nr: 6, pollFinal: true }],
  ["0201050c", "user", { kind: "RNR", command: false, nr: 6, pollFinal: false }],
  ["0001090d", "network", { kind: "REJ", command: false, nr: 6, pollFinal: true }],
  ["fcff03ab", "user", { kind: "UI", sapi: 63, tei: 127, command: true, pollFinal: false }],
  ["0001fe0b0102", "user", { kind: "I", ns: 127, nr: 5, pollFinal: true, command: true }],
  ["02018700", "user", { kind: "FRMR", command: false, pollFinal: false }],
  ["0001bf82", "user", { kind: "XID", command: true, pollFinal: true }],
];

describe("frames", () => {
  test.each(FRAMES)("%s from the %s side reads and prints back", (text, side, fields) => {
    const parsed = parseFrame(octets(text), side);
    expect(parsed).toMatchObject({ kind: "frame", frame: fields });
    if (parsed.kind === "frame") expect(hex(printFrame(parsed.frame, side))).toBe(text);
  });

  test("the same octets are a command from one side and a response from the other", () => {
    const asUser = parseFrame(octets("00010100"), "user");
    const asNetwork = parseFrame(octets("00010100"), "network");
    expect(asUser).toMatchObject({ frame: { command: true } });
    expect(asNetwork).toMatchObject({ frame: { command: false } });
  });

  test.each(["", "00", "0001", "000100", "00010001".slice(0, 6)])(
    "%s is too short and invalid (§2.9)",
    (text) => {
      expect(parseFrame(octets(text), "user")).toMatchObject({ kind: "invalid" });
    },
  );

  test.each(["01017f", "00007f"])("%s has a wrong address field and is invalid", (text) => {
    expect(parseFrame(octets(text), "user")).toEqual({ kind: "invalid", reason: "address field" });
  });

  test.each([
    ["00011f00", "M", "network"], // DM with information
    ["00017f01", "M", "user"], // SABME with information
    ["0001010000", "N", "user"], // RR too long
    ["00010d00", "L", "user"], // undefined supervisory frame
    ["0001ef", "L", "user"], // undefined unnumbered frame
    ["02017f", "L", "user"], // SABME as a response
    ["000173", "L", "user"], // UA as a command
    ["02010000ff", "L", "user"], // I as a response
  ] as const)("%s is a frame rejection condition %s", (text, code, side) => {
    expect(parseFrame(octets(text), side)).toMatchObject({ kind: "rejection", code });
  });

  test("any octets parse without throwing, and what is a frame prints back as it came", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom<Side>("user", "network"),
        (random, side) => {
          const parsed = parseFrame(random, side);
          if (parsed.kind === "frame") expect(printFrame(parsed.frame, side)).toEqual(random);
        },
      ),
    );
  });

  test("every frame that can be said is heard the same", () => {
    const address = { sapi: fc.nat(63), tei: fc.nat(127) };
    const numbers = { ns: fc.nat(127), nr: fc.nat(127), pollFinal: fc.boolean() };
    const information = fc.uint8Array({ maxLength: 260 });
    const frames = fc.record({ ...address, ...numbers, information, kind: fc.constant("I") });
    fc.assert(
      fc.property(frames, fc.constantFrom<Side>("user", "network"), (fields, side) => {
        const frame = { ...fields, command: true } as Frame;
        expect(parseFrame(printFrame(frame, side), side)).toEqual({ kind: "frame", frame });
      }),
    );
  });
});
