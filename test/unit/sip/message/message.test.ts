import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createRequest,
  createResponse,
  header,
  messageLimits,
  parameter,
  parseMessage,
  printMessage,
  readMessage,
  reasonPhrase,
  type SipMessage,
} from "../../../../src/sip/message/index.js";

const octets = (text: string) => new TextEncoder().encode(text);
const text = (message: SipMessage) => new TextDecoder().decode(printMessage(message));

const basic = [
  "Via: SIP/2.0/UDP h;branch=z9hG4bK1",
  "From: <sip:a@b>;tag=1",
  "To: <sip:c@d>",
  "Call-ID: x",
  "CSeq: 1 OPTIONS",
];

function options(...more: string[]): string {
  return ["OPTIONS sip:c@d SIP/2.0", ...basic, ...more, "", ""].join("\r\n");
}

function status(message: string | Uint8Array): number | string {
  const result = readMessage(typeof message === "string" ? octets(message) : message);
  return result.ok ? "ok" : result.error.status;
}

describe("messages from octets", () => {
  test("a request has method, Request-URI, headers and body", () => {
    const read = readMessage(octets(`${options("Content-Type: text/plain", "l: 2")}ab`));
    if (!read.ok || read.value.kind !== "request") throw new Error("no request");
    expect(read.value).toMatchObject({ method: "OPTIONS", uri: "sip:c@d" });
    expect(read.value.body).toEqual(octets("ab"));
  });

  test("empty lines before the start line are ignored, octets after the body too (§7.5, §18.3)", () => {
    const read = parseMessage(octets(`\r\n\r\n${options("l: 1")}abc`));
    expect(read).toMatchObject({ ok: true, value: { body: octets("a") } });
  });

  test("without Content-Length the body of a datagram is all the rest", () => {
    expect(parseMessage(octets(`${options()}abc`))).toMatchObject({
      value: { body: octets("abc") },
    });
  });

  test("methods have a case, the version has none (§7.1)", () => {
    const lower = options().replace("OPTIONS sip", "options sip").replace("1 OPTIONS", "1 options");
    expect(readMessage(octets(lower.replace("SIP/2.0\r\n", "sip/2.0\r\n")))).toMatchObject({
      value: { method: "options" },
    });
  });

  test("a status line without phrase and blank is understood", () => {
    const read = parseMessage(octets(["SIP/2.0 180", ...basic, "", ""].join("\r\n")));
    expect(read).toMatchObject({ value: { status: 180, reason: "" } });
  });

  test("what is wrong gets the status the RFC says", () => {
    const rows: readonly [string, number | string][] = [
      [options(), "ok"],
      [options("Content-Length: 1"), 400],
      [options("Content-Length: x"), 400],
      [options("l: 0", "Content-Length: 0"), 400],
      [options("Bad header"), 400],
      [options(": empty"), 400],
      [options("X: a\nY: b"), 400],
      [options("X: a\rY: b"), 400],
      [options("Max-Forwards: 256"), 400],
      [options("Contact: <sip:a"), 400],
      [options("Require: a b"), 400],
      [options("Via: nonsense"), 400],
      [options().replace("SIP/2.0\r\n", "SIP/3.0\r\n"), 505],
      [options().replace("SIP/2.0\r\n", "HTTP/1.1\r\n"), 400],
      [options().replace("sip:c@d SIP", "sip:c@ SIP"), 400],
      [options().replace("sip:c@d SIP", "tel:+1 SIP"), "ok"],
      [options().replace("sip:c@d SIP", "urn:service:sos SIP"), 416],
      [options().replace("OPTIONS sip:c@d SIP/2.0", "OPTIONS"), 400],
      [options().replace("sip:c@d", `sip:${"c".repeat(9000)}@d`), 414],
      [options(`X: ${"y".repeat(8192)}`), 400],
      [options(...Array.from({ length: 252 }, () => "X: y")), 400],
      [options(...Array.from({ length: 251 }, () => "X: y")), "ok"],
      [options().slice(0, -2), 400],
      ["", 400],
      [" ", 400],
      ["\r\n\r\n", 400],
    ];
    for (const [message, expected] of rows)
      expect(status(message), message.slice(0, 300)).toBe(expected);
    for (const missing of basic)
      expect(status(options().replace(`${missing}\r\n`, "")), missing).toBe(400);
    expect(status(new Uint8Array(messageLimits.message + 1))).toBe(513);
  });

  test("a refusal has the request when it can be answered, never for ACK and responses", () => {
    const refused = (message: string) => {
      const result = readMessage(octets(message));
      if (result.ok) throw new Error("accepted");
      return result.error;
    };
    expect(refused(options("Bad header")).request).toMatchObject({ method: "OPTIONS" });
    expect(refused(options("Via: nonsense")).request?.headers.values(header.via)).toHaveLength(1);
    expect(refused(options("Bad header").replaceAll("OPTIONS", "ACK")).request).toBeUndefined();
    expect(refused(options().replace(basic[0] as string, "X: y")).request).toBeUndefined();
    const response = options("Bad header").replace("OPTIONS sip:c@d SIP/2.0", "SIP/2.0 200 OK");
    expect(refused(response).request).toBeUndefined();
  });

  test("a refusal says where", () => {
    const result = parseMessage(octets(options("Bad header")));
    const offset = options("Bad header").indexOf("Bad header");
    expect(result).toMatchObject({ ok: false, error: { offset, reason: "malformed header name" } });
  });

  test("octets that are not UTF-8 are passed on as they came", () => {
    const head = octets(options("X: "));
    const at = options("X: ").indexOf("X: ") + 3;
    for (const odd of [
      [0xe9],
      [0xff, 0xfe],
      [0xc3, 0xa9, 0xe9],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xef, 0xbf, 0xbd, 0x80],
      [0xf0, 0x9f, 0x98, 0x80, 0xf0],
    ]) {
      const message = Uint8Array.from([...head.slice(0, at), ...odd, ...head.slice(at)]);
      const read = parseMessage(message);
      if (!read.ok) throw new Error(read.error.reason);
      const printed = printMessage(read.value);
      const found = printed.findIndex((_, i) => odd.every((octet, j) => printed[i + j] === octet));
      expect(found).toBeGreaterThan(0);
      expect(parseMessage(printed)).toMatchObject({ ok: true });
    }
  });
});

