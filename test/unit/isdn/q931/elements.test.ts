import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromHex, hex } from "../../../../src/core/index.js";
import {
  elementRows,
  indicateChannel,
  indicateChannels,
  type KnownElement,
  rowOfCode,
  rowOfKind,
  selectChannel,
  timeslotsOf,
} from "../../../../src/isdn/q931/index.js";

const octets = (text: string) => fromHex(text) ?? new Uint8Array(0);

/** Contents after the length octet, and what they say. */
const CASES: readonly (readonly [string, KnownElement])[] = [
  [
    "8090a3",
    {
      kind: "bearer-capability",
      codingStandard: 0,
      transferCapability: 0,
      transferMode: 0,
      transferRate: 16,
      layer1: { protocol: 3 },
    },
  ],
  [
    "8890",
    {
      kind: "bearer-capability",
      codingStandard: 0,
      transferCapability: 8,
      transferMode: 0,
      transferRate: 16,
    },
  ],
  [
    "88988b",
    {
      kind: "bearer-capability",
      codingStandard: 0,
      transferCapability: 8,
      transferMode: 0,
      transferRate: 24,
      multiplier: 11,
    },
  ],
  [
    "889021c3c2e6",
    {
      kind: "bearer-capability",
      codingStandard: 0,
      transferCapability: 8,
      transferMode: 0,
      transferRate: 16,
      layer1: { protocol: 1, details: [0x43] },
      layer2: { protocol: 2 },
      layer3: { protocol: 6 },
    },
  ],
  [
    "08c090a2",
    {
      kind: "low-layer-compatibility",
      codingStandard: 0,
      transferCapability: 8,
      negotiation: 0x40,
      transferMode: 0,
      transferRate: 16,
      layer1: { protocol: 2 },
    },
  ],
  [
    "9181",
    {
      kind: "high-layer-compatibility",
      codingStandard: 0,
      interpretation: 4,
      presentationMethod: 1,
      characteristics: 1,
    },
  ],
  [
    "915e81",
    {
      kind: "high-layer-compatibility",
      codingStandard: 0,
      interpretation: 4,
      presentationMethod: 1,
      characteristics: 0x5e,
      extended: 1,
    },
  ],
  ["", { kind: "more-data" }],
  ["", { kind: "sending-complete" }],
  ["0f", { kind: "congestion-level", level: 15 }],
  ["02", { kind: "repeat-indicator", indication: 2 }],
  ["8005", { kind: "segmented-message", first: true, remaining: 0, messageType: 5 }],
  ["c1", { kind: "change-status", preference: 1, status: 1 }],
  ["8090", { kind: "cause", codingStandard: 0, location: 0, value: 16 }],
  ["8281", { kind: "cause", codingStandard: 0, location: 2, value: 1 }],
  [
    "028081e01e18",
    {
      kind: "cause",
      codingStandard: 0,
      location: 2,
      recommendation: 0,
      value: 1,
      diagnostics: octets("e01e18"),
    },
  ],
  [
    "87e46c70",
    { kind: "cause", codingStandard: 0, location: 7, value: 100, diagnostics: octets("6c70") },
  ],
  ["0112", { kind: "call-identity", identity: octets("0112") }],
  ["0a", { kind: "call-state", codingStandard: 0, value: 10 }],
  ["3d", { kind: "call-state", codingStandard: 0, value: 61 }],
  ["91a10102", { kind: "facility", profile: 17, components: octets("a10102") }],
  ["8288", { kind: "progress-indicator", codingStandard: 0, location: 2, description: 8 }],
  ["00e6", { kind: "network-specific-facilities", specification: octets("e6") }],
  [
    "04a1313233e6",
    {
      kind: "network-specific-facilities",
      networkType: 2,
      plan: 1,
      network: "123",
      specification: octets("e6"),
    },
  ],
  ["f9", { kind: "notification-indicator", description: 0x79 }],
  ["04a10100", { kind: "notification-indicator", description: 4, data: octets("a10100") }],
  ["416e6e61", { kind: "display", text: "Anna" }],
  ["b1416e6e61", { kind: "display", charset: 0x31, text: "Anna" }],
  ["e46c", { kind: "display", text: "äl" }],
  ["1a0b17", { kind: "date-time", year: 26, month: 11, day: 23 }],
  [
    "1a0b170c2d3b",
    { kind: "date-time", year: 26, month: 11, day: 23, hour: 12, minute: 45, second: 59 },
  ],
  ["2a3231", { kind: "keypad-facility", digits: "*21" }],
  ["4f", { kind: "signal", value: 0x4f }],
  ["01", { kind: "switchhook", value: 1 }],
  ["2131", { kind: "generic-digits", encoding: 1, type: 1, digits: octets("31") }],
  ["000281", { kind: "end-to-end-transit-delay", cumulative: 257 }],
  [
    "000281000384037fff",
    { kind: "end-to-end-transit-delay", cumulative: 257, requested: 388, maximum: 0xffff },
  ],
  ["000384", { kind: "transit-delay-selection", delay: 388 }],
  ["a130323838", { kind: "transit-network-selection", networkType: 2, plan: 1, network: "0288" }],
  ["87", { kind: "restart-indicator", class: 7 }],
  ["81313030", { kind: "called-party-number", typeOfNumber: 0, plan: 1, digits: "100" }],
  ["80", { kind: "called-party-number", typeOfNumber: 0, plan: 0, digits: "" }],
  ["a13535", { kind: "calling-party-number", typeOfNumber: 2, plan: 1, digits: "55" }],
  [
    "21a13535",
    {
      kind: "calling-party-number",
      typeOfNumber: 2,
      plan: 1,
      presentation: 1,
      screening: 1,
      digits: "55",
    },
  ],
  [
    "0183343930",
    {
      kind: "connected-number",
      typeOfNumber: 0,
      plan: 1,
      presentation: 0,
      screening: 3,
      digits: "490",
    },
  ],
  [
    "2101823939",
    {
      kind: "redirecting-number",
      typeOfNumber: 2,
      plan: 1,
      presentation: 0,
      screening: 1,
      reason: 2,
      digits: "99",
    },
  ],
  [
    "21018f3939",
    {
      kind: "original-called-number",
      typeOfNumber: 2,
      plan: 1,
      presentation: 0,
      screening: 1,
      reason: 15,
      digits: "99",
    },
  ],
  [
    "11a037",
    {
      kind: "redirection-number",
      typeOfNumber: 1,
      plan: 1,
      presentation: 1,
      screening: 0,
      digits: "7",
    },
  ],
  ["8050", { kind: "called-party-subaddress", type: 0, odd: false, address: octets("50") }],
  ["a81230", { kind: "calling-party-subaddress", type: 2, odd: true, address: octets("1230") }],
  ["a0ff", { kind: "connected-subaddress", type: 2, odd: false, address: octets("ff") }],
  ["04486921", { kind: "user-user", protocol: 4, information: octets("486921") }],
  ["a98381", indicateChannel(1, true)],
  ["a1839f", indicateChannel(31, false)],
  ["a983010283", indicateChannels([1, 2, 3], true)],
  ["a8", selectChannel("none", true)],
  ["a3", selectChannel("any", false)],
  ["ab", selectChannel("any", true)],
  ["e9818381", { ...indicateChannel(1, true), interfaceIdentifier: [1] }],
  [
    "a99300000002",
    {
      ...indicateChannel(1, true),
      channel: {
        codingStandard: 0,
        channelType: 3,
        channels: { form: "map", map: octets("00000002") },
      },
    },
  ],
  [
    "ac",
    {
      kind: "channel-identification",
      interfaceType: "primary",
      exclusive: true,
      dChannel: true,
      selection: 0,
    },
  ],
  [
    "89",
    {
      kind: "channel-identification",
      interfaceType: "basic",
      exclusive: true,
      dChannel: false,
      selection: 1,
    },
  ],
];

