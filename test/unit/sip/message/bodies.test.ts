import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type BodyPart,
  createRequest,
  readBodies,
  writeBodies,
} from "../../../../src/sip/message/index.js";

const octets = (text: string) => new TextEncoder().encode(text);

function read(
  contentType: string | undefined,
  body: string | Uint8Array,
  ...more: [string, string][]
) {
  const headers = [
    ...(contentType === undefined ? [] : [{ name: "Content-Type", value: contentType }]),
    ...more.map(([name, value]) => ({ name, value })),
  ];
  const content = typeof body === "string" ? octets(body) : body;
  return readBodies(createRequest("INVITE", "sip:a@b", headers, content));
}

const sdp: BodyPart = { type: "application/sdp", content: octets("v=0\r\n") };
const isup: BodyPart = {
  type: "application/isup",
  parameters: { version: "itu-t92+", base: "itu-t92+" },
  disposition: "signal;handling=optional",
  content: Uint8Array.of(1, 0, 13, 10, 45, 45, 255),
};

describe("bodies (RFC 3261 §7.4, RFC 5621, RFC 2046 §5.1)", () => {
  test("none, one, or several come back as they were written", () => {
    for (const bodies of [[], [sdp], [isup], [sdp, isup], [isup, sdp, sdp]]) {
      const { headers, body } = writeBodies(bodies, "b1");
      expect(readBodies(createRequest("INVITE", "sip:a@b", headers, body))).toEqual({
        ok: true,
        value: bodies,
      });
    }
  });

  test("the boundary is made longer when a body has it", () => {
    const tricky: BodyPart = { type: "text/plain", content: octets("x\r\n--b1\r\ny\r\n--b1--") };
    const { headers, body } = writeBodies([tricky, sdp], "b1");
    expect(headers.at(-1)?.value).toBe("multipart/mixed;boundary=b1x");
    expect(read(headers.at(-1)?.value, body)).toEqual({ ok: true, value: [tricky, sdp] });
  });

  test("any contents come back", () => {
    const part = fc
      .uint8Array({ maxLength: 40 })
      .map((content): BodyPart => ({ type: "a/b", content }));
    fc.assert(
      fc.property(fc.array(part, { minLength: 2, maxLength: 4 }), (parts) => {
        const { headers, body } = writeBodies(parts, "-");
        expect(read(headers.at(-1)?.value, body)).toEqual({ ok: true, value: parts });
      }),
    );
  });

  test("parts nested in parts are flattened, preamble and epilogue ignored", () => {
    const inner = "--in\r\nContent-Type: a/b\r\n\r\n1\r\n--in\r\n\r\n2\r\n--in--";
    const outer = `preamble\r\n--out\r\nContent-Type: multipart/alternative; boundary="in"\r\n\r\n${inner}\r\n--out \r\nc: c/D; X=y\r\n\r\n3\r\n--out--\r\nepilogue`;
    expect(read("multipart/mixed ; boundary=out", outer)).toMatchObject({
      value: [
        { type: "a/b", content: octets("1") },
        { type: "text/plain", content: octets("2") },
        { type: "c/d", parameters: { x: "y" }, content: octets("3") },
      ],
    });
  });

  test("what cannot be understood is refused", () => {
    const nested = (depth: number): string =>
      depth === 0
        ? "--b0\r\n\r\nx\r\n--b0--"
        : `--b${depth}\r\nContent-Type: multipart/mixed;boundary=b${depth - 1}\r\n\r\n${nested(depth - 1)}\r\n--b${depth}--`;
    const many = `--b\r\n\r\n${"x\r\n--b\r\n\r\n".repeat(32)}x\r\n--b--`;
    const rows: readonly [string | undefined, string][] = [
      [undefined, "x"],
      ["nonsense", "x"],
      ["multipart/mixed", "--b\r\n\r\nx\r\n--b--"],
      ["multipart/mixed;boundary=b", "nothing"],
      ["multipart/mixed;boundary=b", "--b\r\n\r\nx"],
      ["multipart/mixed;boundary=b", "--b\r\nBad line\r\n\r\nx\r\n--b--"],
      ["multipart/mixed;boundary=b", "--b\r\nno end of head\r\n--b--"],
      ["multipart/mixed;boundary=b4", nested(4)],
      ["multipart/mixed;boundary=b", many],
      ["multipart/mixed;boundary=b", "--b\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--b--"],
    ];
    for (const [type, body] of rows)
      expect(read(type, body), `${type} ${body}`).toMatchObject({ ok: false });
    expect(read("multipart/mixed;boundary=b3", nested(3))).toMatchObject({
      value: [{ content: octets("x") }],
    });
  });

  test("a hostile multipart costs no more than its length", () => {
    const body = octets("\r\n--".repeat(15_000));
    expect(read(`multipart/mixed;boundary=${"-".repeat(70)}`, body).ok).toBe(false);
  }, 1000);
});
