import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../../src/core/index.js";
import { parseSdp, printSdp, readAudio } from "../../../src/sdp/index.js";

const lines = (...all: string[]) => utf8(all.map((line) => `${line}\r\n`).join(""));

const HEAD = ["v=0", "o=alice 2890844526 2890844527 IN IP4 192.0.2.1", "s=-"];
const FULL = lines(
  ...HEAD,
  "i=A call",
  "c=IN IP4 192.0.2.1",
  "b=AS:64",
  "t=0 0",
  "a=ice-lite",
  "m=audio 49170/2 RTP/AVP 8 0 18 97 101",
  "b=RS:0",
  "a=rtpmap:8 PCMA/8000",
  "a=rtpmap:18 G729/8000",
  "a=fmtp:18 annexb=no",
  "a=rtpmap:97 CLEARMODE/8000",
  "a=rtpmap:101 telephone-event/8000",
  "a=fmtp:101 0-15,66",
  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj",
  "a=candidate:1 1 UDP 2130706431 192.0.2.1 49170 typ host",
  "a=ptime:20",
  "a=x-unknown:kept as it is",
  "k=clear:old",
  "m=video 0 RTP/AVP 31",
  "m=image 49172 udptl t38",
  "a=T38FaxVersion:0",
);

function parsed(content: Uint8Array) {
  const result = parseSdp(content);
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
}

describe("[RFC 8866] a description", () => {
  test("is printed as it was read, with every line that nobody understands", () => {
    expect(fromUtf8(printSdp(parsed(FULL)))).toBe(fromUtf8(FULL));
  });

  test("is read with bare line feeds and an empty line at its end", () => {
    const text = fromUtf8(FULL).replaceAll("\r\n", "\n");
    expect(printSdp(parsed(utf8(`${text}\n`)))).toEqual(FULL);
  });

  test("keeps its media in their order", () => {
    const { media } = parsed(FULL);
    expect(media.map((one) => [one.media, one.port, one.protocol])).toEqual([
      ["audio", 49170, "RTP/AVP"],
      ["video", 0, "RTP/AVP"],
      ["image", 49172, "udptl"],
    ]);
  });

  test.each([
    ["nothing", utf8(""), "not v=0"],
    ["another version", lines("v=1", ...HEAD.slice(1)), "not v=0"],
    ["no origin", lines("v=0", "s=-"), "not exactly one o= line"],
    ["two origins", lines(...HEAD, HEAD[1] ?? ""), "not exactly one o= line"],
    ["a line without type", lines(...HEAD, "hello"), "not a line of type=value"],
    ["a port above 65535", lines(...HEAD, "m=audio 65536 RTP/AVP 0"), "malformed m= line"],
    ["a negative port", lines(...HEAD, "m=audio -1 RTP/AVP 0"), "malformed m= line"],
    ["no format", lines(...HEAD, "m=audio 5000 RTP/AVP"), "malformed m= line"],
    ["no ports", lines(...HEAD, "m=audio 5000/0 RTP/AVP 0"), "malformed m= line"],
    ["a carriage return within", lines(...HEAD, "a=x\ry"), "control character"],
    ["a NUL", lines(...HEAD, "a=x\0y"), "control character"],
    ["66 media", lines(...HEAD, ...Array(66).fill("m=audio 0 RTP/AVP 0")), "too many lines"],
    ["1100 lines", lines(...HEAD, ...Array(1100).fill("a=x")), "too many lines"],
    [
      "1100 lines below",
      lines(...HEAD, "m=audio 0 X 0", ...Array(1100).fill("a=x")),
      "too many lines",
    ],
    ["70,000 octets", new Uint8Array(70_000).fill(65), "description too long"],
  ])("with %s is a fault", (_, content, reason) => {
    expect(parseSdp(content)).toMatchObject({ ok: false, error: { reason } });
  });

  test("a fault says where it is", () => {
    const content = lines(...HEAD, "hello");
    expect(parseSdp(content)).toMatchObject({ error: { offset: content.length - 7 } });
  });

  test("whatever octets come, the answer is a value, and what was read prints to the same again", () => {
    const any = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .string({ unit: fc.constantFrom(..."voscm=a0 1/:\r\nINP4.audioRTAVP"), maxLength: 300 })
        .map((text) => utf8(`v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\n${text}`)),
    );
    fc.assert(
      fc.property(any, (content) => {
        const first = parseSdp(content);
        if (!first.ok) return;
        for (const stream of first.value.media) readAudio(first.value, stream);
        expect(parseSdp(printSdp(first.value))).toEqual(first);
      }),
    );
  });
});

