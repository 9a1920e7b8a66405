import { expect, test } from "vitest";
import { utf8 } from "../../../src/core/index.js";
import type { Flow } from "../../../src/sip/index.js";
import type { SipResponse } from "../../../src/sip/message/index.js";
import { torture } from "../../vectors/rfc4475/index.js";
import { Bench, line, type PeerRequest, quiet, request, toTag } from "./bench.js";

const stream: Flow = {
  transport: "tcp",
  address: "192.0.2.9",
  port: 40_000,
  listener: "tcp",
  flow: "connection 1",
};

function answered(what: PeerRequest, bench = new Bench()): SipResponse {
  const response = bench.receive(request(what)).one();
  if (response.kind !== "response") throw new Error("not a response");
  return response;
}

test("a method that is not registered gets 501, one not allowed here 405 with Allow [RFC 3261 §8.2.1] [501] [405]", () => {
  expect(answered({ method: "SERVICE" }).status).toBe(501);
  const refused = answered({ method: "REGISTER" });
  expect(refused.status).toBe(405);
  expect(refused.headers.text("Allow")).toContain("INVITE");
});

test("a method of dialogs without one gets 481, one for dialogs only 405 [481]", () => {
  expect(answered({ method: "BYE" }).status).toBe(481);
  expect(answered({ method: "INFO" }).status).toBe(481);
  const refused = answered({ method: "MESSAGE" });
  expect(refused.status).toBe(405);
  expect(refused.headers.text("Allow")).not.toContain("MESSAGE");
});

test.each(["INVITE", "BYE", "UPDATE", "PRACK", "OPTIONS", "INFO"])(
  "%s with a To tag of no dialog gets 481 [RFC 3261 §12.2.2] [481]",
  (method) => {
    expect(answered({ method, toTag: "nobody" }).status).toBe(481);
  },
);

test("a CANCEL that matches nothing gets 481 [CANCEL] [RFC 3261 §9.2]", () => {
  expect(answered({ method: "CANCEL" }).status).toBe(481);
});

test("an extension that is required and not known gets 420 with Unsupported [RFC 3261 §8.2.2.3] [420]", () => {
  const refused = answered({ more: ["Require: 100rel, foo", "Require: bar"] });
  expect(refused.status).toBe(420);
  expect(refused.headers.text("Unsupported")).toBe("foo, bar");
});

test("Require: 100rel gets 420 where 100rel is not supported [RFC 3262 §3] [420]", () => {
  const refused = answered({ more: ["Require: 100rel"] }, new Bench({ supported: [] }));
  expect(refused.status).toBe(420);
});

test("a body type that is not understood gets 415 with Accept [RFC 3261 §8.2.3] [415]", () => {
  const text = request({ body: "x" }).replace("application/sdp", "application/unknown");
  const refused = new Bench().receive(text).one();
  expect(line(refused)).toBe("415 INVITE");
  expect(refused.headers.text("Accept")).toContain("application/sdp");
  expect(refused.headers.has("Accept-Encoding")).toBe(true);
  expect(refused.headers.has("Accept-Language")).toBe(true);
});

test("an optional body of an unknown type does no harm", () => {
  const text = request({ body: "x", more: ["Content-Disposition: signal;handling=optional"] });
  const bench = new Bench().receive(text.replace("application/sdp", "application/unknown"));
  expect(bench.heard()).toEqual(["invite-received"]);
});

test("an encoding that is not understood gets 415 [415]", () => {
  const refused = answered({ body: "v=0", more: ["Content-Encoding: gzip"] });
  expect(refused.status).toBe(415);
});

test("an INVITE that takes no SDP gets 406 [RFC 3261 §21.4.7]", () => {
  expect(answered({ more: ["Accept: text/plain"] }).status).toBe(406);
  expect(new Bench().receive(request({ more: ["Accept: application/*"] })).heard()).toEqual([
    "invite-received",
  ]);
});

