import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../../src/core/index.js";
import {
  acceptAnswer,
  answerDirection,
  type Codec,
  createAnswer,
  createOffer,
  type Direction,
  firstChoice,
  isReceiving,
  isSending,
  type LocalMedia,
  type MediaPolicy,
  ownSession,
  parseSdp,
  printSdp,
  type SessionDescription,
} from "../../../src/sdp/index.js";

const PCMA: Codec = { name: "PCMA", clockRate: 8000 };
const PCMU: Codec = { name: "PCMU", clockRate: 8000 };
const CLEARMODE: Codec = { name: "CLEARMODE", clockRate: 8000 };
const G729: Codec = { name: "G729", clockRate: 8000, annexB: true };
const DIRECTIONS: readonly Direction[] = ["sendrecv", "sendonly", "recvonly", "inactive"];

const policy = (more: Partial<MediaPolicy> = {}): MediaPolicy => ({
  ...{ codecs: [PCMA, PCMU], preference: "theirs", telephoneEvents: "0-15" },
  ...{ receivePtimeMs: 20, sendPtimeMs: 20, maxPtimeMs: 60 },
  ...more,
});

const local = (more: Partial<LocalMedia> = {}): LocalMedia => ({
  ...{ address: "198.51.100.1", port: 16384, rtcpPort: 16385, direction: "sendrecv" },
  ...more,
});

function sdp(...below: string[]): SessionDescription {
  const head = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"];
  const result = parseSdp(utf8([...head, ...below].join("\r\n")));
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
}

function answer(offer: SessionDescription, own = ownSession("7"), ...rest: object[]) {
  const [l, p] = rest as [LocalMedia?, MediaPolicy?];
  const result = createAnswer(offer, own, l ?? local(), p ?? policy());
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
}

const text = (description: SessionDescription) =>
  fromUtf8(printSdp(description)).trimEnd().split("\r\n");
const mediaOf = (description: SessionDescription) =>
  text(description).filter((line) => line.startsWith("m="));

describe("[RFC 3264 §5] our offer", () => {
  test("says codecs, events, packet time and direction", () => {
    expect(text(createOffer(ownSession("7"), local(), policy()).description)).toEqual([
      ...["v=0", "o=- 7 0 IN IP4 198.51.100.1", "s=-", "c=IN IP4 198.51.100.1", "t=0 0"],
      ...["m=audio 16384 RTP/AVP 8 0 101", "a=rtpmap:8 PCMA/8000", "a=rtpmap:0 PCMU/8000"],
      ...["a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15"],
      ...["a=ptime:20", "a=maxptime:60", "a=sendrecv"],
    ]);
  });

  test("an unrestricted bearer is CLEARMODE alone [RFC 4040]", () => {
    const { telephoneEvents: _, ...rest } = policy({ codecs: [CLEARMODE] });
    const { description, receive } = createOffer(ownSession("7"), local(), rest);
    expect(mediaOf(description)).toEqual(["m=audio 16384 RTP/AVP 97"]);
    expect(receive).toEqual([{ payloadType: 97, codec: CLEARMODE }]);
  });

  test("G.729 says whether annex B is wanted [RFC 4855]", () => {
    const codecs = [{ ...G729, annexB: false }];
    const { description } = createOffer(ownSession("7"), local(), policy({ codecs }));
    expect(text(description)).toContain("a=fmtp:18 annexb=no");
  });

  test("says the RTCP port only when it is not the next one [RFC 3605]", () => {
    const offer = createOffer(ownSession("7"), local({ rtcpPort: 20001 }), policy());
    expect(text(offer.description)).toContain("a=rtcp:20001");
  });

  test("[RFC 3264 §8] the version grows by one on a change and only then", () => {
    const first = createOffer(ownSession("7"), local(), policy());
    const same = createOffer(first.own, local(), policy());
    expect(printSdp(same.description)).toEqual(printSdp(first.description));
    const held = createOffer(same.own, local({ direction: "sendonly" }), policy());
    expect(text(held.description)).toContain("o=- 7 1 IN IP4 198.51.100.1");
  });

  test("a later offer keeps the media that were refused, in their places", () => {
    const theirs = sdp("m=video 6000 RTP/AVP 31", "m=audio 5000 RTP/AVP 8");
    const { own } = answer(theirs);
    expect(mediaOf(createOffer(own, local(), policy()).description)).toEqual([
      ...["m=video 0 RTP/AVP 31", "m=audio 16384 RTP/AVP 8 0 101"],
    ]);
  });

  test("[RFC 3264 §8.3.2] a number that meant something else is not given again", () => {
    const theirs = sdp("m=audio 5000 RTP/AVP 8 97", "a=rtpmap:97 telephone-event/8000");
    const { own } = answer(theirs);
    const codecs = [PCMA, CLEARMODE];
    const offer = createOffer(own, local(), policy({ codecs }));
    expect(mediaOf(offer.description)).toEqual(["m=audio 16384 RTP/AVP 8 96 97"]);
    expect(offer.companions.telephoneEvent).toBe(97);
  });
});

