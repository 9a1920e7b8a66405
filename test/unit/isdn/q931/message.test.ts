import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromHex, hex } from "../../../../src/core/index.js";
import {
  callReference,
  composeMessage,
  dummyCallReference,
  type Element,
  element,
  elements,
  globalCallReference,
  indicateChannel,
  judgeFaults,
  messageRow,
  messageRows,
  type Parsed,
  parseMessage,
  printMessage,
  type Receiving,
} from "../../../../src/isdn/q931/index.js";

const octets = (text: string) => fromHex(text) ?? new Uint8Array(0);
const atUser: Receiving = { profile: "etsi", direction: "network-to-user" };
const atNetwork: Receiving = { profile: "etsi", direction: "user-to-network" };

const parse = (text: string, receiving = atNetwork) => parseMessage(octets(text), receiving);

function message(parsed: Parsed) {
  if (parsed.kind !== "message") throw new Error(`not a message: ${JSON.stringify(parsed)}`);
  return parsed;
}

const faultsOf = (text: string, receiving = atNetwork) =>
  message(parse(text, receiving)).faults.map(
    ({ fault, code, mandatory }) =>
      `${fault} ${code.toString(16).padStart(2, "0")}${mandatory ? " mandatory" : ""}`,
  );

const verdictOf = (text: string, receiving = atNetwork) => {
  const { action, cause, diagnostics } = judgeFaults(message(parse(text, receiving)).faults);
  return [action, cause, diagnostics === undefined ? undefined : hex(diagnostics)];
};

const BEARER = "04038090a3";
const SETUP = `0802000105${BEARER}`;
const CHANNEL = "1803a98381";

describe("call reference (§4.3)", () => {
  test.each([
    ["0802000105", { length: 2, value: 1, flag: false }],
    ["0802ffff45", { length: 2, value: 32767, flag: true }],
    ["0802800046", globalCallReference(true)],
    ["08018545", { length: 1, value: 5, flag: true }],
    ["080062", dummyCallReference],
  ])("%s", (text, reference) => {
    const { message: read } = message(parse(text));
    expect(read.callReference).toEqual(reference);
    expect(hex(printMessage(read))).toBe(text);
  });

  test.each([
    ["0803000000105", "call-reference"], // longer than we know
    ["081200010500", "call-reference"], // bits 8 to 5 not 0
    ["080200", "call-reference"], // cut
    ["0801", "too-short"],
    ["080201", "call-reference"],
    ["08020001", "too-short"],
    ["", "too-short"],
    ["0900017f", "discriminator"],
    ["030200000f", "discriminator"], // maintenance outside NI-2
    ["4302000007", "discriminator"],
  ])("%s is ignored: %s", (text, reason) => {
    const even = text.length % 2 === 0 ? text : text.slice(0, -1);
    expect(parse(even)).toEqual({ kind: "ignored", reason });
  });
});

describe("messages", () => {
  test.each(messageRows.map((row) => [row.name, row] as const))(
    "[%s] has a row that reads",
    (_, row) => {
      const receiving: Receiving = { profile: "ni2", direction: "user-to-network" };
      const bare = printMessage(composeMessage(row.type, callReference(7, false), []));
      const { message: read, faults } = message(parseMessage(bare, receiving));
      expect(read.type).toBe(row.type);
      const needed = Object.values(row.places).filter(
        ({ mandatory }) => mandatory === "both" || mandatory === receiving.direction,
      );
      expect(faults.map(({ fault }) => fault)).toEqual(needed.map(() => "missing"));
    },
  );

  test("a type without row is told with its call reference (§5.8.4)", () => {
    expect(parse("0802000163")).toEqual({
      kind: "unknown-type",
      discriminator: 8,
      callReference: callReference(1, false),
      code: 0x63,
    });
    expect(parse("0802000185")).toMatchObject({ kind: "unknown-type", code: 0x85 });
  });

  test("a whole SETUP of a network reads and prints back [SETUP]", () => {
    const text = `0802001105a1${BEARER}${CHANNEL}1e0282836c0621833535353570048131303028024142`;
    const ordered = `0802001105a1${BEARER}${CHANNEL}1e028283280241426c06218335353535700481313030`;
    const { message: read, faults } = message(parse(ordered, atUser));
    expect(faults).toEqual([]);
    expect(element(read, "called-party-number")?.digits).toBe("100");
    expect(element(read, "display")?.text).toBe("AB");
    expect(hex(printMessage(read))).toBe(ordered);
    // Out of order it is read as well, and goes out again as it came.
    const mixed = message(parse(text, atUser));
    expect(mixed.faults.map(({ fault }) => fault)).toContain("sequence");
    expect(hex(printMessage(mixed.message))).toBe(text);
  });

  test("composing sorts: single octets first, then ascending, repeat indicator before its element", () => {
    const called = { kind: "called-party-number", typeOfNumber: 0, plan: 1, digits: "1" } as const;
    const bearer = message(parse(SETUP)).message.elements[0] as Element;
    const raw = { kind: "raw", codeset: 6, code: 1, contents: octets("05") } as const;
    const composed = composeMessage("setup", callReference(1, false), [
      raw,
      called,
      { kind: "repeat-indicator", indication: 2 },
      bearer,
      { kind: "sending-complete" },
      indicateChannel(1, true),
      { kind: "shift", codeset: 6, locking: true },
    ]);
    expect(hex(printMessage(composed))).toBe(
      `0802000105a1d2${BEARER}${CHANNEL}700281319e0101${"05"}`,
    );
  });
});

