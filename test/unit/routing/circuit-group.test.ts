import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HuntOrder, SignallingKind } from "../../../src/call/index.js";
import {
  CircuitGroup,
  type CircuitInput,
  type CircuitName,
  type CircuitOutput,
} from "../../../src/routing/index.js";

const SLOTS = [1, 2, 3, 4, 5, 6];

function groupOf(
  hunt: HuntOrder = "lowest",
  signalling: SignallingKind = "isdn-user",
  slots = SLOTS,
): CircuitGroup {
  const circuits = ["e1", "e2"].flatMap((span) =>
    slots.map((timeslot) => ({ trunkGroup: "pri", span, timeslot })),
  );
  return new CircuitGroup({ name: "pri", signalling, hunt, circuits });
}

function seize(group: CircuitGroup, call: string, span?: string): string {
  return said(group.step({ kind: "seize", call, ...(span === undefined ? {} : { span }) }));
}

/** The outputs without the reports of change, as short texts. */
function said(outputs: readonly CircuitOutput[]): string {
  return outputs
    .flatMap((o) => {
      if (o.kind === "changed") return [];
      if ("circuit" in o) return [`${o.kind} ${o.call} ${o.circuit.span}/${o.circuit.timeslot}`];
      return [`${o.kind} ${o.call} ${o.cause.value}`];
    })
    .join(", ");
}

const name = (timeslot: number, span = "e1"): CircuitName => ({ span, timeslot });

describe("hunting", () => {
  test("[hunt lowest] takes the first circuit that is idle", () => {
    const group = groupOf("lowest");
    expect([seize(group, "a"), seize(group, "b")]).toEqual(["seized a e1/1", "seized b e1/2"]);
    group.step({ kind: "release", call: "a" });
    expect(seize(group, "c")).toBe("seized c e1/1");
  });

  test("[hunt highest] takes the last circuit that is idle", () => {
    const group = groupOf("highest");
    expect([seize(group, "a"), seize(group, "b")]).toEqual(["seized a e2/6", "seized b e2/5"]);
  });

  test("[hunt cyclic] goes on after the last one taken, and round", () => {
    const group = groupOf("cyclic");
    const taken = Array.from({ length: 14 }, (_, i) => {
      const text = seize(group, `c${i}`);
      group.step({ kind: "release", call: `c${i}` });
      return text.split(" ")[2];
    });
    expect(taken.slice(0, 7)).toEqual(["e1/1", "e1/2", "e1/3", "e1/4", "e1/5", "e1/6", "e2/1"]);
    expect(taken.slice(12)).toEqual(["e1/1", "e1/2"]);
  });

  test("[hunt longest idle] takes the circuit that was released first", () => {
    const group = groupOf("longest-idle", "isdn-user", [1, 2]);
    for (const call of ["a", "b", "c", "d"]) seize(group, call);
    for (const call of ["c", "a", "d"]) group.step({ kind: "release", call });
    expect([seize(group, "e"), seize(group, "f"), seize(group, "g")]).toEqual([
      "seized e e2/1",
      "seized f e1/1",
      "seized g e2/2",
    ]);
  });

  test("[hunt odd first] [hunt even first] begin with their half and go on with the other", () => {
    const odd = groupOf("odd-first", "isup", [1, 2, 3]);
    const order = ["a", "b", "c", "d", "e"].map((call) => seize(odd, call).split(" ")[2]);
    expect(order).toEqual(["e1/1", "e1/3", "e2/1", "e2/3", "e1/2"]);
    expect(seize(groupOf("even-first"), "a")).toBe("seized a e1/2");
    expect(seize(groupOf("even-first"), "a", "e2")).toBe("seized a e2/2");
  });

  test("a span can be asked for, and an unknown one has no circuit", () => {
    expect(seize(groupOf(), "a", "e2")).toBe("seized a e2/1");
    expect(seize(groupOf("longest-idle"), "a", "e2")).toBe("seized a e2/1");
    expect(seize(groupOf(), "a", "e9")).toBe("refused a 34");
  });

  test("[cause 34] when every circuit is busy the call is refused and counted", () => {
    const group = groupOf("lowest", "isdn-user", [1]);
    expect([seize(group, "a"), seize(group, "b"), seize(group, "c")]).toEqual([
      "seized a e1/1",
      "seized b e2/1",
      "refused c 34",
    ]);
    expect(group.statistics()).toMatchObject({ busy: 2, maxBusy: 2, seizures: 2, overflows: 1 });
  });

  test("1,890 circuits are seized and released in every order without a second holder", () => {
    for (const hunt of ["lowest", "highest", "cyclic", "longest-idle", "odd-first"] as const) {
      const circuits = Array.from({ length: 1890 }, (_, i) => ({
        ...{ trunkGroup: "stm", span: `s${Math.floor(i / 30)}`, timeslot: 1 + (i % 30), cic: i },
      }));
      const group = new CircuitGroup({ name: "stm", signalling: "isup", hunt, circuits });
      const taken = new Set(circuits.map((_, i) => seize(group, `c${i}`).split(" ")[2]));
      expect(taken.size).toBe(1890);
      expect(seize(group, "more")).toBe("refused more 34");
    }
  });
});

