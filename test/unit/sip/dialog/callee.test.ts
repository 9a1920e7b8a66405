import { expect, test } from "vitest";
import type { SessionCommand, SessionEvent } from "../../../../src/sip/index.js";
import type { SipMessage } from "../../../../src/sip/message/index.js";
import { Bench, bodyText, line, type PeerRequest, quiet, request, sdp, toTag } from "../bench.js";

type Command = SessionCommand extends infer C
  ? C extends { readonly session: string }
    ? Omit<C, "session" | "headers" | "bodies"> & { bodies?: readonly ReturnType<typeof sdp>[] }
    : never
  : never;

/** A stack that got an INVITE. */
class Called extends Bench {
  readonly session: string;
  readonly invite: Extract<SessionEvent, { kind: "invite-received" }>;
  tag = "";
  #cseq = 1;

  constructor(what: PeerRequest = {}) {
    super();
    this.receive(request({ more: ["Supported: 100rel"], body: "offer", ...what }));
    const [event] = this.take();
    if (event?.kind !== "invite-received") throw new Error("no INVITE");
    this.invite = event;
    this.session = event.session;
  }

  user(command: Command): this {
    const full = { bodies: [], headers: [], ...command, session: this.session };
    return this.command(full as unknown as SessionCommand);
  }

  provide(status: number, reliable: "never" | "if-possible", body?: string): readonly SipMessage[] {
    const bodies = body === undefined ? [] : [sdp(body)];
    this.user({ kind: "provisional", status, reliable, bodies });
    return this.#sentInDialog();
  }

  accept(body?: string): readonly SipMessage[] {
    this.user({ kind: "accept", bodies: body === undefined ? [] : [sdp(body)] });
    return this.#sentInDialog();
  }

  /** A request of the caller within the dialog. */
  within(method: string, what: PeerRequest = {}): this {
    const cseq = method === "ACK" ? 1 : ++this.#cseq;
    return this.receive(request({ method, toTag: this.tag, cseq, ...what }));
  }

  prack(response: SipMessage | undefined, what: PeerRequest = {}): this {
    const rack = `RAck: ${response?.headers.text("RSeq")} 1 INVITE`;
    return this.within("PRACK", { more: [rack], ...what });
  }

  #sentInDialog(): readonly SipMessage[] {
    const sent = this.sent();
    this.tag = sent[0] === undefined ? this.tag : toTag(sent[0]);
    return sent;
  }
}

function only(messages: readonly SipMessage[]): SipMessage {
  const [first, ...more] = messages;
  if (first === undefined || more.length > 0) throw new Error(messages.map(line).join());
  return first;
}

test("a call: 180, 200, ACK; then the caller hangs up [RFC 3261 §13.3] [BYE]", () => {
  const call = new Called({ more: [] });
  expect(call.invite).toMatchObject({ reliability: "none", offer: sdp("offer") });
  const ringing = only(call.provide(180, "if-possible"));
  expect(line(ringing)).toBe("180 INVITE");
  expect(ringing.headers.has("RSeq")).toBe(false);
  const ok = only(call.accept("answer"));
  expect(line(ok)).toBe("200 INVITE");
  expect(bodyText(ok)).toBe("answer");
  expect(ok.headers.text("Contact")).toBe("<sip:192.0.2.1:5060>");
  expect(toTag(ok)).toBe(toTag(ringing));
  call.within("ACK");
  expect(call.heard()).toEqual(["acknowledged"]);
  call.within("BYE");
  expect(call.lines()).toEqual(["200 BYE"]);
  expect(call.take()).toMatchObject([{ kind: "ended", by: { kind: "request" } }]);
  call.pass(32_000);
  expect(call.stack.alive).toEqual(quiet);
});

test("Record-Route is copied into responses that make the dialog [RFC 3261 §12.1.1]", () => {
  const call = new Called({ more: ["Record-Route: <sip:p2;lr>, <sip:p1;lr>"] });
  const routes = ["<sip:p2;lr>, <sip:p1;lr>"];
  expect(only(call.provide(180, "never")).headers.texts("Record-Route")).toEqual(routes);
  expect(only(call.accept("answer")).headers.texts("Record-Route")).toEqual(routes);
});

