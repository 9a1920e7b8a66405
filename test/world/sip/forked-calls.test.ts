import { expect, test } from "vitest";
import { instant } from "../../../src/core/index.js";
import { perfectWire, seededEntropy, Wire } from "../wire.js";
import { ForkingProxy } from "./forking-proxy.js";
import { Party } from "./party.js";
import { chance, hangUp, pick } from "./scenario.js";

const proxy = "192.0.2.100";
const quiet = { sessions: 0, dialogs: 0, transactions: 0, timers: 0 };

/** A caller, a proxy, and three callees who ring and then answer or refuse, by lot. */
function drawFork(seed: number, cancels: boolean) {
  const wire = new Wire<Uint8Array>(seed, { ...perfectWire, jitterMs: seed % 2 === 0 ? 40 : 0 });
  const lot = seededEntropy(seed + 77_777);
  const caller = new Party(wire, "192.0.2.1");
  const callees = ["192.0.2.2", "192.0.2.3", "192.0.2.4"].map((at) => new Party(wire, at));
  new ForkingProxy(
    wire,
    proxy,
    callees.map(({ address }) => address),
    cancels,
  );
  for (const callee of callees) {
    callee.behaviour = (event, { id: session }) => {
      if (event.kind !== "invite-received") return;
      const ring = lot.between(0, 1000);
      const headers: readonly never[] = [];
      wire.in(ring, () => {
        if (callee.calls.get(session)?.state !== "trying") return;
        const bodies = chance(lot, 0.3) ? [callee.description("answer")] : [];
        const status = pick(lot, [180, 183] as const);
        const reliable = "if-possible";
        callee.do({ kind: "provisional", session, status, reliable, headers, bodies });
      });
      const answers = chance(lot, 0.7);
      wire.in(ring + lot.between(100, 2000), () => {
        const call = callee.calls.get(session);
        if (call?.state !== "trying") return;
        const bodies = call.agreed === undefined ? [callee.description("answer")] : [];
        if (answers) callee.do({ kind: "accept", session, headers, bodies });
        else callee.do({ kind: "reject", session, status: 486, headers });
      });
    };
  }
  const reliability = pick(lot, ["none", "supported", "required"] as const);
  caller.invite("call", proxy, reliability, false);
  return { wire, caller, callees };
}

test.each([true, false])(
  "a forked call has one winner, the others are ended, and nothing is left; branches cancelled: %s [fork] [world]",
  (cancels) => {
    let answered = 0;
    let several = 0;
    for (let seed = 1; seed <= 150; seed++) {
      const { wire, caller, callees } = drawFork(seed, cancels);
      wire.run(instant(60_000));
      const call = caller.calls.get("call");
      const up = callees.filter(({ calls }) =>
        [...calls.values()].some(({ state }) => state === "answered"),
      );
      const accepted = callees.filter((callee) =>
        callee.outputs.some(
          (output) => output.kind === "session" && output.event.kind === "acknowledged",
        ),
      );
      if (accepted.length > 1) several++;
      expect(call?.state, `seed ${seed}`).toBe(accepted.length > 0 ? "answered" : "ended");
      expect(up.length, `seed ${seed}`).toBe(accepted.length > 0 ? 1 : 0);
      const [winner] = up;
      if (winner !== undefined) {
        answered++;
        const [theirs] = winner.calls.values();
        expect(theirs?.agreed).toEqual({ ours: call?.agreed?.theirs, theirs: call?.agreed?.ours });
      }
      hangUp(caller);
      wire.run();
      for (const party of [caller, ...callees]) expect(party.stack.alive).toEqual(quiet);
    }
    expect(answered).toBeGreaterThan(100);
    // Without CANCEL several answer, and the caller ends all but one.
    if (!cancels) expect(several).toBeGreaterThan(50);
  },
);

test("a caller who gives up cancels all branches [fork] [CANCEL] [world]", () => {
  for (let seed = 1; seed <= 30; seed++) {
    const { wire, caller, callees } = drawFork(seed, true);
    wire.in(60, () => hangUp(caller));
    wire.run();
    expect(caller.calls.get("call")?.state).toBe("ended");
    for (const party of [caller, ...callees]) {
      expect(party.stack.alive).toEqual(quiet);
      for (const { state } of party.calls.values()) expect(state).toBe("ended");
    }
  }
});
