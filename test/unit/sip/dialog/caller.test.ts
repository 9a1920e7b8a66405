import { expect, test } from "vitest";
import type { SessionCommand, StackParameters } from "../../../../src/sip/index.js";
import type { SipMessage, SipRequest } from "../../../../src/sip/message/index.js";
import { answer, Bench, bodyText, line, peer, quiet, request, sdp } from "../bench.js";

const reliable = (rseq: number) => ["Require: 100rel", `RSeq: ${rseq}`];

/** A stack that sent an INVITE. */
class Calling extends Bench {
  readonly invite: SipMessage;

  constructor(
    more: Partial<Extract<SessionCommand, { kind: "invite" }>> = {},
    parameters: Partial<StackParameters> = {},
  ) {
    super(parameters);
    this.command({
      kind: "invite",
      session: "s",
      target: "sip:200@192.0.2.9",
      destination: peer,
      from: '"Alice" <sip:100@192.0.2.1>',
      to: "<sip:200@192.0.2.9>",
      reliability: "supported",
      headers: [],
      bodies: [sdp("offer")],
      ...more,
    });
    this.invite = this.one();
  }

  answers(status: number, what: Parameters<typeof answer>[2] = {}): this {
    return this.receive(answer(this.invite, status, what));
  }

  terminate(): this {
    return this.command({ kind: "terminate", session: "s", headers: [] });
  }

  describe(dialog: string, text: string): this {
    const bodies = [sdp(text)];
    return this.command({ kind: "describe", session: "s", dialog, headers: [], bodies });
  }
}

function only(call: Bench): SipRequest {
  const message = call.one();
  if (message.kind !== "request") throw new Error(line(message));
  return message;
}

test("the INVITE says all that RFC 3261 §8.1.1 wants", () => {
  const { headers } = new Calling({
    maxForwards: 20,
    headers: [{ name: "P-Asserted-Identity", value: "<tel:+4930>" }],
  }).invite;
  expect(headers.text("Max-Forwards")).toBe("20");
  expect(headers.text("From")).toMatch(/^"Alice" <sip:100@192.0.2.1>;tag=\w{12}$/);
  expect(headers.text("To")).toBe("<sip:200@192.0.2.9>");
  expect(headers.text("CSeq")).toBe("1 INVITE");
  expect(headers.text("Contact")).toBe("<sip:192.0.2.1:5060>");
  expect(headers.text("Via")).toMatch(/^SIP\/2.0\/UDP 192.0.2.1:5060;branch=z9hG4bK\w+;rport$/);
  expect(headers.text("P-Asserted-Identity")).toBe("<tel:+4930>");
  expect(headers.text("Supported")).toBe("100rel");
  expect(headers.text("Allow")).toContain("UPDATE");
});

test.each([
  ["none", false, false],
  ["supported", true, false],
  ["required", false, true],
] as const)(
  "100rel %s: Supported %s, Require %s [RFC 3262 §4]",
  (reliability, supported, required) => {
    const { headers } = new Calling({ reliability }).invite;
    expect(headers.text("Supported")?.includes("100rel") ?? false).toBe(supported);
    expect(headers.text("Require")?.includes("100rel") ?? false).toBe(required);
  },
);

test("a preloaded route is sent as it is given [RFC 3261 §8.1.1.1]", () => {
  const { headers } = new Calling({ route: ["<sip:p1;lr>", "<sip:p2;lr>"] }).invite;
  expect(headers.texts("Route")).toEqual(["<sip:p1;lr>", "<sip:p2;lr>"]);
});

