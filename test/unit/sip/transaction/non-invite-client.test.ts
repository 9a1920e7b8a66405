import { describe, expect, test } from "vitest";
import { instant } from "../../../../src/core/index.js";
import { type MachineParams, nonInviteClient } from "../../../../src/sip/transaction/index.js";
import { Bench, reliable, request, response, unreliable } from "./support.js";

const options = request("OPTIONS");

function bench(params: MachineParams = unreliable) {
  const machine = nonInviteClient(params);
  return new Bench(machine, machine.start(options, instant(0)));
}

describe("non-INVITE client transaction (RFC 3261 figure 6)", () => {
  test("repeats the request after T1, doubling up to T2, on UDP [Timer E start] [Timer E expiry]", () => {
    const times = bench().until(31_999).said();
    expect(times.slice(0, 5)).toEqual([
      "0 send OPTIONS",
      "500 send OPTIONS",
      "1500 send OPTIONS",
      "3500 send OPTIONS",
      "7500 send OPTIONS",
    ]);
    expect(times.slice(5)).toEqual(
      [11_500, 15_500, 19_500, 23_500, 27_500, 31_500].map((at) => `${at} send OPTIONS`),
    );
  });

  test("does not repeat it on a stream [Timer E not started]", () => {
    expect(bench(reliable).until(31_999).said()).toEqual(["0 send OPTIONS"]);
  });

  test("gives up after 64*T1 [Timer F start] [Timer F expiry]", () => {
    for (const params of [unreliable, reliable]) {
      const client = bench(params).until(32_000);
      expect(client.said().at(-1)).toBe("32000 timeout F");
      expect(client.state.name).toBe("terminated");
    }
  });

  test("after a provisional response it repeats every T2 and still gives up [Timer E] [Timer F]", () => {
    const client = bench().until(600);
    client.said();
    client.input({ kind: "response", response: response(options, 100) });
    const said = client.until(40_000).said();
    expect(said.slice(0, 4)).toEqual([
      "600 response 100",
      "1500 send OPTIONS",
      "5500 send OPTIONS",
      "9500 send OPTIONS",
    ]);
    expect(said.at(-1)).toBe("32000 timeout F");
  });

  test("a final response ends both, and repetitions are swallowed for T4 [Timer E stop] [Timer F stop] [Timer K start] [Timer K expiry]", () => {
    const client = bench().until(600);
    client.said();
    client.input({ kind: "response", response: response(options, 200) });
    client.input({ kind: "response", response: response(options, 200) }).until(5_599);
    expect(client.said()).toEqual(["600 response 200"]);
    expect(client.state.name).toBe("completed");
    expect(client.until(5_600).state.name).toBe("terminated");
  });

  test("is over at once after a final response on a stream [Timer K zero]", () => {
    const client = bench(reliable).input({ kind: "response", response: response(options, 404) });
    expect(client.state.name).toBe("terminated");
  });

  test("tells when the transport fails", () => {
    const client = bench().input({ kind: "transport-error", what: "refused" });
    expect(client.said()).toEqual(["0 send OPTIONS", "0 transport-error"]);
    expect(client.state.name).toBe("terminated");
  });
});
