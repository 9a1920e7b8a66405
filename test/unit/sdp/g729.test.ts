import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../../src/core/index.js";
import {
  acceptAnswer,
  type Codec,
  createAnswer,
  createOffer,
  type LocalMedia,
  type MediaAgreement,
  type MediaPolicy,
  ownSession,
  parseSdp,
  printSdp,
  type SessionDescription,
} from "../../../src/sdp/index.js";

const PCMA: Codec = { name: "PCMA", clockRate: 8000 };
const PCMU: Codec = { name: "PCMU", clockRate: 8000 };
const G729: Codec = { name: "G729", clockRate: 8000, annexB: true };
const G729_NO_B: Codec = { ...G729, annexB: false };
const LOCAL: LocalMedia = {
  ...{ address: "198.51.100.1", port: 16384, rtcpPort: 16385, direction: "sendrecv" },
};

const policy = (more: Partial<MediaPolicy> = {}): MediaPolicy => ({
  ...{ codecs: [PCMA, PCMU, G729], preference: "ours", telephoneEvents: "0-15", vad: true },
  ...{ receivePtimeMs: 20, sendPtimeMs: 20, maxPtimeMs: 60 },
  ...more,
});

function sdp(...below: string[]): SessionDescription {
  const head = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"];
  const result = parseSdp(utf8([...head, ...below].join("\r\n")));
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
}

const text = (description: SessionDescription) =>
  fromUtf8(printSdp(description)).trimEnd().split("\r\n");

function answered(p: MediaPolicy, ...below: string[]) {
  const result = createAnswer(sdp(...below), ownSession("7"), LOCAL, p);
  if (!result.ok) throw new Error(result.error.reason);
  return { ...result.value, lines: text(result.value.description) };
}

function accepted(p: MediaPolicy, ...below: string[]): MediaAgreement {
  const result = acceptAnswer(createOffer(ownSession("7"), LOCAL, p), sdp(...below), p);
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
}

/** What offers of other equipment say of annex B, and what that means (RFC 7261 §3). */
const ANNEX_B: readonly (readonly [what: string, lines: readonly string[], annexB: boolean])[] = [
  ["nothing", [], true],
  ["rtpmap alone", ["a=rtpmap:18 G729/8000"], true],
  ["yes", ["a=fmtp:18 annexb=yes"], true],
  ["no", ["a=fmtp:18 annexb=no"], false],
  ["no in upper case", ["a=fmtp:18 ANNEXB=NO"], false],
  ["no with blanks", ["a=fmtp:18  annexb = no "], false],
  ["no in quotes", ['a=fmtp:18 annexb="no"'], false],
  ["no with a semicolon behind", ["a=fmtp:18 annexb=no;"], false],
  ["no among what nobody knows", ["a=fmtp:18 bitrate=8;annexb=no; mode=x"], false],
  ["no on a second line", ["a=fmtp:18 bitrate=8", "a=fmtp:18 annexb=no"], false],
  ["only what nobody knows", ["a=fmtp:18 xannexb=no;annexb2=no;no"], true],
  ["no value", ["a=fmtp:18 annexb="], true],
  ["nonsense", ["a=fmtp:18 annexb=maybe"], true],
  ["no of another format", ["a=fmtp:96 annexb=no"], true],
  [
    "no of equipment that names the annex",
    ["a=rtpmap:18 G729A/8000", "a=fmtp:18 annexb=no"],
    false,
  ],
  [
    "yes, and silence suppression off",
    ["a=fmtp:18 annexb=yes", "a=silenceSupp:off - - - -"],
    false,
  ],
];