test("the 2xx is repeated until its ACK [2xx retransmission] [session timer accept start] [session timer accept stop] [RFC 3261 §13.3.1.4]", () => {
  const call = new Called();
  call.accept("answer");
  call.pass(8000);
  expect(call.timed().map(({ at, message }) => [at, line(message)])).toEqual([
    [500, "200 INVITE"],
    [1500, "200 INVITE"],
    [3500, "200 INVITE"],
    [7500, "200 INVITE"],
  ]);
  call.within("ACK").pass(32_000);
  expect(call.lines()).toEqual([]);
  expect(call.heard()).toEqual(["acknowledged"]);
});

test("without an ACK for 64*T1 the call ends with a BYE [2xx retransmission] [session timer accept expiry] [RFC 3261 §13.3.1.4]", () => {
  const call = new Called();
  call.accept("answer");
  call.pass(31_999);
  expect(call.sent().map(line)).not.toContain("BYE");
  call.pass(1);
  expect(call.lines()).toEqual(["BYE"]);
  expect(call.take()).toMatchObject([{ kind: "ended", by: { kind: "failure", status: 408 } }]);
});

test("a reliable 183 has Require and RSeq, is repeated, and its PRACK stops that [PRACK] [session timer reliable start] [session timer reliable stop] [RFC 3262 §3]", () => {
  const call = new Called();
  const progress = only(call.provide(183, "if-possible", "answer"));
  expect(progress.headers.text("Require")).toBe("100rel");
  expect(Number(progress.headers.text("RSeq"))).toBeGreaterThan(0);
  expect(bodyText(progress)).toBe("answer");
  call.pass(1500);
  expect(call.lines()).toEqual(["183 INVITE", "183 INVITE"]);
  call.prack(progress);
  expect(call.lines()).toEqual(["200 PRACK"]);
  call.pass(60_000);
  expect(call.lines()).toEqual([]);
});

test("a second reliable response waits for the PRACK of the first, RSeq goes up by one [PRACK]", () => {
  const call = new Called();
  const first = only(call.provide(183, "if-possible", "answer"));
  expect(call.provide(180, "if-possible")).toEqual([]);
  call.prack(first);
  const [ok, second] = call.sent();
  expect([ok, second].map((message) => message && line(message))).toEqual([
    "200 PRACK",
    "180 INVITE",
  ]);
  expect(Number(second?.headers.text("RSeq"))).toBe(Number(first.headers.text("RSeq")) + 1);
  expect(second?.body.length).toBe(0);
});

test("the 2xx waits for the PRACK of a reliable response with a description [PRACK] [RFC 3262 §3]", () => {
  const call = new Called();
  const progress = only(call.provide(183, "if-possible", "answer"));
  expect(call.accept()).toEqual([]);
  call.prack(progress);
  const [prack, ok] = call.sent();
  expect(prack && line(prack)).toBe("200 PRACK");
  expect(ok && line(ok)).toBe("200 INVITE");
  expect(ok?.body.length).toBe(0);
});

test("the 2xx does not wait for one without a description; its PRACK is still answered [PRACK]", () => {
  const call = new Called();
  const ringing = only(call.provide(180, "if-possible"));
  expect(bodyText(only(call.accept("answer")))).toBe("answer");
  call.within("ACK");
  call.pass(5000);
  expect(call.lines()).toEqual([]);
  call.prack(ringing);
  expect(call.lines()).toEqual(["200 PRACK"]);
});

test("a queued reliable response gives its description to the 2xx that overtakes it", () => {
  const call = new Called();
  call.provide(180, "if-possible");
  call.provide(183, "if-possible", "answer");
  expect(bodyText(only(call.accept()))).toBe("answer");
});

test("no PRACK for 64*T1: 504, and the session is over [PRACK] [504] [session timer reliable expiry] [RFC 3262 §3]", () => {
  const call = new Called();
  const progress = only(call.provide(183, "if-possible", "answer"));
  call.pass(32_000);
  expect(call.lines().at(-1)).toBe("504 INVITE");
  expect(call.take()).toMatchObject([{ kind: "ended", by: { kind: "failure", status: 504 } }]);
  call.prack(progress);
  expect(call.lines()).toEqual(["200 PRACK"]);
  call.pass(64_000);
  expect(call.stack.alive).toEqual(quiet);
});

