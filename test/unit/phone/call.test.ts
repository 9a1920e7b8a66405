import { describe, expect, test } from "vitest";
import type { CallOutput } from "../../../src/phone/index.js";
import {
  commandsOf,
  kindsOf,
  Line,
  milestonesOf,
  order,
  requestOf,
  responseOf,
  sdp,
  sdpIn,
} from "./line.js";

/** Which far ends the RTP port was given, one after the other. */
function remotesOf(outputs: readonly CallOutput[]): readonly number[] {
  return outputs.flatMap((output) =>
    output.kind === "media-agreed" ? [output.agreement.remote.port] : [],
  );
}

function connectedLine(change: ConstructorParameters<typeof Line>[0] = {}): Line {
  const line = new Line(change);
  line.place();
  line.answered("d", sdp());
  return line;
}

describe("placing a call", () => {
  test("the RTP port is opened first; the INVITE has its address and the codecs in order", () => {
    const line = new Line();
    const begun = line.give({ kind: "place", order });
    expect(kindsOf(begun)).toEqual(["placed", "open-media"]);
    const opened = line.give({ kind: "media-opened", address: "192.0.2.1", port: 4000 });
    expect(kindsOf(opened)).toEqual(["media-offered", "invite"]);
    expect(sdpIn(commandsOf(opened)[0])).toMatch(
      /c=IN IP4 192\.0\.2\.1.*m=audio 4000 RTP\/AVP 8 0 101/s,
    );
    expect(opened[0]).toMatchObject({
      companions: { telephoneEvent: 101 },
      receive: [{ payloadType: 8 }, {}],
    });
  });

  test("no RTP port: the call is over before an INVITE was sent", () => {
    const line = new Line();
    line.give({ kind: "place", order });
    const outputs = line.give({ kind: "media-failed", what: "no port is free" });
    expect(kindsOf(outputs)).toEqual(["close-media", "ended"]);
    expect(milestonesOf(outputs)[0]).toMatchObject({
      end: { by: "failure", why: "no port is free" },
    });
  });

  test("hung up before the port is there: no INVITE goes out", () => {
    const line = new Line();
    line.give({ kind: "place", order });
    expect(kindsOf(line.give({ kind: "hang-up", why: "no" }))).toEqual(["close-media", "ended"]);
    expect(line.give({ kind: "media-opened", address: "192.0.2.1", port: 4000 })).toEqual([]);
  });

  test("each milestone is told once: trying, ringing per dialog, progress, answer", () => {
    const line = new Line();
    line.place();
    const response = responseOf(100);
    line.event({ kind: "provisional-received", session: "s", status: 100, response });
    line.provisional(180, "d");
    line.provisional(180, "d");
    line.provisional(183, "d", sdp());
    line.answered("d");
    expect(line.milestones.map(({ kind }) => kind)).toEqual([
      ...["placed", "trying", "ringing", "media", "progress", "answered"],
    ]);
    expect(line.milestones[4]).toMatchObject({ status: 183, reason: "Session Progress" });
    expect(kindsOf(line.outputs).at(-1)).toBe("speak");
  });

  test("gives up in time and not before; a late answer of the stack's still ends it", () => {
    const line = new Line({ giveUpMs: 5000 });
    line.place();
    expect(line.until(4999)).toEqual([]);
    expect(commandsOf(line.until(5000))).toEqual([
      { kind: "terminate", session: "s", headers: [] },
    ]);
    expect(line.state.name).toBe("clearing");
    const outputs = line.event({
      ...{ kind: "ended", session: "s" },
      by: { kind: "local", response: responseOf(487) },
    });
    expect(milestonesOf(outputs)).toEqual([
      {
        kind: "ended",
        end: {
          ...{ by: "us", status: 487, phrase: "Request Terminated", causes: [] },
          why: "no answer within 5 s",
        },
      },
    ]);
  });

  test("never gives up when told so", () => {
    const line = new Line({ giveUpMs: 0 });
    line.place();
    expect(line.deadline).toBeUndefined();
  });

  test("a 200 without SDP that can be used is ended by BYE, and says why", () => {
    const line = new Line();
    line.place();
    const outputs = line.answered("d", sdp({ formats: "18" }));
    expect(kindsOf(outputs)).toEqual(["fault", "terminate"]);
    expect(line.state).toMatchObject({
      ...{ name: "clearing", why: "the far end answered without usable SDP" },
    });
  });
});