describe("messages to octets", () => {
  test("long canonical names, no folding, Content-Length computed and last", () => {
    const read = parseMessage(
      octets(`${options("s: a\r\n b", "x-odd: 1", "cOnTeNt-TyPe: text/plain", "l: 2")}ab`),
    );
    if (!read.ok) throw new Error(read.error.reason);
    expect(text(read.value).split("\r\n")).toEqual([
      "OPTIONS sip:c@d SIP/2.0",
      ...basic,
      "Subject: a b",
      "x-odd: 1",
      "Content-Type: text/plain",
      "Content-Length: 2",
      "",
      "ab",
    ]);
    expect(text({ ...read.value, body: octets("äöü") })).toContain("Content-Length: 6\r\n");
  });

  test("a request of ours is put into a good order (§7.3.1)", () => {
    const request = createRequest("INVITE", "sip:a@b", [
      { name: "Content-Type", value: "application/sdp" },
      { name: "X-Odd", value: "1" },
      { name: "CSeq", value: "1 INVITE" },
      { name: "Contact", value: "<sip:me>" },
      { name: "Max-Forwards", value: "70" },
      { name: "Route", value: "<sip:r1>" },
      { name: "Route", value: "<sip:r2>" },
      { name: "Via", value: "SIP/2.0/UDP a" },
    ]);
    const names = [...request.headers].map(({ name }) => name);
    expect(names).toEqual([
      "Via",
      "Route",
      "Route",
      "Max-Forwards",
      "CSeq",
      "Contact",
      "X-Odd",
      "Content-Type",
    ]);
    expect(request.headers.texts("Route")).toEqual(["<sip:r1>", "<sip:r2>"]);
    expect(createRequest("A", "sip:a\r\nX: y", []).uri).toBe("sip:a X: y");
  });

  test("a response has Via, From, To, Call-ID and CSeq of its request, and a tag (§8.2.6.2)", () => {
    const read = readMessage(
      octets(options("Via: SIP/2.0/TCP p", "Timestamp: 54", "Record-Route: <sip:r>")),
    );
    if (!read.ok || read.value.kind !== "request") throw new Error("no request");
    const ok = createResponse(read.value, 200, {
      toTag: "mine",
      headers: [{ name: "Allow", value: "ACK" }],
    });
    expect(text(ok).split("\r\n").slice(0, 8)).toEqual([
      "SIP/2.0 200 OK",
      "Via: SIP/2.0/UDP h;branch=z9hG4bK1",
      "Via: SIP/2.0/TCP p",
      "From: <sip:a@b>;tag=1",
      "To: <sip:c@d>;tag=mine",
      "Call-ID: x",
      "CSeq: 1 OPTIONS",
      "Allow: ACK",
    ]);
    const trying = createResponse(read.value, 100, { toTag: "mine" });
    expect(parameter(trying.headers.value(header.to)?.parameters ?? [], "tag")).toBeUndefined();
    // RFC 3261 §8.2.6.1
    expect(trying.headers.text("Timestamp")).toBe("54");
    const tagged = createResponse(
      { ...read.value, headers: read.value.headers.setText("To", "<sip:c@d>;tag=old") },
      200,
      { toTag: "new" },
    );
    expect(tagged.headers.texts("To")).toEqual(["<sip:c@d>;tag=old"]);
    expect(createResponse(read.value, 486, { reason: "Busy\r\nX: y" }).reason).toBe("Busy X: y");
  });

  test("phrases: registered ones, else that of the class", () => {
    expect([reasonPhrase(487), reasonPhrase(299), reasonPhrase(699)]).toEqual([
      "Request Terminated",
      "OK",
      "Busy Everywhere",
    ]);
  });

  test("any message is equal after printing and reading", () => {
    const token = fc.stringMatching(/^[A-Za-z0-9.!%*_+`'~-]{1,12}$/);
    const value = fc
      .string({ unit: "binary", maxLength: 30 })
      .map((raw) => raw.replace(/[\r\n\ud800-\udfff]/g, "").replace(/^[ \t]+|[ \t]+$/g, ""));
    const field = fc.record({ name: token.map((name) => `X-${name}`), value });
    const body = fc.uint8Array({ maxLength: 50 });
    fc.assert(
      fc.property(token, fc.array(field, { maxLength: 8 }), body, (method, fields, content) => {
        const request = createRequest(method, "sip:a@b", fields, content);
        const read = parseMessage(printMessage(request));
        if (!read.ok) throw new Error(read.error.reason);
        expect(read.value).toMatchObject({ kind: "request", method, uri: "sip:a@b" });
        expect([...read.value.headers].slice(0, -1)).toEqual([...request.headers]);
        expect(read.value.body).toEqual(content);
      }),
      { numRuns: 500 },
    );
  });

  test("any octets are read without throwing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        const result = readMessage(noise);
        expect(typeof result.ok).toBe("boolean");
      }),
      { numRuns: 2000 },
    );
  });
});