test("a call: 100, 180, 200 with the answer, ACK; then we hang up [RFC 3261 §13.2] [BYE]", () => {
  const call = new Calling().answers(100).answers(180).answers(200, { body: "answer" });
  expect(call.take()).toMatchObject([
    { kind: "provisional-received", status: 100 },
    { kind: "provisional-received", status: 180, dialog: "s.0" },
    { kind: "description-received", role: "answer", body: sdp("answer") },
    { kind: "answered", dialog: "s.0" },
  ]);
  const ack = only(call);
  expect([line(ack), ack.uri]).toEqual(["ACK", "sip:200@192.0.2.9"]);
  expect(ack.headers.text("CSeq")).toBe("1 ACK");
  call.terminate();
  const bye = only(call);
  expect(bye.headers.text("CSeq")).toBe("2 BYE");
  expect(call.heard()).toEqual([]);
  call.receive(answer(bye, 200));
  expect(call.take()).toMatchObject([{ kind: "ended", by: { kind: "local" } }]);
  call.pass(64_000);
  expect(call.stack.alive).toEqual(quiet);
});

test("each repeated 2xx gets the same ACK again [RFC 3261 §13.2.2.4] [2xx retransmission]", () => {
  const call = new Calling().answers(200, { body: "answer" });
  const ack = only(call);
  call.answers(200, { body: "answer" });
  expect(only(call).headers.text("Via")).toBe(ack.headers.text("Via"));
  expect(call.heard()).toEqual(["description-received", "answered"]);
});

test("a response with another Via beneath ours has gone astray and is dropped [RFC 3261 §8.1.3.3]", () => {
  for (const other of ["Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKx", "v: SIP/2.0/TCP 192.0.2.7"]) {
    const call = new Calling().answers(486, { more: [other] });
    expect(call.take()).toEqual([]);
    expect(call.lines()).toEqual([]);
    expect(call.stack.counters.strayResponses).toBe(1);
  }
});

test("a failure ends the session [RFC 3261 §13.2.2.3]", () => {
  const call = new Calling().answers(180).answers(486);
  expect(call.lines()).toEqual(["ACK"]);
  expect(call.take().at(-1)).toMatchObject({
    kind: "ended",
    by: { kind: "response", response: { status: 486 } },
  });
  call.pass(64_000);
  expect(call.stack.alive).toEqual(quiet);
});

test("no answer at all is 408, no way is 503 [Timer B] [RFC 3261 §8.1.3.1]", () => {
  const silent = new Calling().pass(32_000);
  expect(silent.take()).toMatchObject([{ kind: "ended", by: { kind: "failure", status: 408 } }]);
  const cut = new Calling();
  const send = cut.outputs.find((output) => output.kind === "send");
  cut.give({ kind: "transport-error", transaction: send?.transaction ?? "", what: "refused" });
  expect(cut.take()).toMatchObject([{ kind: "ended", by: { kind: "failure", status: 503 } }]);
  for (const call of [silent, cut]) expect(call.stack.alive).toEqual(quiet);
});

test("a probe that says unreachable ends an INVITE that nothing has answered, and no other [RFC 3261 §18.4]", () => {
  const probed = (call: Calling) => {
    const send = call.outputs.find((output) => output.kind === "send");
    const transaction = send?.transaction ?? "";
    return call.give({ kind: "transport-error", transaction, what: "refused", probed: true });
  };
  const dead = new Calling().pass(500);
  probed(dead);
  expect(dead.take()).toMatchObject([{ kind: "ended", by: { kind: "failure", status: 503 } }]);
  const ringing = new Calling().answers(180, {}).pass(500);
  ringing.take();
  probed(ringing);
  expect(ringing.take()).toEqual([]);
});

test("a reliable 183 gets its PRACK with RAck [PRACK] [RFC 3262 §4]", () => {
  const call = new Calling().answers(183, { more: reliable(700), body: "answer" });
  const prack = only(call);
  expect(line(prack)).toBe("PRACK");
  expect(prack.headers.text("RAck")).toBe("700 1 INVITE");
  expect(prack.headers.text("CSeq")).toBe("2 PRACK");
  expect(call.take()).toMatchObject([
    { kind: "description-received", role: "answer", body: sdp("answer") },
    { kind: "provisional-received", status: 183 },
  ]);
  call.answers(200);
  expect(call.heard()).toEqual(["answered"]);
});