describe("[RFC 7261 §3] annex B of G.729 (rtpengine 936, 1951, 1971, 1999; pjproject 1112)", () => {
  test.each(ANNEX_B)("an offer that says %s", (_, lines, annexB) => {
    const { agreement, lines: ours } = answered(policy(), "m=audio 5000 RTP/AVP 18", ...lines);
    expect(agreement.send.codec).toEqual({ ...G729, annexB });
    expect(agreement.receive).toEqual([{ payloadType: 18, codec: { ...G729, annexB } }]);
    expect(agreement.send.silenceSuppression).toBe(annexB ? true : undefined);
    expect(ours).toContain(`a=fmtp:18 annexb=${annexB ? "yes" : "no"}`);
  });

  test.each(ANNEX_B)("an answer that says %s", (_, lines, annexB) => {
    const agreed = accepted(policy(), "m=audio 5000 RTP/AVP 18", ...lines);
    expect(agreed.send.codec.annexB).toBe(annexB);
    expect(agreed.receive[0]?.codec.annexB).toBe(annexB);
    expect(agreed.send.silenceSuppression).toBe(annexB ? true : undefined);
  });

  test.each(ANNEX_B)("we do not want it: no whatever they say (%s)", (_, lines) => {
    const p = policy({ codecs: [G729_NO_B] });
    const { agreement, lines: ours } = answered(p, "m=audio 5000 RTP/AVP 18", ...lines);
    expect(agreement.send.codec.annexB).toBe(false);
    expect(agreement.send).not.toHaveProperty("silenceSuppression");
    expect(ours).toContain("a=fmtp:18 annexb=no");
    expect(text(createOffer(ownSession("7"), LOCAL, p).description)).toContain(
      "a=fmtp:18 annexb=no",
    );
    const agreed = accepted(p, "m=audio 5000 RTP/AVP 18", ...lines);
    expect(agreed.send.codec.annexB).toBe(false);
    expect(agreed.receive[0]?.codec.annexB).toBe(false);
  });

  test("what two sides agree on is the same for both, and never more than either wants", () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), (a, b) => {
        const [pa, pb] = [a, b].map((annexB) => policy({ codecs: [{ ...G729, annexB }] }));
        if (pa === undefined || pb === undefined) return;
        const offer = createOffer(ownSession("1"), LOCAL, pa);
        const answer = createAnswer(offer.description, ownSession("2"), LOCAL, pb);
        if (!answer.ok) throw new Error(answer.error.reason);
        const agreed = acceptAnswer(offer, answer.value.description, pa);
        if (!agreed.ok) throw new Error(agreed.error.reason);
        expect(agreed.value.send.codec.annexB).toBe(a && b);
        expect(answer.value.agreement.send.codec.annexB).toBe(a && b);
      }),
    );
  });
});

describe("G.729 among other codecs", () => {
  test("stands under its static number, behind G.711 by default", () => {
    expect(text(createOffer(ownSession("7"), LOCAL, policy()).description).slice(5)).toEqual([
      ...["m=audio 16384 RTP/AVP 8 0 18 101", "a=rtpmap:8 PCMA/8000", "a=rtpmap:0 PCMU/8000"],
      ...["a=rtpmap:18 G729/8000", "a=fmtp:18 annexb=yes", "a=rtpmap:101 telephone-event/8000"],
      ...["a=fmtp:101 0-15", "a=ptime:20", "a=maxptime:60", "a=sendrecv"],
    ]);
  });

  test.each([
    [["m=audio 5000 RTP/AVP 18 8"], "PCMA"],
    [["m=audio 5000 RTP/AVP 18"], "G729"],
    [["m=audio 5000 RTP/AVP 4 18 3"], "G729"],
    [["m=audio 5000 RTP/AVP 96", "a=rtpmap:96 g729/8000/1"], "G729"],
    [["m=audio 5000 RTP/AVP 18", "a=rtpmap:18 G729B/8000"], "G729"],
  ])("of %j we take %s", (lines, name) => {
    expect(answered(policy(), ...lines).agreement.send.codec.name).toBe(name);
  });

  test.each([
    ["annexes with other bit rates", ["m=audio 5000 RTP/AVP 96", "a=rtpmap:96 G729E/8000"]],
    ["the wide-band one", ["m=audio 5000 RTP/AVP 96", "a=rtpmap:96 G7291/16000"]],
    ["18 with another meaning", ["m=audio 5000 RTP/AVP 18", "a=rtpmap:18 iLBC/8000"]],
  ])("%s are not it", (_, lines) => {
    expect(createAnswer(sdp(...lines), ownSession("7"), LOCAL, policy()).ok).toBe(false);
  });

  test("[RFC 3264 §8.3.2] numbers stay through offers and answers that change the codec", () => {
    const first = answered(
      policy(),
      "m=audio 5000 RTP/AVP 96 97",
      ...[...["a=rtpmap:96 G729/8000", "a=rtpmap:97 telephone-event/8000"]],
    );
    expect(first.lines).toContain("m=audio 16384 RTP/AVP 96 97");
    const again = createOffer(first.own, LOCAL, policy());
    expect(text(again.description)).toContain("m=audio 16384 RTP/AVP 8 0 96 97");
    const back = createAnswer(sdp("m=audio 5000 RTP/AVP 18"), again.own, LOCAL, policy());
    // 18 is theirs to send to; ours for G.729 has been 96
    expect(back.ok && back.value.agreement.send.payloadType).toBe(18);
    expect(back.ok && back.value.agreement.receive).toEqual([{ payloadType: 96, codec: G729 }]);
  });
});