describe("[RFC 3264 §6] our answer", () => {
  test("takes the first audio stream that can be served and refuses all others with port 0", () => {
    const offer = sdp(
      ...["m=image 5004 udptl t38", "m=audio 5006 RTP/SAVP 8", "a=crypto:1 X inline:y"],
      ...["m=audio 5008 RTP/AVP 9", "m=audio 5010 RTP/AVP 0 8", "m=audio 5012 RTP/AVP 8"],
    );
    const { description, agreement } = answer(offer);
    expect(mediaOf(description)).toEqual([
      ...["m=image 0 udptl t38", "m=audio 0 RTP/SAVP 8", "m=audio 0 RTP/AVP 9"],
      ...["m=audio 16384 RTP/AVP 0", "m=audio 0 RTP/AVP 8"],
    ]);
    expect(agreement.remote).toEqual({
      ...{ address: "192.0.2.1", port: 5010, rtcpAddress: "192.0.2.1", rtcpPort: 5011 },
    });
  });

  test("uses the offerer's payload numbers both ways", () => {
    const offer = sdp(
      ...["m=audio 5000 RTP/AVP 96 110", "a=rtpmap:96 PCMU/8000"],
      ...["a=rtpmap:110 telephone-event/8000", "a=fmtp:110 0-11"],
    );
    expect(answer(offer).agreement).toMatchObject({
      send: { codec: PCMU, payloadType: 96 },
      receive: [{ payloadType: 96, codec: PCMU }],
      telephoneEvent: { send: 110, receive: 110, events: "0-11" },
    });
  });

  test("[RFC 3264 §8.3.2] when they change a number's meaning, we receive on another", () => {
    const first = answer(sdp("m=audio 5000 RTP/AVP 96", "a=rtpmap:96 PCMU/8000"));
    const second = answer(sdp("m=audio 5000 RTP/AVP 96", "a=rtpmap:96 PCMA/8000"), first.own);
    expect(second.agreement.send).toMatchObject({ payloadType: 96, codec: PCMA });
    expect(second.agreement.receive).toEqual([{ payloadType: 97, codec: PCMA }]);
    expect(mediaOf(second.description)).toEqual(["m=audio 16384 RTP/AVP 97"]);
  });

  test("their order or ours decides, as configured", () => {
    const offer = sdp("m=audio 5000 RTP/AVP 0 8");
    expect(answer(offer).agreement.send.codec).toEqual(PCMU);
    const ours = policy({ preference: "ours" });
    expect(answer(offer, ownSession("7"), local(), ours).agreement.send.codec).toEqual(PCMA);
  });

  test("has no telephone-event unless both want it", () => {
    expect(answer(sdp("m=audio 5000 RTP/AVP 8")).agreement).not.toHaveProperty("telephoneEvent");
    const { telephoneEvents: _, ...none } = policy();
    const offer = sdp("m=audio 5000 RTP/AVP 8 101", "a=rtpmap:101 telephone-event/8000");
    expect(answer(offer, ownSession("7"), local(), none).agreement).not.toHaveProperty(
      "telephoneEvent",
    );
    expect(answer(offer).agreement.telephoneEvent?.events).toBe("0-15");
  });

  test("annex B is used only when both want it", () => {
    const p = policy({ codecs: [G729] });
    const agreed = (...below: string[]) =>
      answer(sdp("m=audio 5000 RTP/AVP 18", ...below), ownSession("7"), local(), p).agreement.send;
    expect(agreed().codec.annexB).toBe(true);
    expect(agreed("a=fmtp:18 annexb=no").codec.annexB).toBe(false);
  });

  test("[ptime] each direction has its own", () => {
    const agreed = (...below: string[]) =>
      answer(
        sdp("m=audio 5000 RTP/AVP 8", ...below),
        ownSession("7"),
        local(),
        policy({ receivePtimeMs: 30, sendPtimeMs: 20, maxPtimeMs: 40 }),
      ).agreement;
    expect(agreed("a=ptime:10")).toMatchObject({ send: { ptimeMs: 10 }, receivePtimeMs: 30 });
    expect(agreed().send.ptimeMs).toBe(20);
    expect(agreed("a=ptime:60").send.ptimeMs).toBe(40);
    expect(agreed("a=ptime:25").send.ptimeMs).toBe(20);
    expect(agreed("a=ptime:5").send.ptimeMs).toBe(10);
    expect(agreed("a=ptime:40", "a=maxptime:30").send.ptimeMs).toBe(30);
  });

  test.each([
    ["no media", []],
    ["only T.38", ["m=image 5000 udptl t38"]],
    ["a refused stream", ["m=audio 0 RTP/AVP 8"]],
    ["no codec of ours", ["m=audio 5000 RTP/AVP 9 18"]],
    ["a name for an address", ["m=audio 5000 RTP/AVP 8", "c=IN IP4 host.example.com"]],
    ["SRTP", ["m=audio 5000 RTP/SAVP 8"]],
    ["CLEARMODE for a speech call", ["m=audio 5000 RTP/AVP 97", "a=rtpmap:97 CLEARMODE/8000"]],
    ["a wide-band PCMA", ["m=audio 5000 RTP/AVP 97", "a=rtpmap:97 PCMA/16000"]],
    ["two channels", ["m=audio 5000 RTP/AVP 97", "a=rtpmap:97 PCMA/8000/2"]],
  ])("[488] an offer with %s is a fault", (_, below) => {
    expect(createAnswer(sdp(...below), ownSession("7"), local(), policy()).ok).toBe(false);
  });

  test("an offer with fewer media than before is a fault", () => {
    const { own } = answer(sdp("m=audio 5000 RTP/AVP 8", "m=video 0 RTP/AVP 31"));
    const offer = sdp("m=audio 5000 RTP/AVP 8");
    expect(createAnswer(offer, own, local(), policy())).toMatchObject({ ok: false });
  });

  test("a later offer keeps to the stream that was taken", () => {
    const { own } = answer(sdp("m=audio 0 RTP/AVP 8", "m=audio 5002 RTP/AVP 8"));
    const again = answer(sdp("m=audio 5000 RTP/AVP 8", "m=audio 5002 RTP/AVP 8"), own);
    expect(again.agreement.remote.port).toBe(5002);
  });

  test("a repeated offer gets the same answer with the same version", () => {
    const offer = sdp("m=audio 5000 RTP/AVP 8");
    const first = answer(offer);
    expect(printSdp(answer(offer, first.own).description)).toEqual(printSdp(first.description));
  });
});

