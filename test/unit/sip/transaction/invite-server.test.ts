import { describe, expect, test } from "vitest";
import { instant } from "../../../../src/core/index.js";
import { inviteServer, type MachineParams } from "../../../../src/sip/transaction/index.js";
import { Bench, reliable, request, response, unreliable } from "./support.js";

const invite = request("INVITE");
const ack = request("ACK");

function bench(params: MachineParams = unreliable) {
  const machine = inviteServer(params);
  return new Bench(machine, machine.start(invite, instant(0)));
}

describe("INVITE server transaction (RFC 3261 figure 7)", () => {
  test("answers 100 itself when the user is silent for 200 ms [Timer trying start] [Timer trying expiry]", () => {
    const server = bench().until(150).input({ kind: "request" });
    expect(server.said()).toEqual([]);
    expect(server.until(1_000).said()).toEqual(["200 send 100"]);
    expect(server.input({ kind: "request" }).said()).toEqual(["1000 send 100"]);
  });

  test("a provisional response of the user comes instead, and answers repetitions [Timer trying stop]", () => {
    const server = bench().until(100);
    server.input({ kind: "respond", response: response(invite, 180) }).until(60_000);
    server.input({ kind: "request" });
    server.input({ kind: "respond", response: response(invite, 183) }).input({ kind: "request" });
    expect(server.said()).toEqual([
      "100 send 180",
      "60000 send 180",
      "60000 send 183",
      "60000 send 183",
    ]);
  });

  test("repeats a failure after T1, doubling up to T2, until the ACK [Timer G start] [Timer G expiry] [Timer G stop]", () => {
    const server = bench().input({ kind: "respond", response: response(invite, 486) });
    server.until(12_000).input({ kind: "request" });
    expect(server.said()).toEqual([
      "0 send 486",
      "500 send 486",
      "1500 send 486",
      "3500 send 486",
      "7500 send 486",
      "11500 send 486",
      "12000 send 486",
    ]);
    server.input({ kind: "ack", request: ack });
    expect(server.until(16_999).said()).toEqual(["12000 acknowledged"]);
  });

  test("does not repeat it on a stream [Timer G not started]", () => {
    const server = bench(reliable).input({ kind: "respond", response: response(invite, 486) });
    expect(server.until(31_999).said()).toEqual(["0 send 486"]);
  });

  test("gives up waiting for the ACK after 64*T1 [Timer H start] [Timer H expiry]", () => {
    for (const params of [unreliable, reliable]) {
      const server = bench(params).input({ kind: "respond", response: response(invite, 500) });
      expect(server.until(32_000).said().at(-1)).toBe("32000 timeout H");
      expect(server.state.name).toBe("terminated");
    }
  });

  test("swallows repeated ACKs and INVITEs for T4 after the first [Timer H stop] [Timer I start] [Timer I expiry]", () => {
    const server = bench()
      .input({ kind: "respond", response: response(invite, 486) })
      .until(100);
    server.input({ kind: "ack", request: ack });
    server.said();
    server.input({ kind: "ack", request: ack }).input({ kind: "request" }).until(5_099);
    expect(server.said()).toEqual([]);
    expect(server.state.name).toBe("confirmed");
    expect(server.until(5_100).state.name).toBe("terminated");
  });

  test("is over at the ACK on a stream [Timer I zero]", () => {
    const server = bench(reliable).input({ kind: "respond", response: response(invite, 486) });
    expect(server.input({ kind: "ack", request: ack }).state.name).toBe("terminated");
  });

  test("after a 2xx it swallows INVITEs, hands ACKs up and sends the user's repetitions [RFC 6026] [Timer L start] [Timer L expiry]", () => {
    const server = bench()
      .input({ kind: "respond", response: response(invite, 200) })
      .until(500);
    server.input({ kind: "request" });
    server.input({ kind: "respond", response: response(invite, 200) });
    server.input({ kind: "respond", response: response(invite, 500) });
    server.input({ kind: "ack", request: ack });
    expect(server.said()).toEqual(["0 send 200", "500 send 200", "500 ack"]);
    expect(server.until(31_999).state.name).toBe("accepted");
    expect(server.until(32_000).state.name).toBe("terminated");
  });

  test("a failing transport is told and changes nothing [RFC 6026]", () => {
    const server = bench().input({ kind: "respond", response: response(invite, 200) });
    server.input({ kind: "transport-error", what: "reset" });
    expect(server.said()).toEqual(["0 send 200", "0 transport-error"]);
    expect(server.state.name).toBe("accepted");
  });
});
