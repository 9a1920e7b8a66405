import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromHex, hex } from "../../../../src/core/index.js";
import {
  describeFrame,
  describeMessage,
  summariseFrame,
  summariseMessage,
  type TreeNode,
} from "../../../../src/isdn/decode/index.js";
import {
  callingName,
  callingNameFacility,
  chargeAdvice,
  describeComponents,
} from "../../../../src/isdn/q931/index.js";

const octets = (text: string) => fromHex(text) ?? new Uint8Array(0);
const facility = (profile: number, text: string) =>
  ({ kind: "facility", profile, components: octets(text) }) as const;

/** A tree as indented lines. */
function lines(node: TreeNode, indent = ""): string[] {
  const range = `${node.octets[0]}-${node.octets[1]}`;
  return [
    `${indent}${node.label}: ${node.value} [${range}]`,
    ...node.children.flatMap((child) => lines(child, `${indent}  `)),
  ];
}

describe("trees", () => {
  test("a SETUP with octet ranges", () => {
    expect(lines(describeMessage(octets("080200050504038090a31803a983817003813130")))).toEqual([
      "Q.931: SETUP [0-20]",
      "  Protocol discriminator: Q.931 call control [0-1]",
      "  Call reference: 5, from the side that assigned it [1-4]",
      "  Message type: SETUP [4-5]",
      "  Bearer capability: speech [5-10]",
      "    Coding standard: 0 (ITU-T) [7-10]",
      "    Information transfer capability: 0 (speech) [7-10]",
      "    Transfer mode: 0 (circuit) [7-10]",
      "    Information transfer rate: 16 (64 kbit/s) [7-10]",
      "    User information layer 1: 3 (G.711 A-law) [7-10]",
      "  Channel identification: channel 1 exclusive [10-15]",
      "    Interface type: primary [12-13]",
      "    Indicated channel: exclusive [12-13]",
      "    D channel: no [12-13]",
      "    Selection: 1 (as indicated) [12-13]",
      "    Coding standard: 0 (ITU-T) [12-15]",
      "    Channel type: 3 (B) [13-14]",
      "    Channel number: 1 [14-15]",
      "  Called party number: called 10 [15-20]",
      "    Type of number: 0 (unknown) [17-18]",
      "    Numbering plan: 1 (ISDN/telephony (E.164)) [17-18]",
      "    Digits: 10 [18-20]",
    ]);
  });

  test("a frame with its message, ranges counted from the frame's first octet", () => {
    const tree = describeFrame(octets("000102040802000545080280901e028288"), "user");
    const [head, ...rest] = lines(tree);
    expect(head).toBe("Q.921: I 1,2 [0-17]");
    expect(rest).toContain("  SAPI: 0 (call control) [0-1]");
    expect(rest).toContain("  Q.931: DISCONNECT [4-17]");
    expect(rest).toContain("    Cause: cause 16 normal call clearing [9-13]");
    expect(rest).toContain("      Value: 16 (normal call clearing) [12-13]");
  });

  test("what was not understood is shown with its octets and its fault", () => {
    const text = lines(describeMessage(octets("0802000105040180960103414243700181"))).join("\n");
    expect(text).toContain("Bearer capability: not acted upon: 80 [5-8]");
    expect(text).toContain("Shift: locking, codeset 6 [8-9]");
    expect(text).toContain('Element 0x01 of codeset 6: not read: 414243 "ABC" [9-14]');
    expect(text).toContain("Fault: contents in error: Bearer capability (mandatory)");
  });

  test.each([
    ["0900", "too short (§5.8.2)"],
    ["090000", "another protocol discriminator (§5.8.1)"],
    ["08030000000105", "invalid call reference format (§5.8.3.1)"],
  ])("%s is no Q.931: %s", (text, reason) => {
    expect(describeMessage(octets(text)).value).toBe(reason);
    expect(summariseMessage(octets(text))).toBe(`not Q.931: ${reason}`);
  });

  test("a message without row shows its type and the rest", () => {
    expect(lines(describeMessage(octets("080280016301"))).slice(-2)).toEqual([
      "  Message type: unknown (0x63) [4-5]",
      "  Rest: 01 [5-6]",
    ]);
    expect(summariseMessage(octets("080280016301"))).toBe("message 0x63 1<");
  });

  test("any octets make a tree whose children lie in their parents, and a line", () => {
    const inside = (node: TreeNode): boolean =>
      node.octets[0] <= node.octets[1] &&
      node.children.every(
        (child) =>
          child.octets[0] >= node.octets[0] && child.octets[1] <= node.octets[1] && inside(child),
      );
    const random = fc.uint8Array({ maxLength: 64 });
    const likely = random.map((rest) => Uint8Array.of(8, 2, 0, 1, 5, ...rest));
    fc.assert(
      fc.property(fc.oneof(random, likely), (text) => {
        expect(inside(describeMessage(text))).toBe(true);
        expect(summariseMessage(text)).not.toBe("");
        const frame = Uint8Array.of(0, 1, 0, 0, ...text);
        for (const one of [text, frame]) {
          expect(inside(describeFrame(one))).toBe(true);
          expect(summariseFrame(one)).not.toBe("");
        }
      }),
      { numRuns: 1500 },
    );
  });
});

