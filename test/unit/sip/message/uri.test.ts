import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  equalUris,
  escapeUser,
  parameter,
  parseUri,
  printUri,
  telDigits,
  type Uri,
  unescapeUri,
} from "../../../../src/sip/message/index.js";

function uri(text: string): Uri {
  const result = parseUri(text);
  if (!result.ok) throw new Error(`${text}: ${result.error.reason}`);
  return result.value;
}

describe("URIs (RFC 3261 §19.1, RFC 3966)", () => {
  test("are the same after reading and printing", () => {
    for (const text of [
      "sip:alice@atlanta.com",
      "sip:alice:secretword@atlanta.com;transport=tcp",
      "sips:alice@atlanta.com?subject=project%20x&priority=urgent",
      "sip:+1-212-555-1212:1234@gateway.com;user=phone",
      "sips:1212@gateway.com",
      "sip:alice@192.0.2.4",
      "sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com",
      "sip:alice;day=tuesday@atlanta.com",
      "sip:gw.example.com:5070;maddr=239.255.255.1;ttl=15;lr",
      "sip:[2001:db8::10]:5070;transport=udp",
      "sip:user@example.com?Subject=",
      "tel:+1-201-555-0123",
      "tel:7042;phone-context=example.com",
      "tel:863-1234;phone-context=+1-914-555;ext=55",
      "urn:service:sos",
      "mailto:a@b.example",
    ])
      expect(printUri(uri(text))).toBe(text);
  });

  test("have their parts", () => {
    expect(uri("SIP:Alice:pw@[::1]:5061;Transport=TCP;lr?a=b&c=")).toEqual({
      kind: "sip",
      secure: false,
      user: "Alice",
      password: "pw",
      host: "[::1]",
      port: 5061,
      parameters: [{ name: "Transport", value: "TCP" }, { name: "lr" }],
      headers: [
        { name: "a", value: "b" },
        { name: "c", value: "" },
      ],
    });
    expect(uri("tel:+44.20(7946)-0123;isub=1")).toMatchObject({
      kind: "tel",
      number: "+44.20(7946)-0123",
    });
  });

  test("that are malformed are refused where they are", () => {
    const rows: readonly [string, number][] = [
      ["", 0],
      ["alice@example.com", 0],
      ["sip:", 4],
      ["sip:@example.com", 4],
      ["sip:a b@example.com", 5],
      ["sip:a%4@example.com", 5],
      ["sip:a@", 6],
      ["sip:a@b:port", 8],
      ["sip:a@b:70000", 8],
      ["sip:a@b;;lr", 8],
      ["sip:a@b;lr=", 11],
      ["sip:a@b;x=%zz", 10],
      ["sip:a@b?novalue", 8],
      ["sip:a@b>", 7],
      ["sip:a@b c", 7],
      ["sip:[2001:db8::10", 4],
      ["sip:2001:db8::10", 9],
      ["tel:", 4],
      ["tel:+", 4],
      ["tel:+12a", 7],
      ["tel:12;", 7],
      ["x:", 2],
      ["http://a b", 8],
      ["<sip:a@b>", 0],
    ];
    for (const [text, offset] of rows)
      expect(parseUri(text), text).toMatchObject({ ok: false, error: { offset } });
  });

  test("escapes are undone and done on demand", () => {
    expect(unescapeUri("sips%3Auser%40example.com")).toBe("sips:user@example.com");
    expect(unescapeUri("J%C3%BCrgen")).toBe("Jürgen");
    expect(unescapeUri("100%")).toBe("100%");
    expect(escapeUser("Jürgen #1@x")).toBe("J%C3%BCrgen%20%231%40x");
    expect(telDigits({ kind: "tel", number: "+44.20(7946)-0123", parameters: [] })).toBe(
      "+442079460123",
    );
  });

  test("any text can be a user", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
        const made = uri(`sip:${escapeUser(text)}@example.com`);
        expect(made.kind === "sip" && unescapeUri(made.user ?? "")).toBe(text);
      }),
    );
  });

  test("reading never throws, and what was read is printed as it was", () => {
    const piece = fc.constantFrom(
      "sip:",
      "tel:",
      "a",
      "%41",
      "%",
      "@",
      ":",
      ";",
      "=",
      "?",
      "&",
      "[",
      "]",
      "1",
      " ",
      "+",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        const result = parseUri(text);
        if (result.ok) expect(printUri(result.value)).toBe(text);
        else expect(result.error.offset).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("comparison of URIs (RFC 3261 §19.1.4, RFC 3966 §4)", () => {
  const equal = [
    ["sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"],
    ["sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"],
    ["sip:carol@chicago.com", "sip:carol@chicago.com;security=on"],
    [
      "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
      "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
    ],
    [
      "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
      "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
    ],
    ["tel:+1-201-555-0123", "tel:+1201555.0123"],
    ["tel:7042;phone-context=EXAMPLE.com", "tel:70-42;phone-context=example.com"],
    ["tel:1;ext=2-2;phone-context=+1-2", "tel:1;phone-context=+12;ext=22"],
  ] as const;
  const different = [
    ["SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"],
    ["sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"],
    ["sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"],
    ["sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"],
    ["sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"],
    ["sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"],
    ["sip:alice@atlanta.com", "sips:alice@atlanta.com"],
    ["sip:a%3Bb@c", "sip:a;b@c"],
    ["sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"],
    ["sip:a@b", "sip:a:@b"],
    ["tel:+12015550123", "tel:12015550123"],
    ["tel:1;ext=2", "tel:1"],
    ["tel:+1", "sip:+1@x"],
    ["urn:a", "urn:b"],
  ] as const;
  for (const [a, b] of equal)
    test(`${a} equals ${b}`, () => {
      expect(equalUris(uri(a), uri(b))).toBe(true);
      expect(equalUris(uri(b), uri(a))).toBe(true);
    });
  for (const [a, b] of different)
    test(`${a} does not equal ${b}`, () => {
      expect(equalUris(uri(a), uri(b))).toBe(false);
      expect(equalUris(uri(b), uri(a))).toBe(false);
    });

  test("is not transitive where a parameter is in one only", () => {
    const [none, on, off] = ["", ";security=on", ";security=off"].map((end) =>
      uri(`sip:carol@chicago.com${end}`),
    );
    if (!none || !on || !off) throw new Error("no URIs");
    expect([equalUris(none, on), equalUris(none, off), equalUris(on, off)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(parameter(on.kind === "sip" ? on.parameters : [], "SECURITY")).toBe("on");
  });
});