describe("[RFC 3264 §6.1] directions", () => {
  test.each<[Direction, Direction]>([
    ["sendrecv", "sendrecv"],
    ["sendonly", "recvonly"],
    ["recvonly", "sendonly"],
    ["inactive", "inactive"],
  ])("%s is answered with %s", (theirs, ours) => {
    const offer = sdp("m=audio 5000 RTP/AVP 8", `a=${theirs}`);
    const { description, agreement } = answer(offer);
    expect(text(description)).toContain(`a=${ours}`);
    expect(agreement.direction).toBe(ours);
  });

  test("[hold] the old form of hold is answered recvonly and nothing is sent", () => {
    const offer = sdp("m=audio 5000 RTP/AVP 8", "c=IN IP4 0.0.0.0");
    expect(answer(offer).agreement).toMatchObject({
      ...{ direction: "recvonly", remote: { address: "0.0.0.0" } },
    });
  });

  test("we never send what they do not take, nor take what they do not send", () => {
    for (const theirs of DIRECTIONS) {
      for (const ours of DIRECTIONS) {
        const result = answerDirection(theirs, ours);
        expect(isSending(result)).toBe(isReceiving(theirs) && isSending(ours));
        expect(isReceiving(result)).toBe(isSending(theirs) && isReceiving(ours));
      }
    }
  });
});