test("a PRACK that matches nothing gets 481 [PRACK] [481] [RFC 3262 §3]", () => {
  const call = new Called();
  const progress = only(call.provide(183, "if-possible", "answer"));
  call.within("PRACK", { more: ["RAck: 1 1 INVITE"] });
  expect(call.lines()).toEqual(["481 PRACK"]);
  call.prack(progress);
  call.sent();
  call.prack(progress);
  expect(call.lines()).toEqual(["481 PRACK"]);
});

test("a PRACK without RAck gets 400", () => {
  const call = new Called();
  call.provide(183, "if-possible", "answer");
  call.within("PRACK");
  expect(call.lines()).toEqual(["400 PRACK"]);
});

test("Require: 100rel makes every response above 100 reliable [PRACK] [RFC 3262 §3]", () => {
  const call = new Called({ more: ["Require: 100rel"] });
  expect(call.invite.reliability).toBe("required");
  expect(only(call.provide(180, "never")).headers.has("RSeq")).toBe(true);
});

test("100 is never reliable [RFC 3262 §3]", () => {
  const call = new Called({ more: ["Require: 100rel"] });
  call.pass(200);
  const trying = call.one();
  expect(line(trying)).toBe("100 INVITE");
  expect(trying.headers.has("RSeq")).toBe(false);
});

test("the answer in an unreliable 183 is repeated in each response, and the same in the 2xx [RFC 3261 §13.2.1]", () => {
  const call = new Called({ more: [] });
  expect(bodyText(only(call.provide(183, "if-possible", "answer")))).toBe("answer");
  expect(bodyText(only(call.provide(180, "never")))).toBe("answer");
  expect(bodyText(only(call.accept("another")))).toBe("answer");
  expect(call.anomalies).toEqual(["answer-changed"]);
});

test("delayed offer: none in an unreliable response, the offer in the 2xx, the answer in the ACK [RFC 3261 §13.2.1]", () => {
  const call = new Called({ more: [], body: "" });
  expect(call.invite.offer).toBeUndefined();
  expect(only(call.provide(183, "if-possible", "offer-183")).body.length).toBe(0);
  expect(bodyText(only(call.accept("offer-200")))).toBe("offer-200");
  call.within("ACK", { body: "answer" });
  expect(call.take()).toMatchObject([
    { kind: "description-received", role: "answer", body: sdp("answer") },
    { kind: "acknowledged" },
  ]);
});

test("delayed offer: an ACK without the answer ends the call with a BYE", () => {
  const call = new Called({ body: "" });
  call.accept("offer-200");
  call.within("ACK");
  expect(call.lines()).toEqual(["BYE"]);
  expect(call.take()).toMatchObject([{ kind: "ended", by: { kind: "failure" } }]);
});

test("delayed offer: the offer in a reliable 183, the answer in the PRACK [PRACK] [RFC 3262 §5]", () => {
  const call = new Called({ body: "" });
  const progress = only(call.provide(183, "if-possible", "offer-183"));
  expect(call.accept()).toEqual([]);
  call.prack(progress, { body: "answer" });
  expect(call.take()).toMatchObject([
    { kind: "description-received", role: "answer", body: sdp("answer") },
  ]);
  expect(call.lines()).toEqual(["200 PRACK", "200 INVITE"]);
});

test("delayed offer: a PRACK without the answer gets 400 and acknowledges nothing", () => {
  const call = new Called({ body: "" });
  const progress = only(call.provide(183, "if-possible", "offer-183"));
  call.prack(progress);
  expect(call.lines()).toEqual(["400 PRACK"]);
  call.pass(500);
  expect(call.lines()).toEqual(["183 INVITE"]);
});