test("repeated and out-of-order reliable responses are dropped [PRACK] [RFC 3262 §4]", () => {
  const call = new Calling().answers(180, { more: reliable(700) });
  expect(call.lines()).toEqual(["PRACK"]);
  call.answers(180, { more: reliable(700) }).answers(183, { more: reliable(702) });
  expect(call.lines()).toEqual([]);
  expect(call.heard()).toEqual(["provisional-received"]);
  expect(call.anomalies).toEqual(["rseq-out-of-order"]);
  call.answers(183, { more: reliable(701) });
  expect(call.lines()).toEqual(["PRACK"]);
});

test("each early dialog of a fork gets its PRACK at its own target [PRACK] [fork]", () => {
  const call = new Calling();
  call.answers(180, { tag: "a", more: reliable(1), contact: "sip:a@192.0.2.21" });
  call.answers(180, { tag: "b", more: reliable(900), contact: "sip:b@192.0.2.22" });
  const sent = call
    .timed()
    .map(({ message, flow }) => [
      message.kind === "request" && message.uri,
      message.headers.text("RAck"),
      flow.address,
    ]);
  expect(sent).toEqual([
    ["sip:a@192.0.2.21", "1 1 INVITE", "192.0.2.21"],
    ["sip:b@192.0.2.22", "900 1 INVITE", "192.0.2.22"],
  ]);
  const dialogs = call.take().map((event) => "dialog" in event && event.dialog);
  expect(dialogs).toEqual(["s.0", "s.1"]);
});

test("the first 2xx wins; that of another fork gets ACK, then BYE [fork] [RFC 3261 §13.2.2.4]", () => {
  const call = new Calling().answers(180, { tag: "a" }).answers(180, { tag: "b" });
  call.take();
  call.answers(200, { tag: "b", body: "answer-b" });
  expect(call.heard()).toEqual(["early-dialog-ended", "description-received", "answered"]);
  expect(call.lines()).toEqual(["ACK"]);
  call.answers(200, { tag: "a", body: "answer-a" }).answers(200, { tag: "c", body: "answer-c" });
  expect(call.lines()).toEqual(["ACK", "BYE", "ACK", "BYE"]);
  call.answers(200, { tag: "a", body: "answer-a" });
  expect(call.lines()).toEqual(["ACK"]);
  expect(call.heard()).toEqual([]);
});

test("199 ends one early dialog, the others go on [fork] [RFC 6228]", () => {
  const call = new Calling().answers(180, { tag: "a" }).answers(199, { tag: "a" });
  expect(call.heard()).toEqual([
    "provisional-received",
    "provisional-received",
    "early-dialog-ended",
  ]);
});

test("more early dialogs than there is room for are left alone [fork]", () => {
  const call = new Calling({}, { maximumEarlyDialogs: 2 });
  for (const tag of ["a", "b", "c"]) call.answers(180, { tag });
  expect(call.heard()).toEqual(["provisional-received", "provisional-received"]);
  expect(call.anomalies).toEqual(["early-dialogs-exhausted"]);
});

test("a 2xx has its dialog though there is room for no early one: the oldest gives way [fork] [RFC 3261 §13.2.2.4]", () => {
  const call = new Calling();
  for (let fork = 1; fork <= 16; fork++) call.answers(180, { tag: `fork-${fork}` });
  call.take();
  call.answers(200, { tag: "fork-17", body: "answer" });
  expect(call.lines()).toEqual(["ACK"]);
  const heard = call.heard();
  expect(heard.filter((kind) => kind === "early-dialog-ended")).toHaveLength(16);
  expect(heard.slice(-2)).toEqual(["description-received", "answered"]);
  call.answers(200, { tag: "fork-17", body: "answer" });
  expect(call.lines()).toEqual(["ACK"]);
  call.answers(200, { tag: "fork-1", body: "other" });
  expect(call.lines()).toEqual(["ACK", "BYE"]);
  expect(call.stack.alive.dialogs).toBe(16);
  call.pass(64_000).terminate();
  expect(call.lines()).toContain("BYE");
  call.pass(64_000);
  expect(call.heard()).toEqual(["ended"]);
  expect(call.stack.alive).toEqual(quiet);
});

