import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Framed, messageLimits, StreamFramer } from "../../../../src/sip/message/index.js";
import { torture } from "../../../vectors/rfc4475/index.js";

const octets = (text: string) => new TextEncoder().encode(text);
const head = (...more: string[]) =>
  `${["OPTIONS sip:a@b SIP/2.0", "Via: SIP/2.0/TCP h;branch=z9hG4bK1", ...more].join("\r\n")}\r\n\r\n`;
const first = `${head("l: 3")}abc`;
const second = head("Content-Length:\r\n 0");

function frame(input: Uint8Array, sizes: readonly number[] = []): Framed[] {
  const framer = new StreamFramer();
  const framed: Framed[] = [];
  let at = 0;
  for (const size of sizes) {
    framed.push(...framer.push(input.slice(at, at + size)));
    at += size;
  }
  framed.push(...framer.push(input.slice(at)));
  return framed;
}

function summary(framed: readonly Framed[]): string[] {
  return framed.map((one) => {
    if (one.kind === "message") return new TextDecoder().decode(one.octets);
    if (one.kind === "fault")
      return `fault ${one.fault.status} ${one.fault.request?.method ?? "-"}`;
    return one.kind;
  });
}

describe("framing of streams (RFC 3261 §18.3)", () => {
  test("messages are cut by Content-Length", () => {
    expect(summary(frame(octets(first + second + first)))).toEqual([first, second, first]);
  });

  test("keep-alives between messages are told apart (RFC 5626 §3.5.1)", () => {
    const stream = `\r\n\r\n${first}\r\n${second}\r\n\r\n\r\n\r\n`;
    expect(summary(frame(octets(stream)))).toEqual([
      "pong",
      "ping",
      first,
      "pong",
      second,
      "pong",
      "ping",
      "pong",
      "ping",
    ]);
  });

  test("what cannot be framed is refused, with the request, and nothing comes after it", () => {
    const rows: readonly [string, string][] = [
      [head(), "fault 400 OPTIONS"],
      [head("l: -1"), "fault 400 OPTIONS"],
      [head("l: 1", "l: 1"), "fault 400 OPTIONS"],
      [head(`l: ${messageLimits.message}`), "fault 513 OPTIONS"],
      [" \r\n", "fault 400 -"],
      ["\r\r\n", "fault 400 -"],
      ["A".repeat(messageLimits.message + 1), "fault 513 -"],
    ];
    for (const [stream, expected] of rows)
      expect(summary(frame(octets(`${stream}${first}`))), stream.slice(0, 200)).toEqual([expected]);
  });

  test("after a fault the framer stays silent", () => {
    const framer = new StreamFramer();
    expect(framer.push(octets("@"))).toHaveLength(1);
    expect(framer.push(octets(first))).toEqual([]);
  });

  test("one octet at a time gives the same", () => {
    const stream = octets(`\r\n${first}\r\n\r\n${second}${head()}`);
    const sizes = Array.from(stream, () => 1);
    expect(summary(frame(stream, sizes))).toEqual(summary(frame(stream)));
  });

  test("one octet at a time is not slow, up to the bound", () => {
    const framer = new StreamFramer();
    const octet = octets("A");
    let framed: readonly Framed[] = [];
    for (let i = 0; i <= messageLimits.message; i++) framed = framer.push(octet);
    expect(summary(framed)).toEqual(["fault 513 -"]);
  }, 2000);

  test("no split changes what comes out, torture messages among it [RFC 4475]", () => {
    const piece = fc.oneof(
      fc.constantFrom(first, second, "\r\n", "\r\n\r\n", head(), "x").map(octets),
      fc.constantFrom(...torture).map((one) => one.octets),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 30 }),
        (pieces, sizes) => {
          const stream = Uint8Array.from(pieces.flatMap((one) => [...one]));
          expect(summary(frame(stream, sizes))).toEqual(summary(frame(stream)));
        },
      ),
      { numRuns: 500 },
    );
  });
});