test("a new offer in a PRACK is answered in its 200, and the 2xx waits for that [PRACK] [RFC 3262 §5]", () => {
  const call = new Called();
  const progress = only(call.provide(183, "if-possible", "answer"));
  call.prack(progress, { body: "offer-2" });
  const events = call.take();
  expect(events).toMatchObject([
    { kind: "description-received", role: "offer", body: sdp("offer-2") },
    { kind: "description-wanted", role: "answer", method: "PRACK" },
  ]);
  expect(call.accept()).toEqual([]);
  call.user({ kind: "describe", dialog: call.invite.dialog, bodies: [sdp("answer-2")] });
  const [prack, ok] = call.sent();
  expect(prack && bodyText(prack)).toBe("answer-2");
  expect(ok && line(ok)).toBe("200 INVITE");
});

test("a new offer in a PRACK may be refused; the response counts as acknowledged", () => {
  const call = new Called();
  const progress = only(call.provide(183, "if-possible", "answer"));
  call.prack(progress, { body: "offer-2" });
  call.user({ kind: "refuse", dialog: call.invite.dialog, status: 488 });
  expect(call.lines()).toEqual(["488 PRACK"]);
  call.pass(1000);
  expect(call.lines()).toEqual([]);
});

test("CANCEL: 200 to it and 487 to the INVITE [CANCEL] [487] [RFC 3261 §9.2]", () => {
  const call = new Called();
  const ringing = only(call.provide(180, "never"));
  call.receive(request({ method: "CANCEL", branch: "INVITE1" }));
  const sent = call.sent();
  expect(sent.map(line)).toEqual(["200 CANCEL", "487 INVITE"]);
  expect(new Set(sent.map(toTag))).toEqual(new Set([toTag(ringing)]));
  expect(call.take()).toMatchObject([
    { kind: "ended", by: { kind: "request", request: { method: "CANCEL" } } },
  ]);
  call.within("ACK", { branch: "INVITE1" }).pass(64_000);
  expect(call.stack.alive).toEqual(quiet);
});

test("a CANCEL after the 2xx changes nothing [CANCEL]", () => {
  const call = new Called();
  call.accept("answer");
  call.receive(request({ method: "CANCEL", branch: "INVITE1" }));
  expect(call.lines()).toEqual(["200 CANCEL"]);
  expect(call.heard()).toEqual([]);
});

test("a CANCEL while the 2xx is held back ends the call [CANCEL]", () => {
  const call = new Called();
  call.provide(183, "if-possible", "answer");
  call.accept();
  call.receive(request({ method: "CANCEL", branch: "INVITE1" }));
  expect(call.lines()).toEqual(["200 CANCEL", "487 INVITE"]);
  expect(call.heard()).toEqual(["ended"]);
});

test("a CANCEL of what the user has refused is answered all the same [CANCEL]", () => {
  const call = new Called();
  call.user({ kind: "reject", status: 486 });
  expect(call.take()).toMatchObject([{ kind: "ended", by: { kind: "local" } }]);
  call.sent();
  call.receive(request({ method: "CANCEL", branch: "INVITE1" }));
  expect(call.lines()).toEqual(["200 CANCEL"]);
});

test("a failure may overtake an unacknowledged reliable response, which is repeated no more [RFC 3262 §3] [session timer linger start] [session timer linger expiry]", () => {
  const call = new Called();
  const progress = only(call.provide(183, "if-possible", "answer"));
  call.user({ kind: "reject", status: 486, reason: "Busy" });
  expect(call.one()).toMatchObject({ status: 486, reason: "Busy" });
  call.within("ACK", { branch: "INVITE1" }).prack(progress);
  expect(call.lines()).toEqual(["200 PRACK"]);
  call.pass(64_000);
  expect(call.lines()).toEqual([]);
  expect(call.stack.alive).toEqual(quiet);
});

test("the callee sends no BYE before the ACK [BYE] [RFC 3261 §15]", () => {
  const call = new Called();
  call.accept("answer");
  call.user({ kind: "terminate" });
  expect(call.lines()).toEqual([]);
  call.within("ACK");
  const bye = call.one();
  expect(line(bye)).toBe("BYE");
  expect(call.heard()).toEqual([]);
});

test("nor before 64*T1 when no ACK comes [BYE] [RFC 3261 §15]", () => {
  const call = new Called();
  call.accept("answer");
  call.user({ kind: "terminate" });
  call.pass(31_999);
  expect(call.lines()).not.toContain("BYE");
  call.pass(1);
  expect(call.lines()).toEqual(["BYE"]);
});