describe("incoming calls", () => {
  const arrive = (group: CircuitGroup, call: string, timeslot?: number, exclusive = true) =>
    said(
      group.step({
        ...{ kind: "incoming", call, span: "e1", exclusive },
        ...(timeslot === undefined ? {} : { circuit: name(timeslot) }),
      }),
    );

  test("the circuit asked for is granted when it is idle", () => {
    expect(arrive(groupOf(), "a", 3)).toBe("granted a e1/3");
  });

  test("[Q.931 §5.2.3] without a circuit asked for one of the interface's span is chosen", () => {
    expect(arrive(groupOf("highest"), "a")).toBe("granted a e1/6");
  });

  test("[cause 44] a busy circuit that is exclusive is refused, else another is granted", () => {
    const group = groupOf();
    arrive(group, "a", 1);
    expect(arrive(group, "b", 1)).toBe("refused b 44");
    expect(arrive(group, "c", 1, false)).toBe("granted c e1/2");
  });

  test("[cause 82] a circuit that the group does not have is refused", () => {
    expect(arrive(groupOf(), "a", 16)).toBe("refused a 82");
    expect(arrive(groupOf(), "b", 16, false)).toBe("granted b e1/1");
  });

  test("[cause 34] no circuit at all is 34", () => {
    const group = groupOf("lowest", "isdn-user", [1]);
    arrive(group, "a", 1);
    expect(arrive(group, "b")).toBe("refused b 34");
  });

  test("a call that has a circuit gets no second one", () => {
    const group = groupOf();
    arrive(group, "a", 1);
    expect(arrive(group, "a", 2)).toBe("refused a 44");
    expect(seize(group, "a")).toBe("refused a 34");
    expect(group.statistics().busy).toBe(1);
  });

  test("[Q.931 §5.7] on the user side the network's call takes the circuit of ours", () => {
    const group = groupOf("lowest", "isdn-user");
    seize(group, "ours");
    expect(arrive(group, "theirs", 1)).toBe("displaced ours e1/1, granted theirs e1/1");
    expect(group.circuitOf("ours")).toBeUndefined();
    expect(said(group.step({ kind: "assigned", call: "ours", circuit: name(4) }))).toBe(
      "moved ours e1/4",
    );
    expect(group.statistics()).toMatchObject({ busy: 2, collisions: 1 });
  });

  test("[Q.931 §5.7] on the network side our call keeps the circuit", () => {
    const group = groupOf("lowest", "isdn-network");
    seize(group, "ours");
    expect(arrive(group, "theirs", 1)).toBe("refused theirs 44");
    expect(arrive(group, "others", 1, false)).toBe("granted others e1/2");
    expect(group.circuitOf("ours")).toMatchObject({ timeslot: 1 });
    expect(group.statistics().collisions).toBe(2);
  });

  test("a circuit that the network confirmed for our call is not given away", () => {
    const group = groupOf("lowest", "isdn-user");
    seize(group, "ours");
    expect(group.step({ kind: "assigned", call: "ours", circuit: name(1) })).toEqual([]);
    expect(arrive(group, "theirs", 1)).toBe("refused theirs 44");
  });
});