describe("a forked INVITE", () => {
  test("the early dialog that described itself last is heard", () => {
    const line = new Line();
    line.place();
    line.provisional(183, "one", sdp({ port: 6000 }));
    line.provisional(183, "two", sdp({ address: "192.0.2.3", port: 7000 }));
    expect(remotesOf(line.outputs)).toEqual([6000, 7000]);
    expect(line.milestones.filter(({ kind }) => kind === "media")).toMatchObject([
      { dialog: "one", early: true },
      { dialog: "two", early: true },
    ]);
  });

  test("the dialog that answers is heard, though another was heard last", () => {
    const line = new Line();
    line.place();
    line.provisional(183, "one", sdp({ port: 6000 }));
    line.provisional(183, "two", sdp({ port: 7000 }));
    const outputs = line.answered("one");
    expect(remotesOf(outputs)).toEqual([6000]);
    expect(milestonesOf(outputs)[0]).toMatchObject({ kind: "media", dialog: "one", early: false });
  });

  test("a dialog that ended gives way to the one before it", () => {
    const line = new Line();
    line.place();
    line.provisional(183, "one", sdp({ port: 6000 }));
    line.provisional(183, "two", sdp({ port: 7000 }));
    const outputs = line.event({ kind: "early-dialog-ended", session: "s", dialog: "two" });
    expect(remotesOf(outputs)).toEqual([6000]);
    const last = line.event({ kind: "early-dialog-ended", session: "s", dialog: "one" });
    expect(remotesOf(last)).toEqual([]);
  });

  test("each dialog's later offer is answered within its own session", () => {
    const line = new Line();
    line.place();
    line.provisional(183, "one", sdp({ port: 6000 }));
    line.provisional(183, "two", sdp({ port: 7000 }));
    const outputs = line.offered(sdp({ port: 6002, version: 2 }), "one", "UPDATE");
    const [describing] = commandsOf(outputs);
    expect(describing).toMatchObject({ kind: "describe", dialog: "one" });
    expect(sdpIn(describing)).toContain("m=audio 4000");
    expect(remotesOf(outputs)).toEqual([6002]);
  });

  test("every dialog rings for itself", () => {
    const line = new Line();
    line.place();
    line.provisional(180, "one");
    line.provisional(180, "two");
    line.provisional(180, "one");
    expect(line.milestones.filter(({ kind }) => kind === "ringing")).toEqual([
      { kind: "ringing", dialog: "one" },
      { kind: "ringing", dialog: "two" },
    ]);
  });
});

