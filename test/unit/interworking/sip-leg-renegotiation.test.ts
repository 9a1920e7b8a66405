import { describe, expect, test } from "vitest";
import type { Codec, CodecName } from "../../../src/sdp/index.js";
import { Leg, linesOf, profile, sdp, textOf } from "./helpers.js";

const G729: Codec = { name: "G729", clockRate: 8000, annexB: true };
const codec = (name: CodecName): Codec => (name === "G729" ? G729 : { name, clockRate: 8000 });

const media = (...names: CodecName[]) => ({
  media: { ...profile().media, preference: "ours" as const, codecs: names.map(codec) },
});
const offer = (...formats: number[]) => sdp(`m=audio 5000 RTP/AVP ${formats.join(" ")}`);

/** A leg of a call that is answered. */
function confirmed(formats: readonly number[], names: readonly CodecName[]): Leg {
  const leg = new Leg("incoming", media(...names)).invited([], offer(...formats));
  leg.call({ kind: "connect" });
  leg.session({ kind: "acknowledged", session: "s", dialog: "d" });
  return leg;
}

const streamOf = (leg: Leg) => linesOf(leg.command).find((line) => line.startsWith("m="));

describe("a fax or a modem in the call [design section 4: G.711 kept]", () => {
  test("on G.729 G.711 is offered, and it alone [re-INVITE]", () => {
    const leg = confirmed([18], ["PCMA", "PCMU", "G729"]);
    leg.give({ kind: "data-heard" });
    expect(leg.commands).toMatchObject([{ kind: "modify", session: "s", method: "auto" }]);
    expect(streamOf(leg)).toBe("m=audio 16384 RTP/AVP 8 0 101");
    leg.described("answer", offer(0));
    expect(leg.said).toMatchObject([
      { kind: "media-agreed", agreement: { send: { codec: { name: "PCMU" } } } },
    ]);
    leg.session({ kind: "modified", session: "s", ok: true, status: 200 });
    expect(leg.said).toEqual([]);
  });

  test("on G.711 nothing is said, but G.729 is not agreed to any more", () => {
    const leg = confirmed([8], ["PCMA", "G729"]);
    leg.give({ kind: "data-heard" });
    expect(leg.said).toEqual([]);
    leg.described("offer", offer(18, 8));
    leg.wanted("answer", "INVITE");
    expect(streamOf(leg)).toBe("m=audio 16384 RTP/AVP 8");
    leg.described("offer", offer(18));
    leg.wanted("answer", "INVITE");
    expect(leg.command).toMatchObject({ kind: "refuse", status: 488 });
    expect(textOf(leg.command.headers, "Warning")).toContain("305");
  });

  test("a second signal says nothing more", () => {
    const leg = confirmed([18], ["PCMA", "G729"]);
    leg.give({ kind: "data-heard" });
    leg.give({ kind: "data-heard" });
    expect(leg.said).toEqual([]);
  });

  test("a peer that refuses stays on G.729", () => {
    const leg = confirmed([18], ["PCMA", "G729"]);
    leg.give({ kind: "data-heard" });
    leg.session({ kind: "modified", session: "s", ok: false, status: 488 });
    expect(leg.said).toMatchObject([{ kind: "anomaly", what: "our offer was refused with 488" }]);
    expect(leg.state.dialogs[0]?.agreement?.send.codec.name).toBe("G729");
    expect(leg.state.dialogs[0]?.offered).toBeUndefined();
  });

  test("where G.711 is not configured there is nothing to offer", () => {
    const leg = confirmed([18], ["G729"]);
    leg.give({ kind: "data-heard" });
    expect(leg.said).toMatchObject([{ kind: "anomaly" }]);
  });

  test("before the answer it waits for the ACK", () => {
    const leg = new Leg("incoming", media("PCMA", "G729")).invited([], offer(18));
    const progress = { description: "in-band-information", location: "user" } as const;
    leg.call({ kind: "progress", progress: [progress] });
    leg.give({ kind: "data-heard" });
    expect(leg.said).toEqual([]);
    leg.call({ kind: "connect" });
    expect(leg.commands).toMatchObject([{ kind: "accept" }]);
    leg.session({ kind: "acknowledged", session: "s", dialog: "d" });
    expect(leg.commands).toMatchObject([{ kind: "modify" }]);
  });
});