test("the same INVITE by another path gets 482 [RFC 3261 §8.2.2.2] [482]", () => {
  const bench = new Bench().receive(request({ branch: "path1" }));
  bench.sent();
  expect(answered({ branch: "path2" }, bench).status).toBe(482);
});

test("Max-Forwards 0 refuses an INVITE with 483, but not OPTIONS [RFC 3261 §16.3] [483]", () => {
  const more = ["Max-Forwards: 0"];
  expect(answered({ more }).status).toBe(483);
  expect(answered({ method: "OPTIONS", more }).status).toBe(200);
  const endPoint = new Bench({ exhaustedInvite: "answer" }).receive(request({ more }));
  expect(endPoint.heard()).toEqual(["invite-received"]);
});

test("what cannot be read but answered gets 400, 416 or 505; all is counted [400] [416] [505]", () => {
  const bench = new Bench();
  expect(line(bench.receive(request({ more: ["Max-Forwards: many"] })).one())).toBe("400 INVITE");
  expect(line(bench.receive(request({ uri: "http://x" })).one())).toBe("416 INVITE");
  const version = request().replace("192.0.2.1 SIP/2.0", "192.0.2.1 SIP/7.0");
  expect(line(bench.receive(version).one())).toBe("505 INVITE");
  expect(bench.stack.counters.malformed).toBe(3);
  expect(bench.stack.counters.refused).toEqual(
    new Map([
      [400, 1],
      [416, 1],
      [505, 1],
    ]),
  );
});

test("keep-alives and noise are dropped; noise is counted", () => {
  const bench = new Bench().receive("\r\n\r\n").receive(Uint8Array.from([0, 0, 0, 0]));
  expect(bench.stack.counters.messagesIn).toBe(0);
  bench.receive("hello");
  expect(bench.sent()).toEqual([]);
  expect(bench.anomalies).toEqual(["malformed"]);
});

test("stray responses and ACKs are dropped and counted", () => {
  const bench = new Bench().receive(request({ method: "ACK", toTag: "x" }));
  bench.receive(
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKnone\r\nFrom: <sip:a@b>;tag=1\r\n" +
      "To: <sip:c@d>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n",
  );
  expect(bench.sent()).toEqual([]);
  expect(bench.stack.counters).toMatchObject({ strayAcks: 1, strayResponses: 1 });
});

test("OPTIONS outside a dialog says what we can [RFC 3261 §11.2] [OPTIONS]", () => {
  const response = answered({ method: "OPTIONS" }, new Bench({ product: "gateway" }));
  expect(response.status).toBe(200);
  for (const name of ["Allow", "Accept", "Accept-Encoding", "Accept-Language", "Supported"]) {
    expect(response.headers.has(name), name).toBe(true);
  }
  expect(response.headers.text("Server")).toBe("gateway");
  expect(toTag(response)).not.toBe("");
});

test("OPTIONS are answered as an INVITE would be: 503 while draining [RFC 3261 §11.2] [503]", () => {
  const bench = new Bench();
  const policy = { kind: "refuse", status: 503, reason: "Draining", retryAfter: 30 } as const;
  bench.give({ kind: "command", command: { kind: "policy", policy } });
  for (const method of ["OPTIONS", "INVITE"]) {
    const response = answered({ method }, bench);
    expect(response).toMatchObject({ status: 503, reason: "Draining" });
    expect(response.headers.text("Retry-After")).toBe("30");
  }
  bench.receive(request({ method: "ACK", branch: "INVITE1", toTag: "any" }));
  bench.give({ kind: "command", command: { kind: "policy", policy: { kind: "admit" } } });
  expect(answered({ method: "OPTIONS", cseq: 2 }, bench).status).toBe(200);
});

test("more sessions than there is room for get 503 with Retry-After [503]", () => {
  const bench = new Bench({ maximumSessions: 1, retryAfter: 7 }).receive(request());
  bench.sent();
  const refused = answered({ callId: "call-2", branch: "b2" }, bench);
  expect(refused.status).toBe(503);
  expect(refused.headers.text("Retry-After")).toBe("7");
  expect(answered({ method: "OPTIONS", callId: "call-3" }, bench).status).toBe(503);
});