describe("lines", () => {
  test.each([
    ["08020000461803a98381790180", "RESTART global> channel 1 exclusive, class 0"],
    ["0802800a7d0802829e14010a", "STATUS 10< cause 30 response to STATUS ENQUIRY, state 10"],
    [
      "0802000405a1040288901801ab6c0421a13535",
      "SETUP 4> sending complete, unrestricted, channel any exclusive, calling 55 (restricted)",
    ],
    ["08028004031e02828828024142", 'PROGRESS 4< progress 8, display "AB"'],
    ["080062", "FACILITY dummy"],
    ["080200046000028105aa", "SEGMENT 4> of SETUP, 1 remaining"],
    ["030200000f0101c21801a8", "SERVICE global> status 2, channel none exclusive"],
  ])("%s: %s", (text, line) => {
    expect(summariseMessage(octets(text))).toBe(line);
  });

  test.each([
    ["fcff030f", "UI SAPI 63 TEI 127"],
    ["0201", "invalid frame: too short"],
    ["0001010000", "rejected frame (N): 0001010000"],
    ["0001010b", "RR 5 P"],
  ])("%s: %s", (text, line) => {
    expect(summariseFrame(octets(text))).toBe(line);
  });
});

/** BER: a tag and what is inside. */
function ber(tag: number, ...inside: readonly (number | readonly number[])[]): readonly number[] {
  const contents = inside.flat();
  return [tag, contents.length, ...contents];
}

const text = (value: string) => [...new TextEncoder().encode(value)];
const integer = (value: number) => ber(0x02, value);

function invoke(profile: number, operation: readonly number[], argument: readonly number[]) {
  const components = Uint8Array.from(ber(0xa1, integer(1), operation, argument));
  return { kind: "facility", profile, components } as const;
}

describe("names in Facility (ECMA-164, NI-2) [element facility]", () => {
  const name = (argument: readonly number[]) => callingName(invoke(31, integer(0), argument));

  test("information following is named by its object identifier", () => {
    const following = facility(31, "8b0100a10f02010106072a8648ce1500040a0100");
    expect(describeComponents(following).map(({ label, value }) => `${label}: ${value}`)).toEqual([
      "Interpretation: 00",
      "Invoke: id 1, informationFollowing",
    ]);
    expect(callingName(following)).toBeUndefined();
  });

  test("simple and extended names are read, restricted and absent ones are not", () => {
    expect(name(ber(0x80, text("SMITH J")))).toBe("SMITH J");
    expect(name(ber(0xa1, ber(0x04, text("SMITH J")), integer(1)))).toBe("SMITH J");
    expect(name(ber(0x30, ber(0x80, text("SMITH J"))))).toBe("SMITH J");
    expect(name(ber(0x82, text("SMITH J")))).toBeUndefined();
    expect(name(ber(0xa3, ber(0x04, text("SMITH J"))))).toBeUndefined();
    expect(name(ber(0x84))).toBeUndefined();
    expect(callingName(invoke(31, integer(1), ber(0x80, text("B"))))).toBeUndefined();
  });

  test("a name that we send is read back", () => {
    const sent = callingNameFacility("Alice Müller", 3);
    expect(callingName(sent)).toBe("Alice Müller");
    expect(describeComponents(sent).at(-1)?.value).toBe("id 3, callingName, Alice Müller");
    expect(callingName(callingNameFacility("x".repeat(80), 1))).toHaveLength(50);
    expect(hex(callingNameFacility("A", 1).components)).toBe("8b0100a109020101020100800141");
  });
});