describe("their answer to our offer", () => {
  const offered = createOffer(ownSession("7"), local(), policy());
  const accept = (...below: string[]) => acceptAnswer(offered, sdp(...below), policy());

  test("settles codec, numbers of each side and direction", () => {
    const result = accept(
      ...["m=audio 5000 RTP/AVP 0 100", "a=rtpmap:100 telephone-event/8000", "a=ptime:40"],
      "a=sendonly",
    );
    expect(result).toEqual({
      ok: true,
      value: {
        remote: { address: "192.0.2.1", port: 5000, rtcpAddress: "192.0.2.1", rtcpPort: 5001 },
        send: { codec: PCMU, payloadType: 0, ptimeMs: 40 },
        receive: [{ payloadType: 0, codec: PCMU }],
        receivePtimeMs: 20,
        telephoneEvent: { send: 100, receive: 101, events: "0-15" },
        direction: "recvonly",
        rtcp: true,
      },
    });
  });

  test.each([
    ["another number of media", ["m=audio 5000 RTP/AVP 8", "m=video 0 RTP/AVP 31"]],
    ["other media", ["m=video 5000 RTP/AVP 31"]],
    ["a refused stream", ["m=audio 0 RTP/AVP 8"]],
    ["another protocol", ["m=audio 5000 RTP/SAVP 8"]],
    ["a codec that was not offered", ["m=audio 5000 RTP/AVP 18"]],
    ["no address", ["m=audio 5000 RTP/AVP 8", "c=IN IP4 somewhere"]],
  ])("with %s is a fault", (_, below) => {
    expect(accept(...below).ok).toBe(false);
  });
});

test("any two policies that share a codec agree, and each hears what the other sends", () => {
  const codecs = fc
    .subarray([PCMA, PCMU, G729], { minLength: 1 })
    .chain((some) => fc.shuffledSubarray(some, { minLength: some.length }));
  const anyPolicy = fc
    .record({
      ...{ codecs, preference: fc.constantFrom("ours" as const, "theirs" as const) },
      receivePtimeMs: fc.constantFrom(10 as const, 20 as const, 60 as const),
      maxPtimeMs: fc.constantFrom(20 as const, 40 as const, 60 as const),
    })
    .map(policy);
  const direction = fc.constantFrom(...DIRECTIONS);
  fc.assert(
    fc.property(anyPolicy, anyPolicy, direction, direction, (pa, pb, da, db) => {
      const a = createOffer(ownSession("1"), local({ direction: da }), pa);
      const b = createAnswer(a.description, ownSession("2"), local({ direction: db }), pb);
      const shared = pa.codecs.some(({ name }) => pb.codecs.some((other) => other.name === name));
      expect(b.ok).toBe(shared);
      if (!b.ok) return;
      expect(b.value.description.media.length).toBe(a.description.media.length);
      const agreed = acceptAnswer(a, b.value.description, pa);
      if (!agreed.ok) throw new Error(agreed.error.reason);
      const [x, y] = [agreed.value, b.value.agreement];
      for (const [from, to] of [
        [x, y],
        [y, x],
      ] as const) {
        const { payloadType, codec, ptimeMs } = from.send;
        expect(to.receive).toContainEqual(expect.objectContaining({ payloadType }));
        expect(to.receive.map((one) => one.codec.name)).toContain(codec.name);
        expect(ptimeMs).toBeLessThanOrEqual(to === x ? pa.maxPtimeMs : pb.maxPtimeMs);
        expect(isSending(from.direction)).toBe(isReceiving(to.direction));
        expect(from.telephoneEvent?.send).toBe(to.telephoneEvent?.receive);
      }
    }),
  );
});

