import { describe, expect, test } from "vitest";
import {
  header,
  parameter,
  readMessage,
  type SipRequest,
  type SipResponse,
} from "../../../../src/sip/message/index.js";
import type { Flow } from "../../../../src/sip/session-events.js";
import {
  mergeKey,
  TransactionLayer,
  type TransactionOutput,
  type TransactionParams,
} from "../../../../src/sip/transaction/index.js";
import { torture } from "../../../vectors/rfc4475/index.js";
import { describeMessage, request, response, stampAt, tcp, udp } from "./support.js";

function layer(params: Partial<TransactionParams> = {}): TransactionLayer {
  return new TransactionLayer({
    sentBy: () => ({ host: "gw.example.com", port: 5060 }),
    ...params,
  });
}

function kinds(outputs: readonly TransactionOutput[]): string[] {
  return outputs.map((output) =>
    output.kind === "send" ? `send ${describeMessage(output.message)}` : output.kind,
  );
}

function sent(outputs: readonly TransactionOutput[]): TransactionOutput & { kind: "send" } {
  const found = outputs.find((output) => output.kind === "send");
  if (found?.kind !== "send") throw new Error(`nothing sent: ${kinds(outputs)}`);
  return found;
}

function arrived(outputs: readonly TransactionOutput[]): TransactionOutput & { kind: "request" } {
  const found = outputs.find((output) => output.kind === "request");
  if (found?.kind !== "request") throw new Error(`no request: ${kinds(outputs)}`);
  return found;
}

function respondedBy(begun: { readonly request: SipRequest }, status: number): SipResponse {
  return response(begun.request, status);
}

const bare = (method: string) => request(method, { via: "" });

