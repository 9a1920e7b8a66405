import { expect, test } from "vitest";
import { tagOf } from "../../../../src/sip/dialog/dialog.js";
import type { SessionCommand } from "../../../../src/sip/index.js";
import type { SipMessage } from "../../../../src/sip/message/index.js";
import { header } from "../../../../src/sip/message/index.js";
import { answer, Bench, bodyText, line, peer, quiet, request, sdp, toTag } from "../bench.js";

type Modify = Partial<Extract<SessionCommand, { kind: "modify" }>>;

/** A stack with a confirmed call, as the caller or as the callee; the peer is the other. */
class InCall extends Bench {
  readonly session: string;
  readonly dialog: string;
  readonly #own: string;
  readonly #theirs: string;
  readonly #callId: string;
  #cseq = 10;

  constructor(side: "caller" | "callee", allow = "INVITE, ACK, BYE, CANCEL, UPDATE, PRACK") {
    super();
    const more = [`Allow: ${allow}`];
    if (side === "caller") {
      this.command({
        kind: "invite",
        session: "s",
        target: "sip:200@192.0.2.9",
        destination: peer,
        from: "<sip:100@192.0.2.1>",
        to: "<sip:200@192.0.2.9>",
        reliability: "supported",
        headers: [],
        bodies: [sdp("offer-1")],
      });
      const invite = this.one();
      this.receive(answer(invite, 200, { body: "answer-1", more }));
      this.session = "s";
      this.#own = tagOf(invite.headers, header.from);
      this.#theirs = "fork-1";
      this.#callId = invite.headers.text("Call-ID") ?? "";
    } else {
      this.receive(request({ body: "offer-1", more }));
      const [event] = this.events;
      if (event?.kind !== "invite-received") throw new Error("no INVITE");
      this.session = event.session;
      const bodies = [sdp("answer-1")];
      this.command({ kind: "accept", session: event.session, headers: [], bodies });
      this.#own = toTag(this.one());
      this.#theirs = "peer";
      this.#callId = "call-1";
      this.receive(request({ method: "ACK", toTag: this.#own }));
    }
    this.dialog = `${this.session}.0`;
    this.sent();
    this.take();
  }

  modify(more: Modify = {}): this {
    return this.command({
      kind: "modify",
      session: this.session,
      method: "INVITE",
      headers: [],
      bodies: [sdp("offer-2")],
      ...more,
    });
  }

  describe(text: string): this {
    const { session, dialog } = this;
    return this.command({ kind: "describe", session, dialog, headers: [], bodies: [sdp(text)] });
  }

  /** A request of the peer within the dialog. */
  asks(method: string, body = "", more: readonly string[] = [], cseq = ++this.#cseq): this {
    return this.receive(
      request({
        method,
        body,
        more,
        cseq,
        fromTag: this.#theirs,
        toTag: this.#own,
        callId: this.#callId,
        contact: "sip:moved@192.0.2.9",
      }),
    );
  }
}

function expectRetry(message: SipMessage, status: string): void {
  expect(line(message)).toBe(status);
  const seconds = Number(message.headers.text("Retry-After"));
  expect(seconds).toBeGreaterThanOrEqual(0);
  expect(seconds).toBeLessThanOrEqual(10);
}

const sides = ["caller", "callee"] as const;

test.each(sides)(
  "re-INVITE of the %s: offer, 200 with the answer, ACK [re-INVITE] [RFC 3261 §14.1]",
  (side) => {
    const call = new InCall(side).modify();
    const invite = call.one();
    expect([line(invite), bodyText(invite)]).toEqual(["INVITE", "offer-2"]);
    call.receive(answer(invite, 200, { body: "answer-2", contact: "sip:moved@192.0.2.9" }));
    expect(call.take()).toMatchObject([
      { kind: "description-received", role: "answer", body: sdp("answer-2") },
      { kind: "modified", ok: true, status: 200 },
    ]);
    const ack = call.one();
    expect(ack).toMatchObject({ method: "ACK", uri: "sip:moved@192.0.2.9" });
    call.receive(answer(invite, 200, { body: "answer-2" }));
    expect(call.lines()).toEqual(["ACK"]);
  },
);

test("a failed re-INVITE leaves the session as it was [re-INVITE] [RFC 3261 §14.1]", () => {
  const call = new InCall("caller").modify();
  call.receive(answer(call.one(), 488));
  expect(call.take()).toMatchObject([{ kind: "modified", ok: false, status: 488 }]);
  expect(call.lines()).toEqual(["ACK"]);
  call.modify();
  expect(call.lines()).toEqual(["INVITE"]);
});

test("re-INVITE without an offer: the offer comes in the 2xx, our answer goes in the ACK [re-INVITE]", () => {
  const call = new InCall("caller").modify({ bodies: [] });
  call.receive(answer(call.one(), 200, { body: "offer-3" }));
  expect(call.take()).toMatchObject([
    { kind: "description-received", role: "offer", body: sdp("offer-3") },
    { kind: "description-wanted", role: "answer", method: "ACK" },
  ]);
  expect(call.lines()).toEqual([]);
  call.describe("answer-3");
  const ack = call.one();
  expect([line(ack), bodyText(ack)]).toEqual(["ACK", "answer-3"]);
  expect(call.take()).toMatchObject([{ kind: "modified", ok: true }]);
});

test.each([
  ["caller", 2100, 4000],
  ["callee", 0, 2000],
] as const)(
  "491 is tried again by the %s after %i to %i ms [491] [session timer back-off start] [session timer back-off expiry] [re-INVITE] [RFC 3261 §14.1]",
  (side, low, high) => {
    const call = new InCall(side).modify();
    call.receive(answer(call.one(), 491));
    expect(call.lines()).toEqual(["ACK"]);
    expect(call.heard()).toEqual([]);
    call.pass(high);
    const again = call.timed().filter(({ message }) => line(message) === "INVITE");
    expect(again.length).toBeGreaterThanOrEqual(1);
    expect(again[0]?.at).toBeGreaterThanOrEqual(low);
    expect((again[0]?.at ?? 1) % 10).toBe(0);
  },
);

test("a modify that meets 491 for ever is given up [491]", () => {
  const call = new InCall("callee").modify();
  let tries = 0;
  for (; tries < 20 && call.events.length === 0; tries++) {
    const invite = call.sent().find((message) => line(message) === "INVITE");
    if (invite === undefined) break;
    call.receive(answer(invite, 491)).pass(2000);
  }
  expect(tries).toBe(8);
  expect(call.take()).toMatchObject([{ kind: "modified", ok: false, status: 491 }]);
});

test("a call that ends while 491 is waited out modifies nothing more [491] [session timer back-off stop] [BYE]", () => {
  const call = new InCall("caller").modify();
  call.receive(answer(call.one(), 491));
  expect(call.lines()).toEqual(["ACK"]);
  call.command({ kind: "terminate", session: call.session, headers: [] });
  call.receive(answer(call.one(), 200)).pass(64_000);
  expect(call.lines()).toEqual([]);
  expect(call.stack.alive).toEqual(quiet);
});

test("500 with Retry-After to an UPDATE is tried again after that [UPDATE] [500] [RFC 3311 §5.3]", () => {
  const call = new InCall("caller").modify({ method: "UPDATE" });
  call.receive(answer(call.one(), 500, { more: ["Retry-After: 3"] }));
  call.pass(2999);
  expect(call.lines()).toEqual([]);
  call.pass(1);
  expect(call.lines()).toEqual(["UPDATE"]);
});

test.each([481, 408])(
  "%i to a re-INVITE ends the dialog with a BYE [481] [RFC 3261 §12.2.1.2]",
  (status) => {
    const call = new InCall("caller").modify();
    call.receive(answer(call.one(), status));
    expect(call.lines()).toEqual(["ACK", "BYE"]);
    expect(call.take()).toMatchObject([{ kind: "ended", by: { kind: "failure", status } }]);
  },
);

test("no answer to an UPDATE ends the dialog [Timer F] [RFC 3261 §12.2.1.2]", () => {
  const call = new InCall("callee").modify({ method: "UPDATE" }).pass(32_000);
  expect(call.lines().at(-1)).toBe("BYE");
  expect(call.take()).toMatchObject([{ kind: "ended", by: { kind: "failure", status: 408 } }]);
});

test("a second modify waits for the first, a third displaces the second", () => {
  const call = new InCall("caller").modify().modify({ bodies: [sdp("second")] });
  call.modify({ bodies: [sdp("third")] });
  expect(call.take()).toMatchObject([{ kind: "modified", ok: false, status: 491 }]);
  const first = call.one();
  call.receive(answer(first, 200, { body: "answer" }));
  const [ack, next] = call.sent();
  expect(ack && line(ack)).toBe("ACK");
  expect(next && bodyText(next)).toBe("third");
});

test("a re-INVITE of the peer: description wanted, 200 repeated until ACK [re-INVITE] [2xx retransmission]", () => {
  const call = new InCall("caller").asks("INVITE", "offer-9");
  expect(call.take()).toMatchObject([
    { kind: "description-received", role: "offer", body: sdp("offer-9") },
    { kind: "description-wanted", role: "answer", method: "INVITE" },
  ]);
  call.describe("answer-9").pass(500);
  const sent = call.sent();
  expect(sent.map(line)).toEqual(["200 INVITE", "200 INVITE"]);
  expect(sent.map(bodyText)).toEqual(["answer-9", "answer-9"]);
  call.asks("ACK", "", [], 11);
  expect(call.heard()).toEqual(["acknowledged"]);
  call.command({ kind: "terminate", session: call.session, headers: [] });
  expect(call.one()).toMatchObject({ method: "BYE", uri: "sip:moved@192.0.2.9" });
});

test("a re-INVITE of the peer without an offer: ours goes in the 200, theirs comes in the ACK [re-INVITE]", () => {
  const call = new InCall("callee").asks("INVITE");
  expect(call.take()).toMatchObject([
    { kind: "description-wanted", role: "offer", method: "INVITE" },
  ]);
  call.describe("offer-9");
  expect(bodyText(call.one())).toBe("offer-9");
  call.asks("ACK", "answer-9", [], 11);
  expect(call.take()).toMatchObject([
    { kind: "description-received", role: "answer", body: sdp("answer-9") },
    { kind: "acknowledged" },
  ]);
});

test("a re-INVITE that is refused leaves the session and the target as they were [488] [re-INVITE]", () => {
  const call = new InCall("callee").asks("INVITE", "offer-9");
  const warning = { name: "Warning", value: '304 192.0.2.1 "Media type not available"' };
  const { session, dialog } = call;
  call.command({ kind: "refuse", session, dialog, status: 488, headers: [warning] });
  const refusal = call.one();
  expect(line(refusal)).toBe("488 INVITE");
  expect(refusal.headers.text("Warning")).toBe(warning.value);
  call.command({ kind: "terminate", session, headers: [] });
  expect(call.one()).toMatchObject({ method: "BYE", uri: "sip:100@192.0.2.9" });
});

test("a re-INVITE that is cancelled gets 487, and the session is as it was [CANCEL] [re-INVITE]", () => {
  const call = new InCall("callee").asks("INVITE", "offer-9");
  call.take();
  call.receive(request({ method: "CANCEL", branch: "INVITE11", cseq: 11 }));
  expect(call.lines()).toEqual(["200 CANCEL", "487 INVITE"]);
  expect(call.heard()).toEqual(["offer-withdrawn"]);
  call.describe("too late");
  expect(call.lines()).toEqual([]);
  expect(call.anomalies).toEqual(["describe-out-of-place"]);
  call.modify();
  expect(call.lines()).toEqual(["INVITE"]);
});

test("a re-INVITE meets ours: 491 [491] [re-INVITE] [RFC 3261 §14.2]", () => {
  const call = new InCall("caller").modify();
  call.sent();
  call.asks("INVITE", "offer-9");
  expect(call.lines()).toEqual(["491 INVITE"]);
});

test("a second re-INVITE before the first is answered gets 500 with Retry-After [500] [RFC 3261 §14.2]", () => {
  const call = new InCall("caller").asks("INVITE", "offer-9").asks("INVITE", "offer-10");
  expectRetry(call.one(), "500 INVITE");
});

test("UPDATE of the peer: offer and answer [UPDATE] [RFC 3311 §5.2]", () => {
  const call = new InCall("callee").asks("UPDATE", "offer-9");
  expect(call.take()).toMatchObject([
    { kind: "description-received", role: "offer", body: sdp("offer-9") },
    { kind: "description-wanted", role: "answer", method: "UPDATE" },
  ]);
  call.describe("answer-9");
  const ok = call.one();
  expect([line(ok), bodyText(ok)]).toEqual(["200 UPDATE", "answer-9"]);
  expect(ok.headers.has("Contact")).toBe(true);
});

test("UPDATE without an offer is answered by the stack and moves the target [UPDATE]", () => {
  const call = new InCall("callee").asks("UPDATE");
  expect(call.lines()).toEqual(["200 UPDATE"]);
  expect(call.heard()).toEqual(["refreshed"]);
  call.modify();
  expect(call.one()).toMatchObject({ uri: "sip:moved@192.0.2.9" });
});

test("UPDATE with an offer meets ours: 491 [UPDATE] [491] [RFC 3311 §5.2]", () => {
  const call = new InCall("caller").modify({ method: "UPDATE" });
  const ours = call.one();
  call.asks("UPDATE", "offer-9");
  expect(call.lines()).toEqual(["491 UPDATE"]);
  call.receive(answer(ours, 200, { body: "answer-2" }));
  expect(call.take()).toMatchObject([
    { kind: "description-received", role: "answer" },
    { kind: "modified", ok: true },
  ]);
});

test("UPDATE with an offer while theirs is open: 500 with Retry-After [UPDATE] [500] [RFC 3311 §5.2]", () => {
  const call = new InCall("caller").asks("UPDATE", "offer-9").asks("UPDATE", "offer-10");
  expectRetry(call.one(), "500 UPDATE");
  call.asks("INVITE", "offer-11");
  expectRetry(call.one(), "500 INVITE");
});

test("UPDATE with an offer while our re-INVITE is out: 491 [UPDATE] [491]", () => {
  const call = new InCall("caller").modify();
  call.sent();
  call.asks("UPDATE", "offer-9");
  expect(call.lines()).toEqual(["491 UPDATE"]);
});

test("a peer that does not allow UPDATE gets none [UPDATE]", () => {
  const call = new InCall("caller", "INVITE, ACK, BYE").modify({ method: "UPDATE" });
  expect(call.take()).toMatchObject([{ kind: "modified", ok: false, status: 405 }]);
  expect(call.lines()).toEqual([]);
});

test("a 2xx to our offer without the answer is no success", () => {
  const call = new InCall("caller").modify({ method: "UPDATE" });
  call.receive(answer(call.one(), 200));
  expect(call.take()).toMatchObject([{ kind: "modified", ok: false, status: 200 }]);
  expect(call.anomalies).toEqual(["answer-missing"]);
});

test("BYE while a re-INVITE is open on both sides: 487 to theirs, and all comes to rest [BYE] [487]", () => {
  const call = new InCall("caller").asks("INVITE", "offer-9").asks("BYE");
  expect(call.lines()).toEqual(["200 BYE", "487 INVITE"]);
  call.asks("ACK", "", [], 11).pass(64_000);
  expect(call.stack.alive).toEqual(quiet);
});

test("after our BYE a re-INVITE of the peer gets 481 [481] [BYE]", () => {
  const call = new InCall("caller");
  call.command({ kind: "terminate", session: call.session, headers: [] }).sent();
  call.asks("INVITE", "offer-9");
  expect(call.lines()).toEqual(["481 INVITE"]);
});

test("early UPDATE of the caller waits for the 200 to its PRACK [UPDATE] [PRACK] [RFC 3311 §5.1]", () => {
  const call = new Bench().command({
    kind: "invite",
    session: "s",
    target: "sip:200@192.0.2.9",
    destination: peer,
    from: "<sip:100@192.0.2.1>",
    to: "<sip:200@192.0.2.9>",
    reliability: "supported",
    headers: [],
    bodies: [sdp("offer-1")],
  });
  const more = ["Require: 100rel", "RSeq: 1", "Allow: INVITE, UPDATE"];
  call.receive(answer(call.one(), 183, { body: "answer-1", more }));
  const prack = call.one();
  const bodies = [sdp("offer-2")];
  call.command({ kind: "modify", session: "s", method: "auto", headers: [], bodies });
  expect(call.lines()).toEqual([]);
  call.receive(answer(prack, 200));
  const update = call.one();
  expect(line(update)).toBe("UPDATE");
  call.receive(answer(update, 200, { body: "answer-2" }));
  expect(call.take().slice(-2)).toMatchObject([
    { kind: "description-received", role: "answer", body: sdp("answer-2") },
    { kind: "modified", ok: true },
  ]);
});

test("an offer may ride in the PRACK, its answer comes in the 200 [PRACK] [RFC 3262 §5]", () => {
  const call = new Bench().command({
    kind: "invite",
    session: "s",
    target: "sip:200@192.0.2.9",
    destination: peer,
    from: "<sip:100@192.0.2.1>",
    to: "<sip:200@192.0.2.9>",
    reliability: "supported",
    headers: [],
    bodies: [sdp("offer-1")],
  });
  const invite = call.one();
  const bodies = [sdp("offer-2")];
  call.command({ kind: "modify", session: "s", method: "PRACK", headers: [], bodies });
  const more = ["Require: 100rel", "RSeq: 1"];
  call.receive(answer(invite, 183, { body: "answer-1", more }));
  const prack = call.one();
  expect([line(prack), bodyText(prack)]).toEqual(["PRACK", "offer-2"]);
  call.receive(answer(prack, 200, { body: "answer-2" }));
  expect(call.take().slice(-2)).toMatchObject([
    { kind: "description-received", role: "answer", body: sdp("answer-2") },
    { kind: "modified", ok: true },
  ]);
});

test("early UPDATE of the callee waits for a PRACK, and the 2xx waits for its answer [UPDATE] [RFC 3311 §5.1]", () => {
  const call = new Bench().receive(
    request({ body: "offer-1", more: ["Supported: 100rel", "Allow: INVITE, UPDATE"] }),
  );
  const [event] = call.take();
  if (event?.kind !== "invite-received") throw new Error("no INVITE");
  const { session } = event;
  const headers: readonly never[] = [];
  const bodies = [sdp("answer-1")];
  call.command({
    kind: "provisional",
    session,
    status: 183,
    reliable: "if-possible",
    headers,
    bodies,
  });
  const progress = call.one();
  call.command({ kind: "modify", session, method: "auto", headers, bodies: [sdp("offer-2")] });
  expect(call.lines()).toEqual([]);
  const more = [`RAck: ${progress.headers.text("RSeq")} 1 INVITE`];
  call.receive(request({ method: "PRACK", cseq: 2, toTag: toTag(progress), more }));
  const [, update] = call.sent();
  if (update === undefined) throw new Error("no UPDATE");
  expect([line(update), bodyText(update)]).toEqual(["UPDATE", "offer-2"]);
  call.command({ kind: "accept", session, headers, bodies: [] });
  expect(call.lines()).toEqual([]);
  call.receive(answer(update, 200, { body: "answer-2" }));
  expect(call.lines()).toEqual(["200 INVITE"]);
});

test("the 200 to another PRACK does not conclude the offer that rides in one [PRACK]", () => {
  const call = new Bench().command({
    kind: "invite",
    session: "s",
    target: "sip:200@192.0.2.9",
    destination: peer,
    from: "<sip:100@192.0.2.1>",
    to: "<sip:200@192.0.2.9>",
    reliability: "supported",
    headers: [],
    bodies: [sdp("offer-1")],
  });
  const invite = call.one();
  const reliable = (rseq: number) => ["Require: 100rel", `RSeq: ${rseq}`];
  call.receive(answer(invite, 180, { more: reliable(1) }));
  const first = call.one();
  const bodies = [sdp("offer-2")];
  call.command({ kind: "modify", session: "s", method: "PRACK", headers: [], bodies });
  call.receive(answer(invite, 183, { body: "answer-1", more: reliable(2) }));
  const second = call.one();
  expect(bodyText(second)).toBe("offer-2");
  call.take();
  call.receive(answer(first, 200));
  expect(call.heard()).toEqual([]);
  call.receive(answer(second, 200, { body: "answer-2" }));
  expect(call.heard()).toEqual(["description-received", "modified"]);
});

test("the ACK to the first 2xx does not conclude an UPDATE that is out [UPDATE]", () => {
  const call = new Bench().command({
    kind: "invite",
    session: "s",
    target: "sip:200@192.0.2.9",
    destination: peer,
    from: "<sip:100@192.0.2.1>",
    to: "<sip:200@192.0.2.9>",
    reliability: "none",
    headers: [],
    bodies: [],
  });
  call.receive(answer(call.one(), 200, { body: "offer-1" }));
  call.command({ kind: "modify", session: "s", method: "UPDATE", headers: [], bodies: [] });
  const update = call.one();
  call.take();
  const bodies = [sdp("answer-1")];
  call.command({ kind: "describe", session: "s", dialog: "s.0", headers: [], bodies });
  expect(call.lines()).toEqual(["ACK"]);
  expect(call.heard()).toEqual([]);
  call.receive(answer(update, 200));
  expect(call.heard()).toEqual(["modified"]);
});