describe("advice of charge (EN 300 182-1 §7) [element facility]", () => {
  const currency = (amount: number, multiplier: number) =>
    ber(0xa1, ber(0x81, text("EUR")), ber(0xa2, ber(0x81, amount), ber(0x82, multiplier)));
  const subtotal = ber(0x82, 0);
  const units = (...counts: readonly number[]) =>
    ber(0xa1, ...counts.map((count) => ber(0x30, integer(count))));

  test.each([
    ["aOCDCurrency", 33, ber(0x30, currency(36, 1), subtotal), "0.36 EUR"],
    ["aOCDCurrency", 33, ber(0x30, currency(7, 3), subtotal), "7 EUR"],
    ["aOCECurrency", 35, ber(0x30, ber(0x30, currency(5, 2))), "0.5 EUR"],
    ["aOCDChargingUnit", 34, ber(0x30, units(12), subtotal), "12 units"],
    ["aOCEChargingUnit", 36, ber(0x30, ber(0x30, units(12, 3))), "15 units"],
    ["aOCECurrency", 35, ber(0x30, ber(0x81)), "free of charge"],
    ["aOCDCurrency", 33, ber(0x05), "charge not available"],
  ])("%s %i is %s", (operation, code, argument, charge) => {
    const element = invoke(17, integer(code), argument);
    expect(chargeAdvice(element)).toBe(charge);
    expect(describeComponents(element)[0]?.value).toBe(`id 1, ${operation}, ${charge}`);
  });

  test("a tariff, another operation or another profile is no charge", () => {
    const argument = ber(0x30, currency(36, 1), subtotal);
    expect(chargeAdvice(invoke(17, integer(31), argument))).toBeUndefined();
    expect(chargeAdvice(invoke(31, integer(33), argument))).toBeUndefined();
    expect(chargeAdvice(invoke(17, integer(33), ber(0x30, currency(36, 9))))).toBeUndefined();
  });
});

describe("components", () => {
  test("results, errors and rejections are named; what has no name is shown raw", () => {
    const components = hex(
      Uint8Array.from([
        ...ber(0xa2, integer(4)),
        ...ber(0xa3, integer(5), integer(0)),
        ...ber(0xa4, integer(6), ber(0x80, 0)),
        ...ber(0x30, integer(1)),
      ]),
    );
    const said = describeComponents(facility(17, components)).map(
      ({ label, value }) => `${label}: ${value}`,
    );
    expect(said).toEqual([
      "Return result: id 4",
      "Return error: id 5",
      "Reject: id 6",
      "Component: 020101",
    ]);
  });

  test.each([
    ["a105020101", "longer than the element"],
    ["a180020101", "of indefinite length"],
    ["bf0100", "with a long tag"],
    [`a17f${"307f".repeat(90)}`, "nested without end"],
  ])("%s, %s, gives nothing", (components) => {
    expect(describeComponents(facility(17, components))).toEqual([]);
  });

  test("any octets are read without throwing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(31), (components, profile) => {
        const element = { kind: "facility", profile, components } as const;
        for (const field of describeComponents(element)) expect(field.label).not.toBe("");
        expect(callingName(element) ?? "").toBeTypeOf("string");
        expect(chargeAdvice(element) ?? "").toBeTypeOf("string");
      }),
    );
  });
});