test("the codec that an answer would take is told without making one", () => {
  const offer = sdp("m=audio 4000 RTP/AVP 0 8", "c=IN IP4 192.0.2.9");
  const answered = createAnswer(offer, ownSession("7"), local(), policy());
  const choice = firstChoice(offer, policy());
  expect(choice).toMatchObject({ ok: true, value: { address: "192.0.2.9" } });
  expect(answered.ok && answered.value.agreement.send.codec).toEqual(
    choice.ok && choice.value.codec,
  );
});

describe("an offer that cannot be served says why [RFC 3261 §20.43]", () => {
  const both = policy({ families: ["IP4", "IP6"] });
  test.each([
    ["m=audio 0 RTP/AVP 8", "c=IN IP4 192.0.2.9", 304],
    ["m=video 4000 RTP/AVP 31", "c=IN IP4 192.0.2.9", 304],
    ["m=audio 4000 RTP/SAVP 8", "c=IN IP4 192.0.2.9", 302],
    ["m=audio 4000 RTP/AVP 9", "c=IN IP4 192.0.2.9", 305],
    ["m=audio 4000 RTP/AVP 8", "c=IN IP4 host.example.com", 301],
    ["m=audio 4000 RTP/AVP 8", "c=IN IP4 999.1.1.1", 301],
    ["m=audio 4000 RTP/AVP 8", "c=IN IP6 192.0.2.9", 301],
    ["m=audio 4000 RTP/AVP 8", "c=IN IP4 224.2.1.1/127", 330],
    ["m=audio 4000 RTP/AVP 8", "c=IN IP6 ff02::1", 330],
    ["m=audio 4000 RTP/AVP 8", "c=IN IP4 255.255.255.255", 399],
    ["m=audio 4000 RTP/AVP 8", "c=ATM NSAP 47.0091.8100", 300],
  ])("%s %s", (stream, connection, warning) => {
    const head = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "t=0 0"];
    const parsed = parseSdp(utf8([...head, stream, connection].join("\r\n")));
    if (!parsed.ok) throw new Error(parsed.error.reason);
    expect(firstChoice(parsed.value, both)).toMatchObject({ ok: false, error: { warning } });
  });

  test("the family must be one of ours, and the port's in a session that has one", () => {
    const six = sdp("m=audio 4000 RTP/AVP 8", "c=IN IP6 2001:db8::9");
    expect(firstChoice(six, both).ok).toBe(true);
    const alone = policy({ families: ["IP4"] });
    expect(firstChoice(six, alone)).toMatchObject({ ok: false, error: { warning: 301 } });
    const answered = createAnswer(six, ownSession("7"), local(), both);
    expect(answered).toMatchObject({ ok: false, error: { warning: 301 } });
    const offered = createOffer(ownSession("7"), local(), both);
    expect(acceptAnswer(offered, six, both)).toMatchObject({ ok: false });
  });

  test("the address that means hold is none that would have to be reached", () => {
    for (const connection of [
      "IN IP4 0.0.0.0",
      "IN IP6 ::",
      "IN IP6 0:0:0:0:0:0:0:0",
      "IN IP4 a.invalid",
    ]) {
      const held = sdp("m=audio 4000 RTP/AVP 8", `c=${connection}`);
      expect(createAnswer(held, ownSession("7"), local(), both)).toMatchObject({
        ok: true,
        value: { agreement: { direction: "recvonly" } },
      });
    }
  });
});