test("before the final response terminate refuses with 480, as the callee may not BYE an early dialog [BYE]", () => {
  const call = new Called();
  call.provide(180, "never");
  call.user({ kind: "terminate" });
  expect(call.lines()).toEqual(["480 INVITE"]);
  expect(call.take()).toMatchObject([{ kind: "ended", by: { kind: "local" } }]);
});

test("a BYE in the early dialog gets 200, the INVITE 487 [BYE] [RFC 3261 §15.1.2]", () => {
  const call = new Called();
  call.provide(180, "never");
  call.within("BYE");
  expect(call.lines()).toEqual(["200 BYE", "487 INVITE"]);
  expect(call.take()).toMatchObject([{ kind: "ended", by: { kind: "request" } }]);
});

test("BYEs that meet each get their 200 [BYE]", () => {
  const call = new Called();
  call.accept("answer");
  call.within("ACK").user({ kind: "terminate" });
  expect(call.lines()).toEqual(["BYE"]);
  call.within("BYE");
  expect(call.lines()).toEqual(["200 BYE"]);
  expect(call.take()).toMatchObject([
    { kind: "acknowledged" },
    { kind: "ended", by: { kind: "local" } },
  ]);
  call.pass(64_000);
  expect(call.stack.alive).toEqual(quiet);
});

test("a request with a lower CSeq gets 500 [500] [RFC 3261 §12.2.2]", () => {
  const call = new Called();
  call.accept("answer");
  call.within("ACK").within("INFO", { cseq: 9 }).within("INFO", { cseq: 8 });
  const refused = call.one();
  expect(line(refused)).toBe("500 INFO");
});

test("INFO within the dialog goes to the user, who answers [INFO]", () => {
  const call = new Called();
  call.accept("answer");
  call.within("ACK").take();
  call.within("INFO");
  const [event] = call.take();
  if (event?.kind !== "request-received") throw new Error("no INFO");
  const { transaction } = event;
  call.command({ kind: "respond", transaction, status: 200, headers: [], bodies: [] });
  expect(call.lines()).toEqual(["200 INFO"]);
  call.command({ kind: "respond", transaction, status: 200, headers: [], bodies: [] });
  expect(call.lines()).toEqual([]);
});

test("what the user has not answered when the dialog ends gets 487 [487] [RFC 3261 §15.1.2]", () => {
  const call = new Called();
  call.accept("answer");
  call.within("ACK").within("INFO").within("BYE");
  expect(call.lines()).toEqual(["200 BYE", "487 INFO"]);
});

test("OPTIONS within the dialog are answered [OPTIONS]", () => {
  const call = new Called();
  call.accept("answer");
  call.within("ACK").within("OPTIONS");
  const ok = call.one();
  expect(line(ok)).toBe("200 OPTIONS");
  expect(ok.headers.has("Allow")).toBe(true);
});

test("commands out of place are counted and do nothing", () => {
  const call = new Called();
  call.accept("answer");
  call.user({ kind: "accept" });
  call.provide(180, "never");
  call.user({ kind: "reject", status: 486 });
  call.user({ kind: "describe", dialog: call.invite.dialog, bodies: [] });
  call.user({ kind: "refuse", dialog: call.invite.dialog, status: 488 });
  call.command({ kind: "terminate", session: "none", headers: [] });
  expect(call.sent()).toEqual([]);
  expect(call.anomalies).toEqual([
    "accept-out-of-place",
    "provisional-out-of-place",
    "reject-out-of-place",
    "describe-out-of-place",
    "refuse-out-of-place",
    "command-without-session",
  ]);
});

test("a 2xx without the description that is due is not sent", () => {
  const call = new Called();
  expect(call.accept().map(line)).toEqual(["500 INVITE"]);
  expect(call.anomalies).toEqual(["accept-without-description"]);
  expect(call.heard()).toEqual(["ended"]);
});

test("more reliable responses than may wait are dropped and counted", () => {
  const call = new Called();
  for (let i = 0; i < 10; i++) call.provide(180, "if-possible");
  expect(call.anomalies).toEqual(["provisionals-exhausted"]);
});