test("2xx of endless forks are each acknowledged and ended, and leave no more dialogs than allowed [fork]", () => {
  const call = new Calling({}, { maximumEarlyDialogs: 2 });
  for (let fork = 1; fork <= 9; fork++) call.answers(200, { tag: `fork-${fork}`, body: "answer" });
  expect(call.lines()).toEqual(["ACK", ...Array(8).fill(["ACK", "BYE"]).flat()]);
  expect(call.stack.alive.dialogs).toBe(2);
  expect(call.heard()).toEqual(["description-received", "answered"]);
});

test("the first description of an unreliable 183 is the answer, later ones are ignored [RFC 3261 §13.2.1]", () => {
  const call = new Calling().answers(183, { body: "answer" }).answers(180, { body: "answer" });
  call.answers(200, { body: "different" });
  expect(call.take()).toMatchObject([
    { kind: "description-received", role: "answer", body: sdp("answer") },
    { kind: "provisional-received" },
    { kind: "provisional-received" },
    { kind: "answered" },
  ]);
  expect(call.anomalies).toEqual(["answer-differs-from-preview"]);
});

test("a 2xx without the answer that is due gets ACK and BYE", () => {
  const call = new Calling().answers(200);
  expect(call.lines()).toEqual(["ACK", "BYE"]);
  expect(call.take()).toMatchObject([{ kind: "ended", by: { kind: "failure" } }]);
});

test("a 2xx without the answer that an unreliable 183 showed is taken", () => {
  const call = new Calling().answers(183, { body: "answer" }).answers(200);
  expect(call.heard()).toEqual(["description-received", "provisional-received", "answered"]);
});

test("delayed offer: the offer in the 2xx, our answer in the ACK [RFC 3261 §13.2.1]", () => {
  const call = new Calling({ bodies: [] }).answers(200, { body: "offer" });
  expect(call.take()).toMatchObject([
    { kind: "description-received", role: "offer", body: sdp("offer") },
    { kind: "answered" },
    { kind: "description-wanted", role: "answer", method: "ACK" },
  ]);
  call.answers(200, { body: "offer" });
  expect(call.lines()).toEqual([]);
  call.describe("s.0", "answer");
  expect(bodyText(only(call))).toBe("answer");
  call.answers(200, { body: "offer" });
  expect(bodyText(only(call))).toBe("answer");
});

test("delayed offer: the offer in a reliable 183, our answer in the PRACK [PRACK] [RFC 3262 §5]", () => {
  const call = new Calling({ bodies: [] });
  call.answers(183, { more: reliable(5), body: "offer" });
  expect(call.heard()).toEqual([
    "description-received",
    "provisional-received",
    "description-wanted",
  ]);
  expect(call.lines()).toEqual([]);
  call.describe("s.0", "answer");
  const prack = only(call);
  expect([line(prack), bodyText(prack)]).toEqual(["PRACK", "answer"]);
  call.answers(200);
  expect(call.heard()).toEqual(["answered"]);
});

test("delayed offer: a refused offer in the 2xx ends the call after ACK", () => {
  const call = new Calling({ bodies: [] }).answers(200, { body: "offer" });
  call.command({ kind: "refuse", session: "s", dialog: "s.0", status: 488, headers: [] });
  expect(call.lines()).toEqual(["ACK", "BYE"]);
  expect(call.take().at(-1)).toMatchObject({ by: { kind: "failure", status: 488 } });
});

test("delayed offer: a refused offer in a 183 cancels the call [CANCEL]", () => {
  const call = new Calling({ bodies: [] });
  call.answers(183, { more: reliable(5), body: "offer" });
  call.command({ kind: "refuse", session: "s", dialog: "s.0", status: 488, headers: [] });
  expect(call.lines()).toEqual(["CANCEL"]);
  call.answers(487);
  expect(call.take().at(-1)).toMatchObject({ by: { kind: "failure", status: 488 } });
});