describe("client side of the layer", () => {
  test("puts a Via with our sent-by, a fresh z9hG4bK branch and rport on top (RFC 3581 §3)", () => {
    const transactions = layer();
    const first = transactions.request(bare("OPTIONS"), udp, stampAt(0));
    const second = transactions.request(bare("OPTIONS"), tcp, stampAt(0));
    const via = first.request.headers.value(header.via);
    expect(via).toMatchObject({ transport: "UDP", host: "gw.example.com", port: 5060 });
    expect(parameter(via?.parameters ?? [], "rport")).toBe("");
    expect(parameter(via?.parameters ?? [], "branch")).toMatch(/^z9hG4bK.{20}$/);
    expect(second.request.headers.text(header.via)).toMatch(/^SIP\/2.0\/TCP gw/);
    expect(second.transaction).not.toBe(first.transaction);
    expect(sent(first.outputs)).toMatchObject({ flow: udp, transaction: first.transaction });
  });

  test("matches a response by branch and CSeq method (§17.1.3)", () => {
    const transactions = layer();
    const invite = transactions.request(bare("INVITE"), udp, stampAt(0));
    const trying = transactions.receive(respondedBy(invite, 100), udp, stampAt(1));
    expect(trying).toMatchObject([{ kind: "response", transaction: invite.transaction }]);
    const cancel = transactions.cancel(invite.transaction, stampAt(2));
    if (cancel === undefined) throw new Error("no CANCEL");
    const answer = transactions.receive(respondedBy(cancel, 200), udp, stampAt(3));
    expect(answer).toMatchObject([{ kind: "response", transaction: cancel.transaction }]);
    const ended = transactions.receive(respondedBy(invite, 487), udp, stampAt(4));
    expect(kinds(ended)).toEqual(["send ACK", "response"]);
  });

  test("CANCEL has the INVITE's branch, Request-URI, From, To, Call-ID, CSeq number and Route (§9.1)", () => {
    const transactions = layer();
    const routed = request("INVITE", {
      via: "",
      headers: [
        { name: "Route", value: "<sip:p;lr>" },
        { name: "Require", value: "100rel" },
      ],
    });
    const invite = transactions.request(routed, udp, stampAt(0));
    const reason = { name: "Reason", value: "SIP;cause=200" };
    const cancel = transactions.cancel(invite.transaction, stampAt(1), [reason]);
    const headers = cancel?.request.headers;
    expect(cancel?.request).toMatchObject({ method: "CANCEL", uri: routed.uri });
    expect(headers?.texts("Via")).toEqual([invite.request.headers.text("Via")]);
    expect(headers?.value(header.cSeq)).toEqual({ number: 7, method: "CANCEL" });
    for (const name of ["From", "To", "Call-ID", "Route"])
      expect(headers?.text(name)).toBe(routed.headers.text(name));
    expect(headers?.text("Reason")).toBe(reason.value);
    expect(headers?.has("Require")).toBe(false);
    expect(transactions.cancel("unknown", stampAt(1))).toBeUndefined();
  });

  test("only an INVITE without final response can be cancelled", () => {
    const transactions = layer();
    const options = transactions.request(bare("OPTIONS"), udp, stampAt(0));
    expect(transactions.cancel(options.transaction, stampAt(0))).toBeUndefined();
    const invite = transactions.request(bare("INVITE"), udp, stampAt(0));
    transactions.receive(respondedBy(invite, 200), udp, stampAt(1));
    expect(transactions.cancel(invite.transaction, stampAt(2))).toBeUndefined();
  });

  test("responses of no transaction go up when their Via names us, else nowhere (§18.1.2)", () => {
    const transactions = layer();
    const invite = transactions.request(bare("INVITE"), udp, stampAt(0));
    const ok = respondedBy(invite, 200);
    const other = layer();
    expect(other.receive(ok, udp, stampAt(1))).toEqual([
      { kind: "response", response: ok, flow: udp },
    ]);
    const bcast = torture.find(({ name }) => name === "bcast");
    const read = readMessage(bcast?.octets ?? new Uint8Array());
    if (!read.ok) throw new Error("bcast not read");
    expect(other.receive(read.value, udp, stampAt(1))).toEqual([]);
  });

  test("ends by timeout, with the transaction gone and no timer left [Timer B expiry] [Timer F expiry]", () => {
    const transactions = layer();
    transactions.request(bare("INVITE"), udp, stampAt(0));
    transactions.request(bare("OPTIONS"), udp, stampAt(0));
    const all: string[] = [];
    for (let next = transactions.deadline(); next !== undefined; next = transactions.deadline())
      all.push(...kinds(transactions.wake(stampAt(next))));
    expect(all.filter((kind) => kind === "timeout" || kind === "terminated")).toEqual([
      "timeout",
      "terminated",
      "timeout",
      "terminated",
    ]);
    expect(transactions.size).toBe(0);
  });

  test("retransmits the very octets", () => {
    const transactions = layer();
    const begun = transactions.request(bare("OPTIONS"), udp, stampAt(0));
    const again = transactions.wake(stampAt(500));
    expect(sent(again).octets).toBe(sent(begun.outputs).octets);
  });

  test("an ACK to a 2xx gets a branch of its own and is sent outside transactions", () => {
    const transactions = layer();
    const { request: ack, outputs } = transactions.acknowledge(bare("ACK"), udp, stampAt(0));
    expect(sent(outputs).transaction).toBeUndefined();
    expect(parameter(ack.headers.value(header.via)?.parameters ?? [], "branch")).toMatch(
      /^z9hG4bK/,
    );
    expect(transactions.size).toBe(0);
    expect(kinds(transactions.resend(ack, udp))).toEqual(["send ACK"]);
  });
});

describe("requests too large for UDP (RFC 3261 §18.1.1)", () => {
  const stream: Flow = { transport: "tcp", address: "192.0.2.9", port: 5060, listener: "t" };
  const large = request("INVITE", { via: "", body: new Uint8Array(1200) });

  test("leave by the stream, with TCP in the Via and no retransmission", () => {
    const transactions = layer({ largeRequestFlow: () => stream });
    const begun = transactions.request(large, udp, stampAt(0));
    expect(sent(begun.outputs).flow).toEqual(stream);
    expect(begun.request.headers.value(header.via)?.transport).toBe("TCP");
    expect(transactions.deadline()).toBe(32_000);
  });

  test("go by UDP after all when the stream is refused, as the same transaction", () => {
    const transactions = layer({ largeRequestFlow: () => stream });
    const begun = transactions.request(large, udp, stampAt(0));
    const again = sent(transactions.transportFailed(begun.transaction, "refused", stampAt(10)));
    expect(again.flow).toEqual(udp);
    expect(again.transaction).toBe(begun.transaction);
    expect(again.message.headers.texts("Via")).toHaveLength(1);
    expect(again.message.headers.value(header.via)?.transport).toBe("UDP");
    expect(transactions.deadline()).toBe(510);
    const failed = transactions.transportFailed(begun.transaction, "unreachable", stampAt(20));
    expect(kinds(failed)).toEqual(["transport-error", "terminated"]);
  });

  test("go by UDP when there is no stream to use, and small ones always do", () => {
    const without = layer().request(large, udp, stampAt(0));
    expect(sent(without.outputs).flow).toEqual(udp);
    const small = layer({ largeRequestFlow: () => stream }).request(
      bare("INVITE"),
      udp,
      stampAt(0),
    );
    expect(sent(small.outputs).flow).toEqual(udp);
  });

  test("1300 octets stay on UDP, 1301 do not", () => {
    const transactions = layer({ largeRequestFlow: () => stream });
    const padded = (length: number) => {
      const headers = [{ name: "Subject", value: "x".repeat(length) }];
      return sent(
        transactions.request(request("INVITE", { via: "", headers }), udp, stampAt(0)).outputs,
      );
    };
    const fits = 1300 - padded(0).octets.length;
    expect(padded(fits)).toMatchObject({ flow: udp, octets: { length: 1300 } });
    expect(padded(fits + 1)).toMatchObject({ flow: stream });
  });
});