describe("codesets (§4.5.2 to §4.5.4)", () => {
  test("a non-locking shift holds for one element, a locking one until the next", () => {
    const text = `${SETUP}9e0101ff1803a98381960102aabb700131`;
    const { message: read } = message(parse(text));
    expect(read.elements.slice(1)).toEqual([
      { kind: "shift", codeset: 6, locking: false },
      { kind: "raw", codeset: 6, code: 1, contents: octets("ff") },
      indicateChannel(1, true),
      { kind: "shift", codeset: 6, locking: true },
      { kind: "raw", codeset: 6, code: 1, contents: octets("aabb") },
      { kind: "raw", codeset: 6, code: 0x70, contents: octets("31") },
    ]);
    expect(hex(printMessage(read))).toBe(text);
  });

  test("a non-locking shift leads back to codeset 0 for one element", () => {
    const text = `${SETUP}95010110981803a9838170010a`;
    const { message: read } = message(parse(text));
    const kinds = read.elements.map((one) =>
      one.kind === "raw" ? `raw ${one.codeset}` : one.kind,
    );
    expect(kinds).toEqual([
      "bearer-capability",
      "shift",
      "raw 5",
      "shift",
      "channel-identification",
      "raw 5",
    ]);
    expect(hex(printMessage(read))).toBe(text);
  });

  test("a locking shift to a lower codeset is in error and ignored", () => {
    const text = `${SETUP}96010105940101ff`;
    expect(faultsOf(text)).toEqual(["content 94"]);
    expect(hex(printMessage(message(parse(text)).message))).toBe(text);
  });

  test("codesets 6 and 7 may hold anything, 4 and 5 are unrecognised", () => {
    expect(faultsOf(`${SETUP}9e0101ff9f0101ff`)).toEqual([]);
    expect(faultsOf(`${SETUP}9d1001ff9c1001ff`)).toEqual(["unrecognised 10", "unrecognised 10"]);
    expect(verdictOf(`${SETUP}9d1001ff`)).toEqual(["accept", 99, "9d10"]);
  });
});