test("CANCEL waits for a provisional response [CANCEL] [RFC 3261 §9.1]", () => {
  const call = new Calling().terminate();
  expect(call.lines()).toEqual([]);
  call.answers(100);
  const cancel = only(call);
  expect(line(cancel)).toBe("CANCEL");
  expect(cancel.headers.text("Via")).toBe(call.invite.headers.text("Via"));
  call.receive(answer(cancel, 200)).answers(487);
  expect(call.take()).toMatchObject([
    { kind: "ended", by: { kind: "local", response: { status: 487 } } },
  ]);
  call.pass(64_000);
  expect(call.stack.alive).toEqual(quiet);
});

test("CANCEL carries the user's headers", () => {
  const call = new Calling().answers(180);
  const reason = { name: "Reason", value: "Q.850;cause=16" };
  call.command({ kind: "terminate", session: "s", headers: [reason] });
  expect(only(call).headers.text("Reason")).toBe("Q.850;cause=16");
});

test("a 2xx that crosses the CANCEL gets ACK, then BYE [CANCEL] [RFC 3261 §9.1]", () => {
  const call = new Calling().answers(180).terminate();
  expect(call.lines()).toEqual(["CANCEL"]);
  call.answers(200, { body: "answer" });
  const [ack, bye] = call.sent();
  expect([ack, bye].map((message) => message && line(message))).toEqual(["ACK", "BYE"]);
  if (bye === undefined) throw new Error("no BYE");
  call.take();
  call.receive(answer(bye, 200));
  expect(call.take()).toMatchObject([{ kind: "ended", by: { kind: "local" } }]);
});

test("an INVITE that is not ended 64*T1 after its CANCEL is given up [CANCEL] [Timer B] [RFC 3261 §9.1]", () => {
  const call = new Calling().answers(180).terminate();
  const cancel = only(call);
  call.receive(answer(cancel, 200)).take();
  call.pass(32_000);
  expect(call.take()).toMatchObject([{ kind: "ended", by: { kind: "local" } }]);
  expect(call.stack.alive).toEqual(quiet);
});

test("a reliable response that crosses the CANCEL still gets its PRACK [CANCEL] [PRACK]", () => {
  const call = new Calling().answers(100).terminate();
  call.sent();
  call.answers(180, { more: reliable(3) });
  expect(call.lines()).toEqual(["PRACK"]);
});

test("a BYE of the callee in the confirmed dialog ends the call [BYE]", () => {
  const call = new Calling().answers(200, { body: "answer" });
  call.sent();
  const { headers } = call.invite;
  const own = /tag=(\w+)/.exec(headers.text("From") ?? "")?.[1] ?? "";
  const callId = headers.text("Call-ID") ?? "";
  call.receive(request({ method: "BYE", fromTag: "fork-1", toTag: own, callId }));
  expect(call.lines()).toEqual(["200 BYE"]);
  expect(call.take().at(-1)).toMatchObject({ kind: "ended", by: { kind: "request" } });
});

test("a BYE of the callee in an early dialog, which it may not send, ends that dialog only [BYE]", () => {
  const call = new Calling().answers(180, { tag: "a" });
  const { headers } = call.invite;
  const own = /tag=(\w+)/.exec(headers.text("From") ?? "")?.[1] ?? "";
  const callId = headers.text("Call-ID") ?? "";
  call.receive(request({ method: "BYE", fromTag: "a", toTag: own, callId }));
  expect(call.lines()).toEqual(["200 BYE"]);
  expect(call.heard()).toEqual(["provisional-received", "early-dialog-ended"]);
  call.answers(200, { tag: "b", body: "answer" });
  expect(call.heard()).toEqual(["description-received", "answered"]);
});

test("a session that ended makes room at once, though its transactions go on", () => {
  const call = new Calling({}, { maximumSessions: 1 }).answers(200, { body: "answer" }).terminate();
  const bye = call.sent().at(-1);
  if (bye === undefined) throw new Error("no BYE");
  expect(call.stack.live).toBe(1);
  call.receive(answer(bye, 200));
  expect([call.stack.live, call.stack.alive.sessions]).toEqual([0, 1]);
  call.take();
  call.receive(request());
  expect(call.heard()).toEqual(["invite-received"]);
});

