import { describe, expect, test } from "vitest";
import { groupCircuits } from "../../../src/gateway/group-circuits.js";
import type { SpanOptions, TrunkGroupOptions } from "../../../src/gateway/options.js";

const spans = [
  { name: "e1", kind: "e1", driver: "simulated" },
  { name: "t1", kind: "t1", driver: "simulated" },
] as SpanOptions[];

function orderOf(hunt: TrunkGroupOptions["hunt"]): string[] {
  const group = { name: "isdn", hunt } as TrunkGroupOptions;
  return groupCircuits(group, spans).map(({ span, timeslot }) => `${span}/${timeslot}`);
}

describe("circuits of a trunk group", () => {
  test.each(["lowest", "highest", "odd-first", "even-first"] as const)(
    "%s fills span after span",
    (hunt) => {
      const order = orderOf(hunt);
      expect(order.slice(0, 2)).toEqual(["e1/1", "e1/2"]);
      expect(order.slice(29, 31)).toEqual(["e1/31", "t1/1"]);
    },
  );

  test.each(["cyclic", "longest-idle"] as const)("%s goes from span to span", (hunt) => {
    const order = orderOf(hunt);
    expect(order.slice(0, 4)).toEqual(["e1/1", "t1/1", "e1/2", "t1/2"]);
    expect(order.slice(-2)).toEqual(["e1/30", "e1/31"]);
  });

  test("every bearer timeslot is there once, the signalling timeslot never", () => {
    for (const hunt of ["lowest", "cyclic"] as const) {
      const order = orderOf(hunt);
      expect(new Set(order).size).toBe(30 + 23);
      expect(order).toHaveLength(30 + 23);
      expect(order).not.toContain("e1/16");
      expect(order).not.toContain("t1/24");
    }
  });
});