describe("other media are wanted in mid-call", () => {
  test("they are offered; what is agreed stays until the answer", () => {
    const leg = confirmed([8, 18], ["PCMA", "G729"]);
    leg.give({ kind: "renegotiate" });
    expect(leg.said.map(({ kind }) => kind)).toEqual(["media-offered", "session"]);
    expect(streamOf(leg)).toBe("m=audio 16384 RTP/AVP 8 18 101");
    expect(leg.state.dialogs[0]?.agreement?.send.codec.name).toBe("PCMA");
  });

  test("of an outgoing call they are offered once the 200 came", () => {
    const leg = new Leg("outgoing", media("PCMA", "G729")).called();
    leg.give({ kind: "renegotiate" });
    expect(leg.said).toEqual([]);
    leg.described("answer", offer(18));
    leg.answered();
    expect(leg.commands).toMatchObject([{ kind: "modify" }]);
  });

  test("of an incoming call that was told nothing yet the answer will do", () => {
    const leg = new Leg("incoming", media("PCMA", "G729")).invited([], offer(8));
    leg.give({ kind: "renegotiate" });
    leg.call({ kind: "connect" });
    leg.session({ kind: "acknowledged", session: "s", dialog: "d" });
    expect(leg.said).toEqual([]);
  });

  test("their order is the one that is wanted, not what the other leg speaks", () => {
    const leg = confirmed([8, 18], ["G729", "PCMA"]);
    leg.give({ kind: "prefer", codecs: ["PCMA"] });
    leg.give({ kind: "renegotiate" });
    expect(streamOf(leg)).toBe("m=audio 16384 RTP/AVP 18 8 101");
  });

  test("a second wish waits for the end of the first", () => {
    const leg = confirmed([8], ["PCMA", "G729"]);
    leg.give({ kind: "renegotiate" });
    leg.give({ kind: "renegotiate" });
    expect(leg.said).toEqual([]);
    leg.described("answer", offer(18));
    leg.session({ kind: "modified", session: "s", ok: true, status: 200 });
    expect(leg.commands).toMatchObject([{ kind: "modify" }]);
  });

  test("[RFC 3264 §8] an offer of theirs in between: ours is made anew behind it, with a later version", () => {
    const leg = confirmed([8], ["PCMA", "G729"]);
    leg.give({ kind: "renegotiate" });
    leg.described("offer", offer(8));
    leg.wanted("answer", "INVITE");
    const answer = versionOf(linesOf(leg.command));
    leg.session({ kind: "modified", session: "s", ok: false, status: 491 });
    expect(leg.commands).toMatchObject([{ kind: "modify" }]);
    expect(versionOf(linesOf(leg.command))).toBeGreaterThan(answer);
  });

  test("a data call has nothing to choose", () => {
    const leg = new Leg("incoming").invited(
      [],
      sdp("m=audio 5000 RTP/AVP 97", "a=rtpmap:97 CLEARMODE/8000"),
    );
    leg.call({ kind: "connect" });
    leg.give({ kind: "renegotiate" });
    expect(leg.said).toEqual([]);
  });

  test("a leg that ends offers nothing", () => {
    const leg = confirmed([8], ["PCMA"]);
    leg.session({ kind: "ended", session: "s", by: { kind: "local" } });
    leg.give({ kind: "renegotiate" });
    expect(leg.said).toEqual([]);
  });
});

describe("what the call's other leg speaks", () => {
  test("is answered before what stands before it in our order", () => {
    const leg = new Leg("incoming", media("PCMA", "PCMU", "G729")).invited([], offer(8, 18, 0));
    leg.give({ kind: "prefer", codecs: ["G729"] });
    leg.call({ kind: "connect" });
    expect(streamOf(leg)).toBe("m=audio 16384 RTP/AVP 18");
  });

  test("is answered only where it was offered", () => {
    const leg = new Leg("incoming", media("PCMA", "G729")).invited([], offer(8));
    leg.give({ kind: "prefer", codecs: ["G729"] });
    leg.call({ kind: "connect" });
    expect(streamOf(leg)).toBe("m=audio 16384 RTP/AVP 8");
  });

  test("is offered first; what is not configured is not offered", () => {
    const leg = new Leg("outgoing", media("PCMA", "G729"));
    leg.give({ kind: "prefer", codecs: ["G729"] });
    leg.called();
    expect(streamOf(leg)).toBe("m=audio 16384 RTP/AVP 18 8 101");
    const other = new Leg("outgoing", media("PCMA"));
    other.give({ kind: "prefer", codecs: ["G729"] });
    other.called();
    expect(streamOf(other)).toBe("m=audio 16384 RTP/AVP 8 101");
  });

  test("an INVITE says what it will be answered with", () => {
    const said = new Leg("incoming", media("PCMA", "G729")).invite([], offer(18));
    expect(said[0]).toEqual({ kind: "codec-expected", codec: "G729" });
  });
});

test("an answer counts by what was offered, whatever the policy has become since", () => {
  const leg = new Leg("outgoing", media("PCMA", "G729")).called();
  leg.give({ kind: "data-heard" });
  leg.described("answer", offer(18));
  expect(leg.said).toMatchObject([
    { kind: "media-agreed", agreement: { send: { codec: { name: "G729" } } } },
  ]);
});

function versionOf(lines: readonly string[]): number {
  return Number(lines.find((line) => line.startsWith("o="))?.split(" ")[2]);
}