describe("[RFC 3389] comfort noise goes with G.711", () => {
  const CN = policy({ codecs: [PCMA, G729], comfortNoise: true });

  test("offered under 13 where it is configured, and only beside G.711", () => {
    const offer = text(createOffer(ownSession("7"), LOCAL, CN).description);
    expect(offer).toContain("m=audio 16384 RTP/AVP 8 18 13 101");
    expect(offer).toContain("a=rtpmap:13 CN/8000");
    const g729 = policy({ codecs: [G729], comfortNoise: true });
    expect(text(createOffer(ownSession("7"), LOCAL, g729).description)).toContain(
      "m=audio 16384 RTP/AVP 18 101",
    );
  });

  test("answered to who offers it, under their number", () => {
    const { agreement, lines } = answered(CN, "m=audio 5000 RTP/AVP 8 13");
    expect(lines).toContain("m=audio 16384 RTP/AVP 8 13");
    expect(agreement).toMatchObject({
      ...{ comfortNoise: { send: 13, receive: 13 }, send: { silenceSuppression: true } },
    });
    const dynamic = answered(CN, "m=audio 5000 RTP/AVP 8 100", "a=rtpmap:100 CN/8000");
    expect(dynamic.agreement.comfortNoise).toEqual({ send: 100, receive: 100 });
  });

  test.each([
    ["it is not configured", policy({ codecs: [PCMA] }), ["m=audio 5000 RTP/AVP 8 13"]],
    ["it was not offered", CN, ["m=audio 5000 RTP/AVP 8"]],
    ["the codec has its own", CN, ["m=audio 5000 RTP/AVP 18 13"]],
    ["its clock is another", CN, ["m=audio 5000 RTP/AVP 8 98", "a=rtpmap:98 CN/16000"]],
  ])("there is none when %s", (_, p, lines) => {
    const { agreement, lines: ours } = answered(p, ...lines);
    expect(agreement).not.toHaveProperty("comfortNoise");
    expect(ours.filter((line) => line.includes("CN/8000"))).toEqual([]);
    expect(accepted(p, ...lines)).not.toHaveProperty("comfortNoise");
  });

  test("settled by their answer to our offer", () => {
    expect(accepted(CN, "m=audio 5000 RTP/AVP 8 13")).toMatchObject({
      ...{ comfortNoise: { send: 13, receive: 13 }, send: { silenceSuppression: true } },
    });
    expect(accepted(CN, "m=audio 5000 RTP/AVP 8").send).not.toHaveProperty("silenceSuppression");
  });

  test.each([
    ["off", CN, "a=silenceSupp:off - - - -", "off", undefined],
    ["on", CN, "a=silenceSupp:on - - - -", "on", true],
    ["on, but we send all", { ...CN, vad: false }, "a=silenceSupp:on - - - -", "off", true],
  ] as const)("[RFC 3108 §5.6.2.5] silence suppression %s", (_, p, line, ours, allowed) => {
    const { agreement, lines } = answered(p, "m=audio 5000 RTP/AVP 8 13", line);
    expect(agreement.send.silenceSuppression).toBe(allowed);
    expect(lines).toContain(`a=silenceSupp:${ours} - - - -`);
  });

  test("who does not speak of silence suppression is not told of it", () => {
    const { lines } = answered(CN, "m=audio 5000 RTP/AVP 8 13");
    expect(lines.filter((line) => line.includes("silenceSupp"))).toEqual([]);
  });
});

describe("packet times (rtpengine 1349, 944)", () => {
  test.each([
    [["a=ptime:30"], 30],
    [["a=ptime:20", "a=maxptime:10"], 10],
    [["a=maxptime:40"], 20],
    [["a=ptime:60", "a=maxptime:40"], 40],
    [["a=ptime:50"], 40],
    [["a=ptime:25"], 20],
    [["a=ptime:15"], 10],
    [["a=ptime:5"], 10],
    [["a=ptime:120"], 60],
    [["a=ptime:0"], 20],
    [["a=ptime:twenty"], 20],
    [["a=ptime:20.0", "a=maxptime:150"], 20],
  ])("%j in offer or answer: packets of %i ms", (lines, ptimeMs) => {
    const offer = ["m=audio 5000 RTP/AVP 18", ...lines];
    expect(answered(policy(), ...offer).agreement.send.ptimeMs).toBe(ptimeMs);
    expect(accepted(policy(), ...offer).send.ptimeMs).toBe(ptimeMs);
  });

  test("a maximum that the session says counts for the stream", () => {
    const offer = parseSdp(
      utf8(
        [
          ...["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"],
          ...["a=maxptime:10", "m=audio 5000 RTP/AVP 18"],
        ].join("\r\n"),
      ),
    );
    if (!offer.ok) throw new Error(offer.error.reason);
    const result = createAnswer(offer.value, ownSession("7"), LOCAL, policy());
    expect(result.ok && result.value.agreement.send.ptimeMs).toBe(10);
  });
});
