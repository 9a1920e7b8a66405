import { describe, expect, test } from "vitest";
import { type HeaderRow, header, headersOf, rowOf } from "../../../../src/sip/message/index.js";
import { canonical } from "./header-samples.js";

const rows = Object.entries(header) as unknown as readonly [
  keyof typeof header,
  HeaderRow<unknown>,
][];

describe("the header table", () => {
  for (const [key, row] of rows)
    test(`[header ${row.name}] is the same after reading and printing`, () => {
      for (const text of canonical[key]) {
        const value = row.parse(text);
        if (!value.ok) throw new Error(`${text}: ${value.error.reason}`);
        expect(row.print(value.value)).toBe(text);
      }
    });

  test("compact forms are those of the registry, and each name finds its row", () => {
    const compact = rows.flatMap(([, row]) =>
      row.compact === undefined ? [] : [row.compact + row.name],
    );
    expect(compact.sort()).toEqual(
      [
        "vVia",
        "fFrom",
        "tTo",
        "iCall-ID",
        "mContact",
        "xSession-Expires",
        "kSupported",
        "uAllow-Events",
        "oEvent",
        "rRefer-To",
        "bReferred-By",
        "sSubject",
        "eContent-Encoding",
        "cContent-Type",
        "lContent-Length",
      ].sort(),
    );
    for (const [, row] of rows) {
      expect(rowOf(row.name.toUpperCase())).toBe(row);
      if (row.compact !== undefined) expect(rowOf(row.compact.toUpperCase())).toBe(row);
    }
    expect(rowOf("X-Unknown")).toBeUndefined();
  });
});

describe("malformed values", () => {
  const wrong: readonly [HeaderRow<never>, readonly string[]][] = [
    [
      header.via,
      [
        "",
        "SIP/2.0 host",
        "SIP/2.0/UDP",
        "SIP/2.0/UDP;branch=x",
        "SIP/2.0/UDPhost",
        "SIP/2.0/UDP h:x",
        "SIP/2.0/UDP h;;x",
        "/2.0/UDP h",
      ],
    ],
    [
      header.from,
      [
        "",
        '"x <sip:a@b>',
        "<sip:a@b",
        "<sip:a@b> x",
        "sip:a@b;=x",
        "a, b <sip:a@b>",
        '"a" sip:a@b',
        '<sip:a@b>;x="y',
        "sip:a@b?x=y",
        "<>",
      ],
    ],
    [header.cSeq, ["", "1", "INVITE", "-1 INVITE", "2147483648 INVITE", "1 IN VITE", "1INVITE"]],
    [header.rAck, ["", "0 1 INVITE", "1 1", "x 1 INVITE", "1 4294967296 INVITE"]],
    [header.rSeq, ["0", "4294967296", "x"]],
    [header.maxForwards, ["256", "-1", "7 0", ""]],
    [header.callId, ["", "a b"]],
    [header.contentType, ["application", "application/", "/sdp", "a/b;;"]],
    [header.reason, ["", "Q.850;cause=x", ";cause=1"]],
    [header.retryAfter, ["", "x", "4294967296", "1 (open", "1 x"]],
    [header.warning, ["", '1812 a "b"', "399 a", "399 a b", '399 a "b', '399 a "b" c']],
    [header.timestamp, ["", "x", "1 x", "1.2.3"]],
    [
      header.date,
      [
        "",
        "Sat, 13 Nov 2010 23:29:00 EST",
        "Sat, 32 Nov 2010 23:29:00 GMT",
        "Sat, 13 Foo 2010 23:29:00 GMT",
        "Xxx, 13 Nov 2010 23:29:00 GMT",
      ],
    ],
    [header.privacy, ["", "id;", "a b"]],
    [header.callInfo, ["", "http://a", "<>", "<a>x"]],
    [header.wwwAuthenticate, ["", "Digest a b=c", 'Digest a="b', "Digest ,", 'Digest realm="a"x']],
    [header.event, ["", ";id=1"]],
    [header.require, ["", "a b"]],
  ] as readonly unknown[] as readonly [HeaderRow<never>, readonly string[]][];
  for (const [row, texts] of wrong)
    test(`of [header ${row.name}] are refused`, () => {
      for (const text of texts) expect(row.parse(text), text).toMatchObject({ ok: false });
    });
});

describe("values with liberty", () => {
  test("blanks around separators, and what others forget to quote", () => {
    const headers = headersOf([
      { name: "v", value: "SIP / 2.0 / UDP  host : 5070 ; branch = z9 ; Rport" },
      { name: "f", value: "Jürgen Müller <sip:j@x>;tag=a/b+c==" },
      { name: "Reason", value: ' Q.850 ; Cause = 16 ; TEXT = "a\\"b" , SIP;cause=200' },
      { name: "Supported", value: "" },
      { name: "k", value: "timer , 100rel" },
    ]);
    expect(headers.value(header.via)).toEqual({
      transport: "UDP",
      host: "host",
      port: 5070,
      parameters: [{ name: "branch", value: "z9" }, { name: "Rport" }],
    });
    expect(headers.value(header.from)).toMatchObject({
      display: "Jürgen Müller",
      parameters: [{ name: "tag", value: "a/b+c==" }],
    });
    expect(headers.values(header.reason)).toMatchObject([
      { protocol: "Q.850", cause: 16, text: 'a"b' },
      { protocol: "SIP", cause: 200 },
    ]);
    expect(headers.values(header.supported)).toEqual(["timer", "100rel"]);
  });
});