test("more transactions than there is room for get 503 without state", () => {
  const bench = new Bench({ maximumTransactions: 1 }).receive(request());
  bench.sent();
  expect(answered({ method: "OPTIONS", callId: "call-3" }, bench).status).toBe(503);
  expect(bench.stack.alive.transactions).toBe(1);
});

test("an INVITE without a Contact gets 400", () => {
  const text = request().replace(/Contact: .*\r\n/, "");
  expect(line(new Bench().receive(text).one())).toBe("400 INVITE");
});

test("a stream is cut into messages, however its octets come [TCP] [RFC 3261 §18.3]", () => {
  const bench = new Bench();
  for (const octet of utf8(request({ method: "OPTIONS" }))) {
    bench.give({ kind: "stream", octets: Uint8Array.of(octet), flow: stream });
  }
  const [sent] = bench.timed();
  expect(sent && line(sent.message)).toBe("200 OPTIONS");
  expect(sent?.flow).toEqual(stream);
});

test("a stream that cannot be cut gets 400 and is closed [TCP]", () => {
  const bench = new Bench();
  const text = request({ method: "OPTIONS" }).replace(/Content-Length: .*\r\n/, "");
  bench.give({ kind: "stream", octets: utf8(text), flow: stream });
  expect(bench.lines()).toEqual(["400 OPTIONS"]);
  expect(bench.outputs.at(-1)).toEqual({ kind: "close-stream", flow: stream });
  bench.give({ kind: "stream-closed", flow: stream });
  bench.give({ kind: "stream", octets: utf8(request({ method: "OPTIONS" })), flow: stream });
  expect(bench.lines()).toEqual(["200 OPTIONS"]);
});

test("a send that fails is told to its transaction, or counted", () => {
  const bench = new Bench().give({ kind: "transport-error", what: "refused" });
  expect(bench.anomalies).toEqual(["send-failed"]);
});

test("every message in and out is traced, with its session when it has one", () => {
  const bench = new Bench().receive(request());
  const session = bench.events[0];
  bench.pass(200);
  const traces = bench.outputs.filter((output) => output.kind === "trace");
  expect(traces.map(({ direction }) => direction)).toEqual(["in", "out"]);
  expect(traces[0]).toMatchObject({ session: session && "session" in session && session.session });
});

test("an INVITE that the user leaves alone gets 100 within 200 ms [Timer trying] [RFC 3261 §17.2.1]", () => {
  const bench = new Bench().receive(request());
  expect(bench.lines()).toEqual([]);
  bench.pass(200);
  expect(bench.lines()).toEqual(["100 INVITE"]);
});

test.each(torture.map((message) => [message.name, message] as const))(
  "RFC 4475 %s gets one of the answers that the RFC allows [RFC 4475]",
  (_name, message) => {
    const bench = new Bench().receive(message.octets);
    const [event] = bench.take();
    if (event?.kind === "invite-received") {
      const { session } = event;
      bench.command({ kind: "reject", session, status: 480, headers: [] });
    }
    const statuses = bench
      .sent()
      .flatMap((sent) => (sent.kind === "response" ? [sent] : []))
      .filter(({ status }) => status >= 200);
    expect(statuses.length).toBe(message.stack.statuses.length === 0 ? 0 : 1);
    const [final] = statuses;
    if (final === undefined) return;
    expect(message.stack.statuses).toContain(final.status);
    const { header } = message.stack;
    if (header !== undefined) {
      expect(final.headers.has(header.name)).toBe(true);
      if (header.value !== undefined) expect(final.headers.text(header.name)).toBe(header.value);
    }
  },
);

test("after the torture nothing is left", () => {
  const bench = new Bench();
  for (const { octets } of torture) {
    bench.receive(octets);
    for (const event of bench.take()) {
      if (event.kind !== "invite-received") continue;
      bench.command({ kind: "reject", session: event.session, status: 480, headers: [] });
    }
  }
  bench.pass(64_000);
  expect(bench.stack.alive).toEqual(quiet);
});
