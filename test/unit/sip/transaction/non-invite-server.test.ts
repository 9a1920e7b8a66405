import { describe, expect, test } from "vitest";
import { instant } from "../../../../src/core/index.js";
import { type MachineParams, nonInviteServer } from "../../../../src/sip/transaction/index.js";
import { Bench, reliable, request, response, unreliable } from "./support.js";

const options = request("OPTIONS");

function bench(params: MachineParams = unreliable) {
  const machine = nonInviteServer(params);
  return new Bench(machine, machine.start(options, instant(0)));
}

describe("non-INVITE server transaction (RFC 3261 figure 8)", () => {
  test("swallows repetitions until the user answers, then answers them", () => {
    const server = bench().input({ kind: "request" });
    expect(server.said()).toEqual([]);
    server.input({ kind: "respond", response: response(options, 100) }).input({ kind: "request" });
    server.input({ kind: "respond", response: response(options, 200) }).input({ kind: "request" });
    server.input({ kind: "respond", response: response(options, 500) });
    expect(server.said()).toEqual(["0 send 100", "0 send 100", "0 send 200", "0 send 200"]);
  });

  test("a final response answers repetitions for 64*T1 on UDP [Timer J start] [Timer J expiry]", () => {
    const server = bench().input({ kind: "respond", response: response(options, 200) });
    expect(server.until(31_999).input({ kind: "request" }).said().at(-1)).toBe("31999 send 200");
    expect(server.until(32_000).state.name).toBe("terminated");
  });

  test("is over at once on a stream [Timer J zero]", () => {
    const server = bench(reliable).input({ kind: "respond", response: response(options, 200) });
    expect(server.said()).toEqual(["0 send 200"]);
    expect(server.state.name).toBe("terminated");
  });

  test("a failing transport is told and changes nothing [RFC 6026]", () => {
    const server = bench().input({ kind: "respond", response: response(options, 200) });
    server.input({ kind: "transport-error", what: "reset" });
    expect(server.said().at(-1)).toBe("0 transport-error");
    expect(server.state.name).toBe("completed");
  });
});
