import { describe, expect, test } from "vitest";
import { header, parameter, parseUri, readMessage } from "../../../../src/sip/message/index.js";

/** The messages of RFC 5118 section 4, by what is particular in each. */
function read(requestUri: string, via: string, ...more: string[]) {
  const text = [
    `REGISTER ${requestUri} SIP/2.0`,
    "To: sip:user@example.com",
    "From: sip:user@example.com;tag=81x2",
    `Via: ${via}`,
    "Call-ID: SSG9559905523997077@hlau_4100",
    "Max-Forwards: 70",
    'Contact: "Caller" <sip:caller@[2001:db8::1]>',
    "CSeq: 98176 REGISTER",
    ...more,
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
  return readMessage(new TextEncoder().encode(text));
}

const usual = "SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111";

describe("IPv6 torture messages [RFC 5118]", () => {
  test("§4.1 a valid message with an IPv6 reference", () => {
    expect(read("sip:[2001:db8::10]", usual).ok).toBe(true);
    expect(parseUri("sip:[2001:db8::10]")).toMatchObject({ value: { host: "[2001:db8::10]" } });
  });

  test("§4.2 an address without brackets in the Request-URI: 400", () => {
    expect(read("sip:2001:db8::10", usual)).toMatchObject({ ok: false, error: { status: 400 } });
  });

  test("§4.3 port ambiguous: within the brackets it is of the address", () => {
    const uri = parseUri("sip:[2001:db8::10:5070]");
    expect(uri).toMatchObject({ value: { host: "[2001:db8::10:5070]" } });
    expect(uri.ok && "port" in uri.value).toBe(false);
  });

  test("§4.4 port unambiguous", () => {
    expect(parseUri("sip:[2001:db8::10]:5070")).toMatchObject({
      value: { host: "[2001:db8::10]", port: 5070 },
    });
  });

  test("§4.5 received without brackets, and with them", () => {
    for (const received of ["2001:db8::9:255", "[2001:db8::9:255]"]) {
      const message = read("sip:[2001:db8::10]", `${usual};received=${received}`);
      if (!message.ok) throw new Error(message.error.reason);
      const via = message.value.headers.value(header.via);
      expect(via?.host).toBe("[2001:db8::9:1]");
      expect(parameter(via?.parameters ?? [], "received")).toBe(received);
    }
  });

  test("§4.9 an IPv4 address within an IPv6 one", () => {
    expect(parseUri("sip:user@[::ffff:192.0.2.2]:5060")).toMatchObject({
      value: { host: "[::ffff:192.0.2.2]", port: 5060 },
    });
  });

  test("§4.10 three colons, as the grammar of RFC 3261 once allowed", () => {
    expect(parseUri("sip:user@[2001:db8:::192.0.2.1]").ok).toBe(true);
  });
});