describe("the talk", () => {
  test("is hung up when its time is over", () => {
    const line = new Line({ talkMs: 3000 });
    line.place();
    line.until(1000);
    line.answered("d", sdp());
    expect(line.until(3999)).toEqual([]);
    expect(kindsOf(line.until(4000))).toEqual(["terminate"]);
  });

  test("digits are keyed in order, with pauses, and more can be added", () => {
    const line = connectedLine({ digits: "1,#" });
    expect(line.until(499)).toEqual([]);
    expect(kindsOf(line.until(500))).toEqual(["send-digit", "digit-sent"]);
    expect(line.until(1699)).toEqual([]);
    expect(line.until(1700)[0]).toEqual({ kind: "send-digit", digit: "#" });
    line.until(5000);
    expect(line.deadline).toBeUndefined();
    line.give({ kind: "key", digits: "9" });
    expect(line.until(5000)[0]).toEqual({ kind: "send-digit", digit: "9" });
  });

  test("the far end holds in the new form and in the old one, and retrieves", () => {
    for (const held of [
      sdp({ direction: "sendonly", version: 2 }),
      sdp({ direction: "inactive", version: 2 }),
      sdp({ address: "0.0.0.0", version: 2 }),
    ]) {
      const line = connectedLine();
      const holding = line.offered(held);
      expect(milestonesOf(holding).map(({ kind }) => kind)).toContain("held");
      expect(sdpIn(commandsOf(holding)[0])).toMatch(/a=(recvonly|inactive)/);
      const retrieving = line.offered(sdp({ version: 3 }));
      expect(milestonesOf(retrieving)).toContainEqual({ kind: "retrieved", by: "far-end" });
      expect(sdpIn(commandsOf(retrieving)[0])).toContain("a=sendrecv");
    }
  });

  test("a hold that changes nothing but the direction lets the source as it is", () => {
    const line = connectedLine();
    const outputs = line.offered(sdp({ direction: "sendonly", version: 2 }));
    expect(kindsOf(outputs)).toEqual(["media-direction", "held", "describe"]);
  });

  test("an offer without a codec of ours is refused with 488, and the talk goes on", () => {
    const line = connectedLine();
    const outputs = line.offered(sdp({ formats: "18", version: 2 }));
    expect(commandsOf(outputs)).toMatchObject([
      { kind: "refuse", status: 488, headers: [{ name: "Warning" }] },
    ]);
    expect(line.state.name).toBe("connected");
    expect(line.milestones.at(-1)?.kind).toBe("fault");
  });

  test("an offer that is no SDP at all is refused too", () => {
    const line = connectedLine();
    const nonsense = { type: "application/sdp", content: new TextEncoder().encode("hello") };
    expect(commandsOf(line.offered(nonsense))).toMatchObject([{ kind: "refuse", status: 488 }]);
  });

  test("a re-INVITE without an offer gets one; the answer in the ACK changes the far end", () => {
    const line = connectedLine();
    const asked = line.event({
      ...{ kind: "description-wanted", session: "s", dialog: "d" },
      ...{ role: "offer", method: "INVITE" },
    });
    expect(kindsOf(asked)).toEqual(["media-offered", "describe"]);
    const outputs = line.event({
      ...{ kind: "description-received", session: "s", dialog: "d", role: "answer" },
      body: sdp({ port: 6500, version: 2 }),
      carrier: requestOf("ACK"),
    });
    expect(remotesOf(outputs)).toEqual([6500]);
  });

  test("our hold: the version of our description grows, a refusal leaves all as it was", () => {
    const line = connectedLine();
    const [command] = commandsOf(line.give({ kind: "hold" }));
    expect(command).toMatchObject({ kind: "modify", method: "auto" });
    const versionOf = (text: string) => Number(/o=- \d+ (\d+) /.exec(text)?.[1]);
    expect(sdpIn(command)).toContain("a=sendonly");
    expect(versionOf(sdpIn(command))).toBe(1);
    const refused = line.event({ kind: "modified", session: "s", ok: false, status: 488 });
    expect(milestonesOf(refused)).toEqual([
      { kind: "fault", what: "the far end refused the hold (488)" },
    ]);
    const [again] = commandsOf(line.give({ kind: "hold" }));
    expect(sdpIn(again)).toContain("a=sendonly");
  });

  test("INFO is taken in its old use, an unknown package is not", () => {
    const line = connectedLine();
    const ask = (headers: Parameters<typeof requestOf>[1], method = "INFO") =>
      commandsOf(
        line.event({
          ...{ kind: "request-received", session: "s", transaction: "t" },
          request: requestOf(method, headers),
        }),
      );
    expect(ask([])).toMatchObject([{ kind: "respond", transaction: "t", status: 200 }]);
    expect(ask([{ name: "Info-Package", value: "x" }])).toMatchObject([
      { status: 469, headers: [{ name: "Recv-Info", value: "" }] },
    ]);
    expect(ask([], "MESSAGE")).toMatchObject([{ status: 501 }]);
  });
});