describe("server side of the layer", () => {
  test("matches repetitions by branch, sent-by and method (§17.2.3)", () => {
    const transactions = layer();
    const first = arrived(transactions.receive(request("OPTIONS"), udp, stampAt(0)));
    expect(transactions.receive(request("OPTIONS"), udp, stampAt(1))).toEqual([]);
    const ok = response(first.request, 200);
    expect(kinds(transactions.respond(first.transaction, ok, stampAt(2)))).toEqual(["send 200"]);
    expect(kinds(transactions.receive(request("OPTIONS"), udp, stampAt(3)))).toEqual(["send 200"]);
    const elsewhere = request("OPTIONS", { via: "SIP/2.0/UDP 192.0.2.77;branch=z9hG4bKfirst" });
    expect(kinds(transactions.receive(elsewhere, udp, stampAt(4)))).toEqual(["request"]);
    const info = request("INFO", { toTag: "x" });
    expect(kinds(transactions.receive(info, udp, stampAt(5)))).toEqual(["request"]);
  });

  test("gives the ACK to a failure to its INVITE, and the ACK to a 2xx to the user [RFC 6026]", () => {
    const transactions = layer();
    const first = arrived(transactions.receive(request("INVITE"), udp, stampAt(0)));
    transactions.respond(first.transaction, response(first.request, 486), stampAt(1));
    const ack = transactions.receive(request("ACK", { toTag: "bob" }), udp, stampAt(2));
    expect(ack).toEqual([{ kind: "acknowledged", transaction: first.transaction }]);
    const second = request("INVITE", { branch: "z9hG4bKsecond" });
    const { transaction, request: seen } = arrived(transactions.receive(second, udp, stampAt(3)));
    transactions.respond(transaction, response(seen, 200), stampAt(4));
    const other = request("ACK", { branch: "z9hG4bKthird", toTag: "bob" });
    expect(transactions.receive(other, udp, stampAt(5))).toEqual([
      { kind: "ack", request: other, flow: udp },
    ]);
    expect(kinds(transactions.receive(second, udp, stampAt(6)))).toEqual([]);
  });

  test("tells which INVITE a CANCEL is about (§9.2)", () => {
    const transactions = layer();
    const invite = arrived(transactions.receive(request("INVITE"), udp, stampAt(0)));
    const cancel = arrived(transactions.receive(request("CANCEL"), udp, stampAt(1)));
    expect(cancel.cancels).toBe(invite.transaction);
    const stray = request("CANCEL", { branch: "z9hG4bKother" });
    expect(arrived(transactions.receive(stray, udp, stampAt(2))).cancels).toBeUndefined();
  });

  test("matches peers without the cookie as RFC 2543 did (§17.2.3)", () => {
    const transactions = layer();
    const via = "SIP/2.0/UDP old.example.com";
    const invite = arrived(transactions.receive(request("INVITE", { via }), udp, stampAt(0)));
    expect(transactions.receive(request("INVITE", { via }), udp, stampAt(1))).toEqual([]);
    const cancel = arrived(transactions.receive(request("CANCEL", { via }), udp, stampAt(2)));
    expect(cancel.cancels).toBe(invite.transaction);
    transactions.respond(invite.transaction, response(invite.request, 487, "ours"), stampAt(3));
    const wrong = request("ACK", { via, toTag: "not-ours" });
    expect(kinds(transactions.receive(wrong, udp, stampAt(4)))).toEqual(["ack"]);
    const right = request("ACK", { via, toTag: "ours" });
    expect(kinds(transactions.receive(right, udp, stampAt(5)))).toEqual(["acknowledged"]);
    const next = request("INVITE", { via, cSeq: 8 });
    expect(kinds(transactions.receive(next, udp, stampAt(6)))).toEqual(["request"]);
  });

  test("a branch that is the cookie alone is none [RFC 4475]", () => {
    const transactions = layer();
    const via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK";
    transactions.receive(request("OPTIONS", { via }), udp, stampAt(0));
    const other = request("OPTIONS", { via, cSeq: 8 });
    expect(kinds(transactions.receive(other, udp, stampAt(1)))).toEqual(["request"]);
  });

  test("marks a request that came by two paths as merged (§8.2.2.2)", () => {
    const transactions = layer();
    const first = arrived(transactions.receive(request("INVITE"), udp, stampAt(0)));
    const copy = request("INVITE", { branch: "z9hG4bKother" });
    const second = arrived(transactions.receive(copy, udp, stampAt(1)));
    expect([first.merged, second.merged]).toEqual([false, true]);
    expect(mergeKey(first.request)).toBe(mergeKey(second.request));
    const within = request("INVITE", { branch: "z9hG4bKthird", toTag: "x" });
    expect(arrived(transactions.receive(within, udp, stampAt(2))).merged).toBe(false);
    const later = request("INVITE", { branch: "z9hG4bKfourth", cSeq: 9 });
    expect(arrived(transactions.receive(later, udp, stampAt(3))).merged).toBe(false);
  });

  test("forgets merged requests with their transaction", () => {
    const transactions = layer();
    const first = arrived(transactions.receive(request("OPTIONS"), tcp, stampAt(0)));
    transactions.respond(first.transaction, response(first.request, 200), stampAt(1));
    const again = request("OPTIONS", { branch: "z9hG4bKother" });
    expect(arrived(transactions.receive(again, tcp, stampAt(2))).merged).toBe(false);
  });

  test("100 goes out by itself after 200 ms [Timer trying expiry]", () => {
    const transactions = layer();
    transactions.receive(request("INVITE"), udp, stampAt(0));
    expect(transactions.deadline()).toBe(200);
    const trying = sent(transactions.wake(stampAt(200)));
    expect(trying.message).toMatchObject({ status: 100 });
    expect(
      parameter(trying.message.headers.value(header.to)?.parameters ?? [], "tag"),
    ).toBeUndefined();
  });

  test("answers to what is gone are swallowed", () => {
    expect(layer().respond("unknown", response(request("BYE"), 200), stampAt(0))).toEqual([]);
    expect(layer().transportFailed("unknown", "x", stampAt(0))).toEqual([]);
  });
});

