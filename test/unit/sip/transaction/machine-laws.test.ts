import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { after, instant, type Machine, type Step, wake } from "../../../../src/core/index.js";
import {
  inviteClient,
  inviteServer,
  type MachineOutput,
  type MachineParams,
  nonInviteClient,
  nonInviteServer,
} from "../../../../src/sip/transaction/index.js";
import { reliable, request, response, unreliable } from "./support.js";

const invite = request("INVITE");
const options = request("OPTIONS");

const statuses = fc.constantFrom(100, 180, 183, 200, 202, 302, 404, 486, 503, 603);
const clientInputs = fc.oneof(
  statuses.map((status) => ({ kind: "response" as const, response: response(invite, status) })),
  fc.constant({ kind: "transport-error" as const, what: "x" }),
  fc.constant(wake),
);
const inviteClientInputs = fc.oneof(clientInputs, fc.constant({ kind: "cancelled" as const }));
const serverInputs = fc.oneof(
  statuses.map((status) => ({ kind: "respond" as const, response: response(invite, status) })),
  fc.constant({ kind: "request" as const }),
  fc.constant({ kind: "ack" as const, request: request("ACK") }),
  fc.constant({ kind: "transport-error" as const, what: "x" }),
  fc.constant(wake),
);

/** The laws of design.md for one machine, over random inputs at random times. */
function holds<State, Input>(
  machineOf: (params: MachineParams) => Machine<State, Input, MachineOutput>,
  start: (params: MachineParams) => Step<State, MachineOutput>,
  inputs: fc.Arbitrary<Input | typeof wake>,
): void {
  const script = fc.array(fc.tuple(fc.nat(8_000), inputs), { maxLength: 40 });
  fc.assert(
    fc.property(fc.constantFrom(unreliable, reliable), script, (params, steps) => {
      const machine = machineOf(params);
      const run = () => {
        let state = start(params).state;
        let now = instant(0);
        const trace: unknown[] = [];
        for (const [pause, input] of steps) {
          const due = machine.deadline(state);
          if (due !== undefined && due > now + 1) {
            const early = machine.step(state, wake, after(now, 0));
            expect(early).toEqual({ state, outputs: [] });
          }
          now = after(now, pause);
          const step = machine.step(state, input, now);
          state = step.state;
          trace.push(step.outputs);
          if ((input as { kind: string }).kind === "wake") {
            const next = machine.deadline(state);
            if (next !== undefined) expect(next).toBeGreaterThan(now);
          }
        }
        return { state, trace };
      };
      expect(run()).toEqual(run());
    }),
    { numRuns: 300 },
  );
}

describe("laws of the transaction machines", () => {
  test("INVITE client: never throws, early wake changes nothing, time goes on, replays", () => {
    holds(
      inviteClient,
      (params) => inviteClient(params).start(invite, instant(0)),
      inviteClientInputs,
    );
  });

  test("non-INVITE client: never throws, early wake changes nothing, time goes on, replays", () => {
    holds(
      nonInviteClient,
      (params) => nonInviteClient(params).start(options, instant(0)),
      clientInputs,
    );
  });

  test("INVITE server: never throws, early wake changes nothing, time goes on, replays", () => {
    holds(inviteServer, (params) => inviteServer(params).start(invite, instant(0)), serverInputs);
  });

  test("non-INVITE server: never throws, early wake changes nothing, time goes on, replays", () => {
    holds(
      nonInviteServer,
      (params) => nonInviteServer(params).start(options, instant(0)),
      serverInputs,
    );
  });
});