describe("errors of elements (§5.8.5 to §5.8.7)", () => {
  test("a mandatory element missing: 96 with its identifier (§5.8.6.1) [cause 96]", () => {
    expect(faultsOf("0802000105")).toEqual(["missing 04 mandatory"]);
    expect(verdictOf("0802000105")).toEqual(["reject", 96, "04"]);
    expect(verdictOf("080200017d")).toEqual(["reject", 96, "0814"]);
    // Channel identification is mandatory from the network only (§3.1.14).
    expect(verdictOf(SETUP, atUser)).toEqual(["reject", 96, "18"]);
    expect(verdictOf(SETUP, atNetwork)).toEqual(["accept", undefined, undefined]);
  });

  test("a mandatory element that is empty is missing (§4.5.1) [cause 96]", () => {
    expect(verdictOf("08020001050400")).toEqual(["reject", 96, "04"]);
    expect(hex(printMessage(message(parse("08020001050400")).message))).toBe("08020001050400");
  });

  test("a mandatory element in error: 100 (§5.8.6.2) [cause 100]", () => {
    expect(faultsOf("0802000105040180")).toEqual(["content 04 mandatory"]);
    expect(verdictOf("0802000105040180")).toEqual(["reject", 100, "04"]);
    const { message: read } = message(parse("0802000105040180"));
    expect(element(read, "bearer-capability")).toBeUndefined();
    expect(hex(printMessage(read))).toBe("0802000105040180");
  });

  test("missing comes before content error", () => {
    expect(verdictOf("080200017d080180")).toEqual(["reject", 96, "14"]);
  });

  test("an unrecognised element is passed over: 99 (§5.8.7.1) [cause 99]", () => {
    expect(verdictOf(`${SETUP}4f0101`)).toEqual(["accept", 99, "4f"]);
    expect(verdictOf(`${SETUP}e1`)).toEqual(["accept", 99, "e1"]);
  });

  test("comprehension required makes the message fail: 96 (§5.8.7.1, table 4-3) [cause 96]", () => {
    expect(verdictOf(`${SETUP}030101`)).toEqual(["reject", 96, "03"]);
    expect(verdictOf(`${SETUP}9d030101`)).toEqual(["accept", 99, "9d03"]);
  });

  test("an optional element in error: 100, the message is acted upon (§5.8.7.2) [cause 100]", () => {
    expect(verdictOf(`${SETUP}1e0182`)).toEqual(["accept", 100, "1e"]);
    const { message: read } = message(parse(`${SETUP}1e0182`));
    expect(element(read, "progress-indicator")).toBeUndefined();
    expect(element(read, "bearer-capability")).toBeDefined();
  });

  test("access information that is too long: 43 (§5.8.7.2) [cause 43]", () => {
    expect(verdictOf(`${SETUP}7e82${"04".repeat(130)}`)).toEqual(["accept", 43, "7e"]);
    expect(verdictOf(`${SETUP}7117${"80".repeat(23)}`)).toEqual(["accept", 43, "71"]);
    expect(verdictOf(`${SETUP}2c21${"31".repeat(33)}`)).toEqual(["accept", 100, "2c"]);
  });

  test("an element known but not of this message or direction: 99, read all the same (§5.8.7.3)", () => {
    expect(faultsOf(`${SETUP}140100`)).toEqual(["unexpected 14"]);
    expect(verdictOf(`${SETUP}28024142`)).toEqual(["accept", 99, "28"]);
    expect(element(message(parse(`${SETUP}28024142`)).message, "display")?.text).toBe("AB");
    expect(faultsOf(`${SETUP}${CHANNEL}28024142`, atUser)).toEqual([]);
  });

  test("elements of NI-2 are unexpected in EuroISDN", () => {
    const ni2 = { ...atNetwork, profile: "ni2" } as const;
    expect(faultsOf(`${SETUP}37022131`)).toEqual(["unexpected 37"]);
    expect(faultsOf(`${SETUP}37022131`, ni2)).toEqual([]);
  });

  test("an element out of sequence is read or, strictly, not (§5.8.5.1)", () => {
    const late = `0802000105${CHANNEL}${BEARER}`;
    expect(faultsOf(late)).toEqual(["sequence 04 mandatory"]);
    expect(verdictOf(late)).toEqual(["accept", undefined, undefined]);
    const strict = { ...atNetwork, sequence: "strict" } as const;
    expect(faultsOf(late, strict)).toEqual(["sequence 04 mandatory", "missing 04 mandatory"]);
    expect(verdictOf(late, strict)).toEqual(["reject", 96, "04"]);
  });

  test("repetitions beyond the limit are ignored (§5.8.5.2)", () => {
    const text = `${SETUP}7002813170028132`;
    expect(faultsOf(text)).toEqual(["duplicate 70"]);
    const { message: read } = message(parse(text));
    expect(elements(read, "called-party-number").map(({ digits }) => digits)).toEqual(["1"]);
    expect(hex(printMessage(read))).toBe(text);
    const three = "1e028281".repeat(3);
    expect(faultsOf(`${SETUP}${three}`)).toEqual([]);
    expect(faultsOf(`${SETUP}${three}1e028281`)).toEqual(["duplicate 1e"]);
  });

  test("an element that the message cuts off is in error and kept", () => {
    for (const end of ["70", "7004", "700481"]) {
      expect(faultsOf(`${SETUP}${end}`)).toEqual(["content 70"]);
      expect(hex(printMessage(message(parse(`${SETUP}${end}`)).message))).toBe(`${SETUP}${end}`);
    }
    expect(faultsOf("080200010504")).toEqual(["content 04 mandatory"]);
    expect(verdictOf(`${SETUP}030901`)).toEqual(["reject", 96, "03"]);
  });

  test("diagnostics hold no more than a Cause does", () => {
    const many = Array.from({ length: 60 }, (_, i) => (0x4f00 + (i & 0)).toString(16)).join("");
    const [, cause, diagnostics] = verdictOf(`${SETUP}${many}`);
    expect(cause).toBe(99);
    expect(String(diagnostics)).toHaveLength(56);
  });
});