describe("bounds", () => {
  test("a request above them gets 503 with Retry-After and no state; an ACK nothing", () => {
    const transactions = layer({ maxTransactions: 1, retryAfter: 9 });
    transactions.receive(request("OPTIONS"), udp, stampAt(0));
    const more = request("OPTIONS", { branch: "z9hG4bKmore" });
    const refusal = sent(transactions.receive(more, udp, stampAt(1)));
    expect(refusal.message).toMatchObject({ status: 503 });
    expect(refusal.message.headers.value(header.retryAfter)?.seconds).toBe(9);
    const again = sent(transactions.receive(more, udp, stampAt(2)));
    // RFC 3261 §8.2.7: the same tag for the same request.
    expect(again.octets).toEqual(refusal.octets);
    expect(transactions.size).toBe(1);
    const ack = request("ACK", { branch: "z9hG4bKmore" });
    expect(kinds(transactions.receive(ack, udp, stampAt(3)))).toEqual(["ack"]);
  });

  test("a request of ours above them fails at once", () => {
    const transactions = layer({ maxTransactions: 0 });
    const { outputs } = transactions.request(bare("OPTIONS"), udp, stampAt(0));
    expect(kinds(outputs)).toEqual(["transport-error", "terminated"]);
    expect(transactions.size).toBe(0);
  });
});

