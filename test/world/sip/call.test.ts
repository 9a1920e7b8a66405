import { expect, test } from "vitest";
import { instant } from "../../../src/core/index.js";
import { Wire } from "../wire.js";
import { Party } from "./party.js";

test("an en-bloc call: INVITE, 180, 200, ACK, BYE; nothing is left [RFC 3261 §13] [BYE]", () => {
  const wire = new Wire<Uint8Array>(1);
  const a = new Party(wire, "192.0.2.1");
  const b = new Party(wire, "192.0.2.2");
  b.behaviour = (event, call) => {
    if (event.kind !== "invite-received") return;
    b.do({
      kind: "provisional",
      session: call.id,
      status: 180,
      reliable: "if-possible",
      headers: [],
      bodies: [],
    });
    wire.in(3000, () =>
      b.do({ kind: "accept", session: call.id, headers: [], bodies: [b.description("answer")] }),
    );
  };
  a.invite("call", "192.0.2.2", "supported", false);
  wire.run(instant(10_000));
  const call = a.calls.get("call");
  expect(call?.state).toBe("answered");
  a.do({ kind: "terminate", session: "call", headers: [] });
  wire.run();
  expect(call?.events.map((event) => event.kind)).toEqual([
    "provisional-received",
    "description-received",
    "answered",
    "ended",
  ]);
  expect(a.stack.alive).toEqual({ sessions: 0, dialogs: 0, transactions: 0, timers: 0 });
  expect(b.stack.alive).toEqual({ sessions: 0, dialogs: 0, transactions: 0, timers: 0 });
});