describe("taking a call", () => {
  test("rings for its time, then answers with the description of the beginning", () => {
    const line = new Line({ answer: { kind: "answer", ringMs: 2000, earlyMedia: false } });
    expect(kindsOf(line.invited(sdp()))).toEqual(["incoming", "open-media"]);
    const outputs = line.give({ kind: "media-opened", address: "192.0.2.1", port: 4000 });
    expect(commandsOf(outputs)).toMatchObject([
      { kind: "provisional", status: 180, reliable: "if-possible", bodies: [] },
    ]);
    // It is silent while it rings: no sound before the caller was told of it.
    expect(kindsOf(outputs)).toEqual(["provisional"]);
    expect(line.until(1999)).toEqual([]);
    const answering = line.until(2000);
    expect(kindsOf(answering)).toEqual(["media-agreed", "media", "accept"]);
    const accepted = commandsOf(answering);
    expect(accepted).toMatchObject([{ kind: "accept" }]);
    expect(sdpIn(accepted[0])).toMatch(/m=audio 4000 RTP\/AVP 8 101/);
    const acknowledged = line.event({ kind: "acknowledged", session: "s", dialog: "d0" });
    expect(kindsOf(acknowledged)).toEqual(["answered", "speak"]);
  });

  test("early media: the description goes in the 183, and it speaks at once", () => {
    const line = new Line({ answer: { kind: "answer", ringMs: 2000, earlyMedia: true } });
    line.invited(sdp());
    const outputs = line.give({ kind: "media-opened", address: "192.0.2.1", port: 4000 });
    expect(kindsOf(outputs)).toEqual(["media-agreed", "media", "provisional", "speak"]);
    expect(sdpIn(commandsOf(outputs)[0])).toContain("m=audio 4000");
    expect(kindsOf(line.until(2000))).toEqual(["accept"]);
  });

  test("a delayed offer that is not answered in the ACK ends the call", () => {
    const line = new Line();
    line.invited();
    const offered = line.give({ kind: "media-opened", address: "192.0.2.1", port: 4000 });
    expect(kindsOf(offered)).toEqual(["media-offered", "accept"]);
    const outputs = line.event({ kind: "acknowledged", session: "s", dialog: "d0" });
    expect(kindsOf(outputs)).toEqual(["terminate"]);
  });

  test("no RTP port: 500", () => {
    const line = new Line();
    line.invited(sdp());
    const outputs = line.give({ kind: "media-failed", what: "no port is free" });
    expect(commandsOf(outputs)).toMatchObject([{ kind: "reject", status: 500 }]);
  });

  test("SDP that cannot be read: 488 that says what is wrong", () => {
    const line = new Line();
    line.invited({ type: "application/sdp", content: new TextEncoder().encode("v=1\r\n") });
    const outputs = line.give({ kind: "media-opened", address: "192.0.2.1", port: 4000 });
    expect(commandsOf(outputs)).toMatchObject([
      { kind: "reject", status: 488, headers: [{ value: expect.stringContaining("305") }] },
    ]);
  });
});

describe("the end", () => {
  test("BYE with causes: who, how, and every Reason with its location", () => {
    const line = connectedLine();
    const reason = 'Q.850;cause=16;text="Normal call clearing";location=LN, SIP;cause=200';
    const request = requestOf("BYE", [{ name: "Reason", value: reason }]);
    const outputs = line.event({ kind: "ended", session: "s", by: { kind: "request", request } });
    expect(kindsOf(outputs)).toEqual(["close-media", "ended"]);
    expect(milestonesOf(outputs)[0]).toMatchObject({
      end: {
        ...{ by: "far-end", method: "BYE" },
        causes: [
          { protocol: "Q.850", cause: 16, text: "Normal call clearing", location: "LN" },
          { protocol: "SIP", cause: 200 },
        ],
      },
    });
  });

  test("it is told once: nothing comes after it", () => {
    const line = connectedLine();
    const by = { kind: "failure", status: 408, what: "no answer" } as const;
    line.event({ kind: "ended", session: "s", by });
    expect(line.event({ kind: "ended", session: "s", by })).toEqual([]);
    expect(line.give({ kind: "hang-up", why: "again" })).toEqual([]);
    expect(line.deadline).toBeUndefined();
  });

  test("a BYE that nobody answers does not keep the phone waiting", () => {
    const line = connectedLine();
    line.give({ kind: "hang-up", why: "enough" });
    const outputs = line.until(60_000);
    expect(milestonesOf(outputs)).toEqual([
      { kind: "ended", end: { by: "us", causes: [], why: "enough" } },
    ]);
  });
});