test("a BYE that nobody answers ends after Timer F [BYE] [Timer F]", () => {
  const call = new Calling().answers(200, { body: "answer" }).terminate().pass(32_000);
  expect(call.take().at(-1)).toMatchObject({ kind: "ended", by: { kind: "local" } });
  call.pass(32_000);
  expect(call.stack.alive).toEqual(quiet);
});

test("a host name in the target is resolved, by one question for all that wait [RFC 3263]", () => {
  const call = new Calling().answers(200, { body: "answer", contact: "sip:b@phone.example:5070" });
  call.terminate();
  expect(call.lines()).toEqual([]);
  const questions = call.outputs.filter((output) => output.kind === "resolve");
  expect(questions).toMatchObject([{ host: "phone.example", port: 5070, transport: "udp" }]);
  const query = questions[0]?.query ?? "";
  const address = { transport: "udp", address: "192.0.2.33", port: 5070 } as const;
  call.give({ kind: "resolved", query, addresses: [address] });
  expect(call.timed().map(({ message, flow }) => [line(message), flow.address, flow.port])).toEqual(
    [
      ["ACK", "192.0.2.33", 5070],
      ["BYE", "192.0.2.33", 5070],
    ],
  );
});

test("a host name without an address ends the request as 503 does", () => {
  const call = new Calling().answers(200, { body: "answer", contact: "sip:b@phone.example" });
  call.terminate();
  const question = call.outputs.find((output) => output.kind === "resolve");
  call.give({ kind: "resolved", query: question?.query ?? "", addresses: [] });
  expect(call.take().at(-1)).toMatchObject({ kind: "ended", by: { kind: "local" } });
  call.pass(64_000);
  expect(call.stack.alive).toEqual(quiet);
});

test("in-dialog requests are sent and their answers reported; 481 ends the dialog [481]", () => {
  const call = new Calling().answers(200, { body: "answer" });
  call.sent();
  call.take();
  const info = { kind: "request", session: "s", method: "INFO", headers: [], bodies: [] } as const;
  call.command(info);
  call.receive(answer(only(call), 200));
  expect(call.take()).toMatchObject([{ kind: "request-answered", method: "INFO", status: 200 }]);
  call.command(info);
  call.receive(answer(only(call), 481));
  expect(call.take()).toMatchObject([
    { kind: "request-answered", status: 481 },
    { kind: "ended", by: { kind: "failure", status: 481 } },
  ]);
  expect(call.lines()).toEqual(["BYE"]);
});

test("a command that cannot make an INVITE ends at once", () => {
  const bench = new Bench({ maximumSessions: 0 });
  const invite = {
    kind: "invite",
    session: "s",
    target: "sip:a@b",
    destination: peer,
    from: "<sip:a@b>",
    to: "<sip:c@d>",
    reliability: "none",
    headers: [],
    bodies: [],
  } as const;
  bench.command(invite);
  expect(bench.take()).toMatchObject([{ kind: "ended", by: { status: 503 } }]);
  const broken = new Bench().command({ ...invite, from: "<<" });
  expect(broken.take()).toMatchObject([{ kind: "ended", by: { status: 400 } }]);
});

test("a request too large for UDP goes by TCP [RFC 3261 §18.1.1]", () => {
  const bench = new Bench().command({
    kind: "invite",
    session: "s",
    target: "sip:a@b",
    destination: peer,
    from: "<sip:a@b>",
    to: "<sip:c@d>",
    reliability: "none",
    headers: [],
    bodies: [sdp("x".repeat(1400))],
  });
  const [sent] = bench.timed();
  expect(sent?.flow).toMatchObject({ transport: "tcp", listener: "tcp", address: "192.0.2.9" });
  expect(sent?.message.headers.text("Via")).toContain("SIP/2.0/TCP");
});