describe("where responses go (RFC 3261 §18.2.1, §18.2.2, RFC 3581 §4)", () => {
  function answerTo(via: string, flow: Flow): TransactionOutput & { kind: "send" } {
    const transactions = layer();
    const { request: seen, transaction } = arrived(
      transactions.receive(request("OPTIONS", { via }), flow, stampAt(0)),
    );
    return sent(transactions.respond(transaction, response(seen, 200), stampAt(1)));
  }

  const rows: readonly [string, string, Flow, Partial<Flow>, string][] = [
    ["sent-by equals the source", "192.0.2.9:5070", udp, { port: 5070 }, "192.0.2.9:5070"],
    ["default port", "192.0.2.9", udp, { port: 5060 }, "192.0.2.9"],
    [
      "another host",
      "a.example:5061",
      udp,
      { address: "192.0.2.9", port: 5061 },
      "a.example:5061;received=192.0.2.9",
    ],
    [
      "rport",
      "10.0.0.1:5060;rport",
      udp,
      { address: "192.0.2.9", port: 5070 },
      "10.0.0.1:5060;rport=5070;received=192.0.2.9",
    ],
    [
      "rport though equal",
      "192.0.2.9:5070;rport",
      udp,
      { port: 5070 },
      "192.0.2.9:5070;rport=5070;received=192.0.2.9",
    ],
    [
      "claims of the peer are not believed",
      "192.0.2.9;received=203.0.113.1",
      udp,
      { address: "192.0.2.9" },
      "192.0.2.9",
    ],
    [
      "maddr",
      "192.0.2.9;maddr=203.0.113.7",
      udp,
      { address: "203.0.113.7", port: 5060 },
      "192.0.2.9;maddr=203.0.113.7",
    ],
    [
      "the connection of a stream",
      "10.0.0.1:5062",
      tcp,
      { flow: "c1", port: 40_000 },
      "10.0.0.1:5062;received=192.0.2.9",
    ],
    [
      "IPv6",
      "[2001:DB8::9]:5070",
      { ...udp, address: "2001:db8::9" },
      { address: "2001:db8::9", port: 5070 },
      "[2001:DB8::9]:5070",
    ],
    [
      "IPv6 behind a name",
      "a.example",
      { ...udp, address: "2001:db8::9" },
      { address: "2001:db8::9", port: 5060 },
      "a.example;received=2001:db8::9",
    ],
  ];
  for (const [what, via, flow, expected, stamped] of rows)
    test(what, () => {
      const protocol = `SIP/2.0/${flow.transport.toUpperCase()}`;
      const [sentBy, ...rest] = via.split(";");
      const parameters = ["branch=z9hG4bKv", ...rest].join(";");
      const answer = answerTo(`${protocol} ${sentBy};${parameters}`, flow);
      expect(answer.flow).toMatchObject(expected);
      expect(answer.message.headers.text("Via")?.replace(";branch=z9hG4bKv", "")).toBe(
        `${protocol} ${stamped}`,
      );
    });

  test("a connection that is gone is replaced once, to received and the port of sent-by", () => {
    const transactions = layer();
    const via = "SIP/2.0/TCP a.example:5066;branch=z9hG4bKv";
    const { request: seen, transaction } = arrived(
      transactions.receive(request("INVITE", { via }), tcp, stampAt(0)),
    );
    transactions.respond(transaction, response(seen, 486), stampAt(1));
    const again = sent(transactions.transportFailed(transaction, "reset", stampAt(2)));
    expect(again.flow).toEqual({
      transport: "tcp",
      address: "192.0.2.9",
      port: 5066,
      listener: "t",
    });
    expect(kinds(transactions.transportFailed(transaction, "refused", stampAt(3)))).toEqual([
      "transport-error",
    ]);
  });
});

describe("stateless refusals", () => {
  test("what the parser refused is answered by its Via", () => {
    for (const { name, octets, parser } of torture) {
      if (parser.kind !== "refused") continue;
      const read = readMessage(octets);
      if (read.ok || read.error.request === undefined) throw new Error(`${name} has no request`);
      const refusal = layer().reject(read.error.request, udp, read.error.status, stampAt(0));
      expect(sent(refusal).message, name).toMatchObject({ status: parser.status });
    }
  });

  test("an ACK is never answered", () => {
    expect(layer().reject(request("ACK"), udp, 400, stampAt(0))).toEqual([]);
  });
});