describe("assignment by the far end", () => {
  test("[Q.931 §5.1.2] another channel in the first reply moves the call", () => {
    const group = groupOf();
    seize(group, "a");
    expect(said(group.step({ kind: "assigned", call: "a", circuit: name(5) }))).toBe(
      "moved a e1/5",
    );
    expect(seize(group, "b")).toBe("seized b e1/1");
  });

  test("[cause 6] a channel that cannot be used is refused and the call keeps its own", () => {
    const group = groupOf();
    seize(group, "a");
    group.step({ kind: "incoming", call: "x", span: "e1", circuit: name(2), exclusive: true });
    for (const timeslot of [2, 16]) {
      expect(said(group.step({ kind: "assigned", call: "a", circuit: name(timeslot) }))).toBe(
        "refused a 6",
      );
    }
    expect(group.circuitOf("a")).toMatchObject({ timeslot: 1 });
  });
});

describe("blocking and reset", () => {
  test("blocked circuits are not hunted, whoever blocked them and why", () => {
    for (const side of ["local", "remote"] as const) {
      for (const by of ["maintenance", "hardware"] as const) {
        const group = groupOf();
        group.step({ kind: "block", circuits: [name(1), name(2)], side, by });
        expect(seize(group, "a")).toBe("seized a e1/3");
        group.step({ kind: "unblock", circuits: [name(1)], side, by });
        expect(seize(group, "b")).toBe("seized b e1/1");
      }
    }
  });

  test("a circuit blocked twice is free only when both blocks are gone", () => {
    const group = groupOf();
    const block = (kind: "block" | "unblock", by: "maintenance" | "hardware") =>
      group.step({ kind, circuits: [name(1)], side: "local", by });
    block("block", "maintenance");
    const both = block("block", "hardware");
    expect(both).toMatchObject([{ blocking: { local: "hardware", remote: "none" } }]);
    expect(block("unblock", "hardware")).toMatchObject([{ blocking: { local: "maintenance" } }]);
    expect(seize(group, "a")).toBe("seized a e1/2");
    block("unblock", "maintenance");
    expect(seize(group, "b")).toBe("seized b e1/1");
  });

  test("blocking a busy circuit lets its call go on and keeps the next one off", () => {
    const group = groupOf("lowest", "isdn-user", [1]);
    seize(group, "a");
    group.step({ kind: "block", circuits: [name(1)], side: "remote", by: "maintenance" });
    expect(group.circuitOf("a")).toMatchObject({ timeslot: 1 });
    group.step({ kind: "release", call: "a" });
    expect(seize(group, "b")).toBe("seized b e2/1");
  });

  test("an incoming call may use a circuit that only the far end blocked", () => {
    const group = groupOf();
    group.step({ kind: "block", circuits: [name(1)], side: "remote", by: "maintenance" });
    group.step({ kind: "block", circuits: [name(2)], side: "local", by: "maintenance" });
    const arrive = (call: string, timeslot: number) =>
      said(
        group.step({
          ...{ kind: "incoming", call, span: "e1", circuit: name(timeslot), exclusive: true },
        }),
      );
    expect([arrive("a", 1), arrive("b", 2)]).toEqual(["granted a e1/1", "refused b 44"]);
  });

  test("[RESTART] [cause 41] a reset clears calls and keeps the circuit until it is done", () => {
    const group = groupOf();
    seize(group, "a");
    expect(said(group.step({ kind: "reset", circuits: [name(1)], by: "us" }))).toBe("clear a 41");
    expect(seize(group, "b")).toBe("seized b e1/2");
    group.step({ kind: "reset-done", circuits: [name(1)] });
    expect(seize(group, "c")).toBe("seized c e1/1");
  });

  test("a reset by the far end leaves the circuit idle at once", () => {
    const group = groupOf();
    seize(group, "a");
    group.step({ kind: "reset", circuits: [name(1)], by: "them" });
    expect(seize(group, "b")).toBe("seized b e1/1");
  });

  test("[T316] a reset that failed takes the circuit out of service until one succeeds", () => {
    const group = groupOf();
    group.step({ kind: "reset", circuits: [name(1)], by: "us" });
    group.step({ kind: "reset-failed", circuits: [name(1)] });
    expect(group.statistics()).toMatchObject({ outOfService: 1, resetting: 0 });
    expect(seize(group, "a")).toBe("seized a e1/2");
    group.step({ kind: "reset-done", circuits: [name(1)] });
    expect(seize(group, "b")).toBe("seized b e1/1");
  });

  test("a late end of a reset does not take a circuit from the call that has it", () => {
    const group = groupOf();
    seize(group, "a");
    group.step({ kind: "reset-done", circuits: [name(1)] });
    group.step({ kind: "reset-failed", circuits: [name(1)] });
    expect(group.circuitOf("a")).toMatchObject({ timeslot: 1 });
  });

  test("circuits that are not of the group change nothing", () => {
    const group = groupOf();
    expect(
      group.step({ kind: "block", circuits: [name(30)], side: "local", by: "hardware" }),
    ).toEqual([]);
    expect(group.step({ kind: "release", call: "nobody" })).toEqual([]);
  });
});

