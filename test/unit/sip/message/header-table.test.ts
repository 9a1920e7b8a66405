import { describe, expect, test } from "vitest";
import { type HeaderRow, header, headersOf, rowOf } from "../../../../src/sip/message/index.js";

/** One canonical line for every row of the table: parse, then print, gives it back. */
const canonical: Readonly<Record<keyof typeof header, readonly string[]>> = {
  via: [
    "SIP/2.0/UDP host.example.com:5060;branch=z9hG4bKx;rport=5070;received=192.0.2.1",
    "SIP/2.0/TLS [2001:db8::1];branch=z9hG4bK1",
  ],
  route: ["<sip:p1.example.com;lr>"],
  recordRoute: ["<sip:p1.example.com;lr>;x=1"],
  path: ["<sip:p.example.com;lr;ob>"],
  serviceRoute: ["<sip:p.example.com;lr>"],
  proxyRequire: ["sec-agree"],
  maxForwards: ["70", "0", "255"],
  proxyAuthorization: ['Digest username="a", realm="b, c", nonce="d", qop=auth, nc=00000001'],
  from: [
    '"Alice \\"A\\" \\\\ Ü" <sip:alice@example.com>;tag=88sja8x',
    "<tel:+1-201-555-0123>;tag=1",
  ],
  to: ["<sips:bob@example.com:5061;transport=tls?Subject=x>"],
  callId: ["f81d4fae-7dec-11d0-a765-00a0c91e6bf6@foo.bar.com"],
  cSeq: ["4711 INVITE", "2147483647 OPTIONS"],
  contact: ["*", '"Mr. Watson" <sip:watson@w.example>;q=0.7;expires=3600'],
  rSeq: ["988789"],
  rAck: ["776656 1 INVITE"],
  expires: ["4294967295"],
  minExpires: ["60"],
  sessionExpires: ["4000;refresher=uac"],
  minSe: ["90;lr"],
  require: ["100rel"],
  supported: ["timer"],
  unsupported: ["foo"],
  allow: ["INVITE"],
  allowEvents: ["spirits-INDPs"],
  event: ["message-summary;id=7"],
  subscriptionState: ["active;expires=3600"],
  referTo: ["<sip:dave@denver.example.org?Replaces=12345%40192.168.118.3%3Bto-tag%3D12345>"],
  referredBy: ['<sip:referror@example>;cid="2UWQFN309shb3@referror.example"'],
  replaces: ["98732@sip.example.com;from-tag=r33th4x0r;to-tag=ff87ff"],
  reason: [
    'Q.850;cause=16;text="Terminated, normally"',
    "SIP;cause=600",
    "Q.850;cause=21;location=RLN",
    "preemption;cause=1;x=y",
  ],
  retryAfter: ["18000;duration=3600", "120 (I'm in a (long) meeting)"],
  warning: ['307 isi.edu "Session parameter \\"foo\\" not understood"', '399 192.0.2.1:5060 ""'],
  pAssertedIdentity: ['"Cullen Jennings" <sip:fluffy@cisco.com>', "<tel:+14085264000>"],
  pPreferredIdentity: ["<sip:fluffy@cisco.com>"],
  remotePartyId: ['"A" <sip:1@h>;party=calling;screen=yes;privacy=off'],
  privacy: ["header;session", "id"],
  diversion: ['<sip:+19195551002@h>;reason=no-answer;counter=1;privacy=off;screen="no"'],
  historyInfo: ["<sip:bob@example.com?Reason=SIP%3Bcause%3D302>;index=1.1;rc=1"],
  authorization: ['Digest username="Alice", uri="sip:a;b"'],
  wwwAuthenticate: ['Digest realm="atlanta.com", qop="auth,auth-int", algorithm=SHA-256'],
  proxyAuthenticate: ["Basic", "Negotiate YII="],
  authenticationInfo: ['nextnonce="47364c23432d2e131a5fb210812c"'],
  timestamp: ["54", "54.21", "54.21 0.5"],
  date: ["Sat, 13 Nov 2010 23:29:00 GMT", "Thu, 29 Feb 2024 00:00:59 GMT"],
  subject: ["Need; more, boxes", ""],
  priority: ["emergency"],
  organization: ["Boxes by Bob"],
  inReplyTo: ["70710@saturn.bell-tel.com"],
  replyTo: ["<sip:bob@biloxi.com>"],
  alertInfo: ["<http://www.example.com/sounds/moo.wav>"],
  callInfo: ["<http://www.example.com/alice/photo.jpg>;purpose=icon"],
  errorInfo: ["<sip:not-in-service-recording@atlanta.com>"],
  userAgent: ["Softphone Beta1.5 (a; b)"],
  server: ["HomeServer v2"],
  accept: ["application/sdp;level=1", "*/*;q=0.1"],
  acceptEncoding: ["gzip;q=0.5"],
  acceptLanguage: ["da", "en-gb;q=0.8"],
  mimeVersion: ["1.0"],
  contentDisposition: ["signal;handling=optional"],
  contentEncoding: ["gzip"],
  contentLanguage: ["fr"],
  contentType: ['multipart/mixed;boundary="a b"', "application/sdp"],
  contentLength: ["349"],
};

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
