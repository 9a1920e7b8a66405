import { describe, expect, test } from "vitest";
import { instant } from "../../../../src/core/index.js";
import { header, parameter } from "../../../../src/sip/message/index.js";
import {
  type InviteClientState,
  inviteClient,
  type MachineParams,
} from "../../../../src/sip/transaction/index.js";
import { Bench, reliable, request, response, unreliable } from "./support.js";

const invite = request("INVITE");

function bench(params: MachineParams = unreliable) {
  const machine = inviteClient(params);
  return new Bench(machine, machine.start(invite, instant(0)));
}

function nameOf(state: InviteClientState): string {
  return state.name;
}

describe("INVITE client transaction (RFC 3261 figure 5)", () => {
  test("repeats the INVITE after T1, 2*T1, 4*T1 ... on UDP [Timer A start] [Timer A expiry]", () => {
    expect(bench().until(31_999).said()).toEqual([
      "0 send INVITE",
      "500 send INVITE",
      "1500 send INVITE",
      "3500 send INVITE",
      "7500 send INVITE",
      "15500 send INVITE",
      "31500 send INVITE",
    ]);
  });

  test("does not repeat it on a stream [Timer A not started]", () => {
    expect(bench(reliable).until(31_999).said()).toEqual(["0 send INVITE"]);
  });

  test("gives up after 64*T1 on UDP and on a stream [Timer B start] [Timer B expiry]", () => {
    for (const params of [unreliable, reliable]) {
      const client = bench(params).until(32_000);
      expect(client.said().at(-1)).toBe("32000 timeout B");
      expect(nameOf(client.state)).toBe("terminated");
    }
  });

  test("a provisional response ends the repeating and the wait [Timer A stop] [Timer B stop]", () => {
    const client = bench().until(600);
    client.said();
    client.input({ kind: "response", response: response(invite, 180) }).until(200_000);
    client.input({ kind: "response", response: response(invite, 183) });
    expect(client.said()).toEqual(["600 response 180", "200000 response 183"]);
    expect(nameOf(client.state)).toBe("proceeding");
  });

  test("after a CANCEL the INVITE has 64*T1 to end [Timer B start]", () => {
    const client = bench()
      .input({ kind: "response", response: response(invite, 100) })
      .until(10_000);
    client.input({ kind: "cancelled" });
    client.said();
    expect(client.until(41_999).said()).toEqual([]);
    expect(client.until(42_000).said()).toEqual(["42000 timeout B"]);
  });

  test("the 487 to a cancelled INVITE stops that wait [Timer B stop]", () => {
    const client = bench(reliable).input({ kind: "response", response: response(invite, 100) });
    client.input({ kind: "cancelled" });
    client.input({ kind: "response", response: response(invite, 487) }).until(90_000);
    expect(client.said().slice(2)).toEqual(["0 send ACK", "0 response 487"]);
  });

  test("acknowledges a failure, and each repetition of it for 32 s on UDP [Timer D start] [Timer D expiry]", () => {
    const client = bench().until(100);
    client.said();
    client.input({ kind: "response", response: response(invite, 486) }).until(1_000);
    client.input({ kind: "response", response: response(invite, 486) }).until(32_099);
    client.input({ kind: "response", response: response(invite, 100) });
    expect(client.said()).toEqual(["100 send ACK", "100 response 486", "1000 send ACK"]);
    expect(nameOf(client.state)).toBe("completed");
    expect(nameOf(client.until(32_100).state)).toBe("terminated");
    expect(client.said()).toEqual([]);
  });

  test("is over at once after a failure on a stream [Timer D zero]", () => {
    const client = bench(reliable).input({ kind: "response", response: response(invite, 486) });
    expect(client.said()).toEqual(["0 send INVITE", "0 send ACK", "0 response 486"]);
    expect(nameOf(client.state)).toBe("terminated");
  });

  test("passes every 2xx up for 64*T1, and nothing else [RFC 6026] [Timer M start] [Timer M expiry]", () => {
    const client = bench().until(100);
    client.said();
    client.input({ kind: "response", response: response(invite, 200, "a") }).until(5_000);
    client.input({ kind: "response", response: response(invite, 200, "b") });
    client.input({ kind: "response", response: response(invite, 180, "c") });
    client.input({ kind: "response", response: response(invite, 500, "d") }).until(32_099);
    expect(client.said()).toEqual(["100 response 200", "5000 response 200"]);
    expect(nameOf(client.state)).toBe("accepted");
    expect(nameOf(client.until(32_100).state)).toBe("terminated");
  });

  test("tells when the transport fails, of the INVITE and of the ACK", () => {
    const calling = bench().input({ kind: "transport-error", what: "refused" });
    expect(calling.said()).toEqual(["0 send INVITE", "0 transport-error"]);
    expect(nameOf(calling.state)).toBe("terminated");
    const completed = bench().input({ kind: "response", response: response(invite, 486) });
    completed.input({ kind: "transport-error", what: "refused" });
    expect(nameOf(completed.state)).toBe("terminated");
    const proceeding = bench().input({ kind: "response", response: response(invite, 180) });
    proceeding.input({ kind: "transport-error", what: "refused" });
    expect(nameOf(proceeding.state)).toBe("proceeding");
  });

  test("the ACK to a failure has one Via, the INVITE's, its Route, and the response's To (§17.1.1.3)", () => {
    const routed = request("INVITE", {
      via: "SIP/2.0/UDP a;branch=z9hG4bKx, SIP/2.0/UDP b;branch=z9hG4bKy",
      headers: [
        { name: "Route", value: "<sip:p1;lr>" },
        { name: "Route", value: "<sip:p2;lr>" },
        { name: "Contact", value: "<sip:me>" },
        { name: "Content-Type", value: "application/sdp" },
      ],
      body: new Uint8Array(3),
    });
    const machine = inviteClient(unreliable);
    const started = machine.start(routed, instant(0));
    const input = { kind: "response", response: response(routed, 404, "t") } as const;
    const [sent] = machine.step(started.state, input, instant(5)).outputs;
    if (sent?.kind !== "send" || sent.message.kind !== "request") throw new Error("no ACK");
    const { headers, uri, body } = sent.message;
    expect(uri).toBe(routed.uri);
    expect(body).toHaveLength(0);
    expect(headers.values(header.via)).toMatchObject([{ host: "a" }]);
    expect(headers.texts("Route")).toEqual(["<sip:p1;lr>", "<sip:p2;lr>"]);
    expect(headers.value(header.cSeq)).toEqual({ number: 7, method: "ACK" });
    expect(parameter(headers.value(header.to)?.parameters ?? [], "tag")).toBe("t");
    expect(parameter(headers.value(header.from)?.parameters ?? [], "tag")).toBe("alice");
    expect(headers.value(header.callId)).toBe("call-1");
    expect(headers.has("Contact") || headers.has("Content-Type")).toBe(false);
  });
});
