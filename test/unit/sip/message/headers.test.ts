import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Headers,
  header,
  headersOf,
  parseMessage,
} from "../../../../src/sip/message/index.js";

function received(...lines: string[]): Headers {
  const text = ["OPTIONS sip:a@b SIP/2.0", ...lines, "", ""].join("\r\n");
  const message = parseMessage(new TextEncoder().encode(text));
  if (!message.ok) throw new Error(message.error.reason);
  return message.value.headers;
}

const lines = ["v: SIP/2.0/UDP a, SIP/2.0/UDP b", "X-Two: 2", "VIA: SIP/2.0/UDP c", "x-two: 3"];

describe("headers", () => {
  test("are found by row, long name, compact name, in any case", () => {
    const headers = received(...lines);
    for (const which of ["Via", "via", "V", header.via])
      expect(headers.texts(which)).toEqual(["SIP/2.0/UDP a, SIP/2.0/UDP b", "SIP/2.0/UDP c"]);
    expect(headers.text("X-TWO")).toBe("2");
    expect(headers.texts("x-two")).toEqual(["2", "3"]);
    expect([headers.has("x-two"), headers.has("x-tw"), headers.size]).toEqual([true, false, 4]);
    expect(headers.values(header.via).map(({ host }) => host)).toEqual(["a", "b", "c"]);
    expect(headers.value(header.from)).toBeUndefined();
    expect(received("_Odd~: 1").text("_oDD~")).toBe("1");
  });

  test("keep their order and names, unknown ones too", () => {
    expect([...received(...lines)].map(({ name }) => name)).toEqual(["v", "X-Two", "VIA", "x-two"]);
  });

  test("edits leave the original alone", () => {
    const headers = received(...lines);
    const hosts = (list: Headers) => list.values(header.via).map(({ host }) => host);
    const d = { transport: "TCP", host: "d", parameters: [] };
    expect(hosts(headers.prepend(header.via, d))).toEqual(["d", "a", "b", "c"]);
    expect(hosts(headers.append(header.via, d))).toEqual(["a", "b", "c", "d"]);
    expect(hosts(headers.replaceFirst(header.via, d))).toEqual(["d", "b", "c"]);
    expect(hosts(headers.removeFirst(header.via))).toEqual(["b", "c"]);
    expect(hosts(headers.removeFirst(header.via).removeFirst(header.via))).toEqual(["c"]);
    expect(hosts(headers.set(header.via, d))).toEqual(["d"]);
    expect(hosts(headers.without("V"))).toEqual([]);
    expect(headers.setText("X-Two", "9").texts("x-two")).toEqual(["9"]);
    expect([...headers.concat([{ name: "Z", value: "1" }])].at(-1)).toEqual({
      name: "Z",
      value: "1",
    });
    expect(hosts(headers)).toEqual(["a", "b", "c"]);
    expect(headers.without("nothing")).toBe(headers);
  });

  test("of an empty list: setting appends, removing does nothing", () => {
    const none = headersOf([]);
    expect(none.removeFirst(header.via)).toBe(none);
    expect([...none.replaceFirst(header.maxForwards, 5)]).toEqual([
      { name: "Max-Forwards", value: "5" },
    ]);
    expect([...none.setText("m", "*")]).toEqual([{ name: "Contact", value: "*" }]);
  });

  test("that may stand once but stand twice are an error, not the first", () => {
    const headers = received("CSeq: 1 OPTIONS", "CSeq: 2 OPTIONS");
    expect(headers.read(header.cSeq).ok).toBe(false);
    expect(headers.value(header.cSeq)).toBeUndefined();
    expect(headers.values(header.cSeq)).toEqual([]);
  });

  test("commas within quotes, angle brackets and escapes do not separate", () => {
    const headers = received(
      'm: "a, \\", b" <sip:x,y@z;p=1>;q=1 , <sip:c@d,e>',
      "Contact: <sip:f@g>",
    );
    expect(headers.read(header.contact).ok).toBe(false);
    const good = received('m: "a, \\", b" <sip:x,y@z;p=1>;q=1 , <sip:c@d>', "Contact: <sip:f@g>");
    expect(good.values(header.contact)).toHaveLength(3);
  });

  test("authentication headers are not cut at commas", () => {
    const headers = received(
      'WWW-Authenticate: Digest realm="a", nonce="b"',
      "WWW-Authenticate: X y=z",
    );
    expect(headers.values(header.wwwAuthenticate).map(({ scheme }) => scheme)).toEqual([
      "Digest",
      "X",
    ]);
  });

  test("folded values are one line, with one blank at each fold", () => {
    const headers = received("Subject: a \r\n \t b\r\n  c", "X: \r\n  y", "Z:\r\n ");
    expect(headers.text("s")).toBe("a b c");
    expect(headers.text("X")).toBe("y");
    expect(headers.text("Z")).toBe("");
  });

  test("line ends cannot be put into a value", () => {
    const value = "a\r\nEvil: 1\n\nbody";
    for (const headers of [
      headersOf([{ name: "Subject", value }]),
      headersOf([]).appendText("Subject", value),
      headersOf([]).prependText("Subject", value),
      headersOf([{ name: "s", value: "" }]).setText("Subject", value),
      headersOf([]).concat([{ name: "Subject", value }]),
      headersOf([]).set(header.subject, value),
    ])
      expect([...headers]).toEqual([{ name: "Subject", value: "a Evil: 1 body" }]);
  });

  test("a list has a bound", () => {
    const many = Array.from({ length: 257 }, () => "a").join(",");
    expect(received(`Supported: ${many}`).read(header.supported).ok).toBe(false);
  });

  test("hostile values cost no more than their length", () => {
    for (const value of [
      "\\".repeat(8000),
      '"'.repeat(8000),
      "<".repeat(8000),
      "(".repeat(8000),
      ";".repeat(8000),
      " ".repeat(8000),
      "%".repeat(8000),
      ",".repeat(8000),
    ]) {
      const headers = headersOf([{ name: "X", value: `x${value}x` }]);
      for (const row of Object.values(header))
        headersOf([{ name: row.name, value: headers.text("X") ?? "" }]).read<unknown>(row as never);
    }
  }, 2000);

  test("any typed address survives being set and read", () => {
    const display = fc
      .string({ unit: "binary" })
      .map((text) => text.replace(/[\r\n\ud800-\udfff]/g, ""));
    fc.assert(
      fc.property(display, (name) => {
        const address = {
          display: name,
          uri: { kind: "sip" as const, secure: false, host: "h", parameters: [], headers: [] },
          parameters: [{ name: "tag", value: "t" }],
        };
        expect(headersOf([]).set(header.from, address).value(header.from)).toEqual(address);
      }),
    );
  });
});