describe("an audio stream", () => {
  const audio = (...below: string[]) => {
    const description = parsed(lines(...HEAD, ...below));
    const [stream] = description.media;
    return stream && readAudio(description, stream);
  };

  test("is read with formats, events, packet time and direction", () => {
    const { media, session } = parsed(FULL);
    const [stream] = media;
    expect(stream && readAudio({ media, session }, stream)).toEqual({
      ...{ port: 49170, protocol: "RTP/AVP", address: "192.0.2.1", family: "IP4", rtcp: true },
      ...{ rtcpAddress: "192.0.2.1", rtcpPort: 49171, ptimeMs: 20, direction: "sendrecv" },
      formats: [
        ...[
          [8, "PCMA", ""],
          [0, "PCMU", ""],
          [18, "G729", "annexb=no"],
        ],
        ...[
          [97, "CLEARMODE", ""],
          [101, "TELEPHONE-EVENT", "0-15,66"],
        ],
      ].map(([payloadType, encoding, parameters]) => ({
        ...{ payloadType, encoding, parameters, clockRate: 8000, channels: 1 },
      })),
    });
  });

  test("its own address goes before the session's", () => {
    const found = audio("c=IN IP4 192.0.2.1", "m=audio 5000 RTP/AVP 0", "c=IN IP6 2001:db8::1");
    expect(found).toMatchObject({ address: "2001:db8::1" });
  });

  test("without an address is none", () => {
    expect(audio("m=audio 5000 RTP/AVP 0")).toBeUndefined();
  });

  test("[RFC 3605] the RTCP port and address may be said", () => {
    const head = ["c=IN IP4 192.0.2.1", "m=audio 5000 RTP/AVP 0"];
    expect(audio(...head, "a=rtcp:6001")).toMatchObject({
      rtcpPort: 6001,
      rtcpAddress: "192.0.2.1",
    });
    expect(audio(...head, "a=rtcp:6001 IN IP4 192.0.2.9")).toMatchObject({
      ...{ rtcpPort: 6001, rtcpAddress: "192.0.2.9" },
    });
    expect(audio(...head, "a=rtcp:99999")).toMatchObject({ rtcpPort: 5001 });
  });

  test("[RFC 3556] both bandwidths 0 turn RTCP off", () => {
    const head = ["c=IN IP4 192.0.2.1", "m=audio 5000 RTP/AVP 0", "b=RS:0"];
    expect(audio(...head)).toMatchObject({ rtcp: true });
    expect(audio(...head, "b=RR:0")).toMatchObject({ rtcp: false });
  });

  test("[RFC 3264 §8.4] [hold] c=0.0.0.0 reads as a direction that does not receive", () => {
    const hold = (...more: string[]) =>
      audio("c=IN IP4 0.0.0.0", "m=audio 5000 RTP/AVP 0", ...more);
    expect(hold()).toMatchObject({ direction: "sendonly" });
    expect(hold("a=sendonly")).toMatchObject({ direction: "sendonly" });
    expect(hold("a=recvonly")).toMatchObject({ direction: "inactive" });
    expect(hold("a=inactive")).toMatchObject({ direction: "inactive" });
  });

  test("a direction of the session holds for media that say none", () => {
    const head = ["c=IN IP4 192.0.2.1", "a=sendonly", "m=audio 5000 RTP/AVP 0"];
    expect(audio(...head)).toMatchObject({ direction: "sendonly" });
    expect(audio(...head, "a=recvonly")).toMatchObject({ direction: "recvonly" });
  });

  test("[RFC 3108] silence suppression is read", () => {
    const head = ["c=IN IP4 192.0.2.1", "m=audio 5000 RTP/AVP 0"];
    expect(audio(...head, "a=silenceSupp:off - - - -")).toMatchObject({
      silenceSuppression: false,
    });
    expect(audio(...head, "a=silenceSupp:on 1 - - -")).toMatchObject({ silenceSuppression: true });
    expect(audio(...head, "a=silenceSupp:maybe")).not.toHaveProperty("silenceSuppression");
  });

  test("numbers without a meaning, malformed maps and absurd packet times are passed over", () => {
    const found = audio(
      ...["c=IN IP4 192.0.2.1/127", "m=audio 5000 RTP/AVP 8 96 97 200 x"],
      ...["a=rtpmap:97 foo", "a=rtpmap:300 PCMU/8000", "a=ptime:0", "a=maxptime:60.5"],
    );
    expect(found?.formats.map(({ payloadType }) => payloadType)).toEqual([8]);
    expect(found).toMatchObject({ address: "192.0.2.1", maxPtimeMs: 60 });
    expect(found).not.toHaveProperty("ptimeMs");
  });
});