test("the board lists every circuit with its state", () => {
  const group = groupOf("lowest", "isdn-user", [1]);
  seize(group, "a");
  expect([...group].map(({ state }) => state)).toEqual([
    { name: "outgoing", call: "a" },
    { name: "idle" },
  ]);
});

test("whatever happens, no circuit has two calls, and all are idle once all is over", () => {
  const slot = fc.integer({ min: 1, max: 7 }).map((n) => name(n, n % 2 === 0 ? "e1" : "e2"));
  const call = fc.constantFrom("a", "b", "c", "d", "e");
  const side = fc.constantFrom("local" as const, "remote" as const);
  const by = fc.constantFrom("maintenance" as const, "hardware" as const);
  const who = fc.constantFrom("us" as const, "them" as const);
  const circuits = fc.array(slot, { maxLength: 3 });
  const input: fc.Arbitrary<CircuitInput> = fc.oneof(
    fc.record({ kind: fc.constant("seize" as const), call }),
    fc.record({
      kind: fc.constant("incoming" as const),
      ...{ call, span: fc.constantFrom("e1", "e2"), circuit: slot, exclusive: fc.boolean() },
    }),
    fc.record({ kind: fc.constant("assigned" as const), call, circuit: slot }),
    fc.record({ kind: fc.constant("release" as const), call }),
    fc.record({ kind: fc.constantFrom("block" as const, "unblock" as const), circuits, side, by }),
    fc.record({ kind: fc.constant("reset" as const), circuits, by: who }),
    fc.record({ kind: fc.constantFrom("reset-done" as const, "reset-failed" as const), circuits }),
  );
  const order = fc.constantFrom<HuntOrder>("lowest", "highest", "cyclic", "longest-idle");
  const kind = fc.constantFrom<SignallingKind>("isdn-user", "isdn-network", "isup");
  fc.assert(
    fc.property(order, kind, fc.array(input, { maxLength: 80 }), (hunt, signalling, inputs) => {
      const group = groupOf(hunt, signalling, [1, 2, 3]);
      for (const one of inputs) {
        const outputs = group.step(one);
        const held = [...group].flatMap(({ state }) => ("call" in state ? [state.call] : []));
        expect(new Set(held).size).toBe(held.length);
        expect(group.statistics().busy).toBe(held.length);
        for (const output of outputs) {
          if (output.kind === "seized" || output.kind === "granted" || output.kind === "moved")
            expect(group.circuitOf(output.call)).toEqual(output.circuit);
        }
      }
      for (const one of ["a", "b", "c", "d", "e"]) group.step({ kind: "release", call: one });
      const all = [...group].map(({ circuit }) => circuit);
      group.step({ kind: "reset-done", circuits: all });
      for (const where of ["local", "remote"] as const) {
        for (const why of ["maintenance", "hardware"] as const)
          group.step({ kind: "unblock", circuits: all, side: where, by: why });
      }
      expect(group.statistics()).toMatchObject({ total: 6, idle: 6, busy: 0, blocked: 0 });
      const again = all.map((_, i) => seize(group, `z${i}`));
      expect(again.filter((text) => text.startsWith("seized"))).toHaveLength(6);
    }),
  );
});