describe("elements", () => {
  test.each(CASES.map(([text, element]) => [element.kind, text, element] as const))(
    "[element %s] %s reads and prints back",
    (kind, text, element) => {
      const row = rowOfKind(kind);
      expect(row.parse(octets(text))).toEqual({ ok: true, value: element });
      expect(hex(row.print(element))).toBe(text);
    },
  );

  test("every row has a case, and identifiers are unique", () => {
    const kinds = new Set(CASES.map(([, { kind }]) => kind));
    expect([...kinds].sort()).toEqual(elementRows.map(({ kind }) => kind).sort());
    expect(new Set(elementRows.map(({ code }) => code)).size).toBe(elementRows.length);
    for (const row of elementRows) expect(rowOfCode(row.code)).toBe(row);
  });

  test.each([
    ["bearer-capability", ""],
    ["bearer-capability", "80"],
    ["bearer-capability", "0080"], // octet 3a is not this element's
    ["bearer-capability", "8898"], // multirate without multiplier
    ["bearer-capability", "8090a3a3"], // layer 1 twice
    ["bearer-capability", "809023"], // octet 5 without end
    ["low-layer-compatibility", "00408090"],
    ["high-layer-compatibility", "91"],
    ["high-layer-compatibility", "1181"],
    ["high-layer-compatibility", "918181"],
    ["cause", "80"],
    ["cause", "8010"], // octet 4 extended
    ["cause", "00000090"],
    ["called-party-number", ""],
    ["called-party-number", "0180"], // octet 3a is not this element's
    ["called-party-number", "81b1"], // digit with bit 8
    ["calling-party-number", "01"],
    ["calling-party-number", "010080"],
    ["redirecting-number", "01000080"],
    ["called-party-subaddress", "0050"],
    ["channel-identification", "29"],
    ["channel-identification", "e9"],
    ["channel-identification", "8981"],
    ["channel-identification", "a983"],
    ["channel-identification", "a90381"],
    ["progress-indicator", "82"],
    ["progress-indicator", "0288"],
    ["notification-indicator", "8000"],
    ["notification-indicator", "04"],
    ["restart-indicator", "07"],
    ["change-status", "41"],
    ["facility", "11a1"],
    ["transit-network-selection", "2131"],
    ["network-specific-facilities", ""],
    ["network-specific-facilities", "05a131"],
    ["network-specific-facilities", "0221b1"],
    ["end-to-end-transit-delay", "0002"],
    ["end-to-end-transit-delay", "00028100"],
    ["transit-delay-selection", "000201"],
    ["segmented-message", "80"],
    ["date-time", "1a0b"],
    ["keypad-facility", "b1"],
    ["user-user", ""],
    ["display", ""],
    ["generic-digits", ""],
    ["call-state", ""],
    ["signal", ""],
    ["switchhook", ""],
  ] as const)("[element %s] %s is in error", (kind, text) => {
    expect(rowOfKind(kind).parse(octets(text))).toMatchObject({ ok: false });
  });

  test("no contents make a row throw, and what it reads it prints in one way", () => {
    const contents = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(fc.constantFrom(...elementRows), contents, (row, random) => {
        const parsed = row.parse(random);
        if (!parsed.ok) return;
        const printed = row.print(parsed.value);
        const again = row.parse(printed);
        expect(again.ok && row.print(again.value)).toEqual(printed);
        expect(row.describe(parsed.value)).toBeInstanceOf(Array);
      }),
      { numRuns: 4000 },
    );
  });
});