describe("SERVICE (NI-2) [SERVICE]", () => {
  const ni2: Receiving = { profile: "ni2", direction: "network-to-user" };

  test("reads and prints back with its own discriminator", () => {
    const text = "43020000070101c21803a98381";
    const { message: read, faults } = message(parse(text, ni2));
    expect(faults).toEqual([]);
    expect(read.type).toBe("service");
    expect(element(read, "change-status")).toEqual({
      kind: "change-status",
      preference: 1,
      status: 2,
    });
    expect(hex(printMessage(read))).toBe(text);
  });

  test("its types are others than those of call control [SERVICE ACKNOWLEDGE]", () => {
    expect(parse("430200000f", ni2)).toMatchObject({ message: { type: "service-acknowledge" } });
    expect(parse("4302000005", ni2)).toMatchObject({ kind: "unknown-type", discriminator: 0x43 });
  });

  test.each([
    ["service", "030200000f0101c21803a98381"],
    ["service-acknowledge", "03020000070101c21803a98381"],
  ] as const)("%s of AT&T has the other's code", (type, text) => {
    const { message: read, faults } = message(parse(text, ni2));
    expect(faults).toEqual([]);
    expect(read.type).toBe(type);
    expect(hex(printMessage(read))).toBe(text);
  });
});

test("SEGMENT keeps the part of the message as it is (annex H) [SEGMENT] [element segmented-message]", () => {
  const text = "08020001600002810504038090";
  const { message: read, faults } = message(parse(text));
  expect(faults).toEqual([]);
  expect(read.elements).toEqual([
    { kind: "segmented-message", first: true, remaining: 1, messageType: 5 },
    { kind: "message-segment", octets: octets("04038090") },
  ]);
  expect(hex(printMessage(read))).toBe(text);
});

describe("any octets", () => {
  const receiving = fc.record({
    profile: fc.constantFrom("etsi" as const, "ni2" as const),
    direction: fc.constantFrom("user-to-network" as const, "network-to-user" as const),
    sequence: fc.constantFrom("strict" as const, "any" as const),
  });
  const head = fc.constantFrom(
    ...messageRows.map(({ discriminator, code }) => [discriminator, 2, 0, 9, code]),
  );
  const code = fc.oneof(
    fc.nat(255),
    fc.constantFrom(0x04, 0x08, 0x18, 0x1c, 0x1e, 0x28, 0x6c, 0x70, 0x7e, 0x96, 0x9e, 0xa1),
  );
  const piece = fc
    .tuple(code, fc.uint8Array({ maxLength: 12 }))
    .map(([identifier, contents]) =>
      identifier >= 0x80 ? [identifier] : [identifier, contents.length, ...contents],
    );
  const likely = fc
    .tuple(head, fc.array(piece, { maxLength: 12 }), fc.uint8Array({ maxLength: 3 }))
    .map(([start, pieces, rest]) => Uint8Array.from([...start, ...pieces.flat(), ...rest]));
  const random = fc.oneof(fc.uint8Array({ maxLength: 280 }), likely, likely);

  test("never throw, and print back in one way that says the same", () => {
    fc.assert(
      fc.property(random, receiving, (text, at) => {
        const parsed = parseMessage(text, at);
        if (parsed.kind !== "message") return;
        judgeFaults(parsed.faults);
        const printed = printMessage(parsed.message);
        expect(printed).toHaveLength(text.length);
        const again = message(parseMessage(printed, at));
        expect(again.message).toEqual(parsed.message);
        expect(again.faults).toEqual(parsed.faults);
        expect(printMessage(again.message)).toEqual(printed);
      }),
      { numRuns: 3000 },
    );
  });
});

test("names of messages are those of table 3-1", () => {
  expect(messageRow("setup-acknowledge")).toMatchObject({ code: 0x0d, name: "SETUP ACKNOWLEDGE" });
  const keys = messageRows.map(({ type, discriminator }) => `${type} ${discriminator}`);
  expect(new Set(keys).size).toBe(messageRows.length);
  for (const one of messageRows) expect(messageRow(one.type, one.discriminator)).toBe(one);
  expect(messageRow("service")).toMatchObject({ code: 0x07, discriminator: 0x43 });
});