describe("channel identification", () => {
  test("[element channel-identification] a list and a map name timeslots (figures 4-22 and 4-23)", () => {
    const map = (text: string) => {
      const parsed = rowOfKind("channel-identification").parse(octets(`a993${text}`));
      return parsed.ok && parsed.value.kind === "channel-identification"
        ? timeslotsOf(parsed.value)
        : undefined;
    };
    expect(map("80010002")).toEqual([1, 16, 31]);
    expect(map("800001")).toEqual([1, 24]);
    expect(timeslotsOf(indicateChannels([5, 3], true))).toEqual([5, 3]);
    expect(timeslotsOf(selectChannel("any", false))).toEqual([]);
  });

  test("channels other than B channels name no timeslots", () => {
    const parsed = rowOfKind("channel-identification").parse(octets("a98681"));
    expect(parsed.ok && parsed.value.kind === "channel-identification").toBe(true);
    if (parsed.ok && parsed.value.kind === "channel-identification")
      expect(timeslotsOf(parsed.value)).toEqual([]);
  });

  test("a last channel number without extension bit is read all the same", () => {
    expect(rowOfKind("channel-identification").parse(octets("a98301"))).toEqual({
      ok: true,
      value: indicateChannel(1, true),
    });
  });
});

test("characters that an element cannot say become question marks, never other digits", () => {
  const print = (digits: string) =>
    hex(
      rowOfKind("called-party-number").print({
        kind: "called-party-number",
        typeOfNumber: 0,
        plan: 1,
        digits,
      }),
    );
  expect(print("1é2")).toBe("81313f32");
});
