import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PresentedNumber } from "../../../src/call/index.js";
import { InvariantError } from "../../../src/core/index.js";
import {
  DEFAULT_REROUTE_CAUSES,
  type NumberTranslation,
  type RouteQuery,
  type RouteRule,
  RouteTable,
  translate,
} from "../../../src/routing/index.js";

const to = (name: string, more: object = {}) => ({ kind: "trunk-group" as const, name, ...more });
const rule = (name: string, more: Partial<RouteRule> = {}): RouteRule => ({
  ...{ name, destinations: [to("pri")] },
  ...more,
});

function tableOf(...rules: RouteRule[]): RouteTable {
  const table = RouteTable.from(rules);
  if (!table.ok) throw new InvariantError(table.error.reason);
  return table.value;
}

function query(digits: string, more: Partial<RouteQuery> = {}): RouteQuery {
  return {
    origin: { kind: "peer", name: "pbx" },
    called: { digits, nature: "unknown", plan: "isdn" },
    bearer: { kind: "speech", law: "a-law" },
    sendingComplete: true,
    ...more,
  };
}

/** The name of the route found, or what was said instead. */
function found(table: RouteTable, ...parameters: Parameters<typeof query>): string {
  const outcome = table.find(query(...parameters));
  if (outcome.kind === "no-route") return `no-route ${outcome.cause.value}`;
  return outcome.kind === "routed"
    ? `${outcome.route}${outcome.mayGrow ? " may grow" : ""}`
    : outcome.kind;
}

const calling = (digits: string): PresentedNumber => ({
  ...{ digits, nature: "national", plan: "isdn" },
  ...{ presentation: "allowed", screening: "network-provided" },
});

describe("choice", () => {
  test("the longest prefix wins, whatever the order of the table", () => {
    const table = tableOf(
      rule("all"),
      rule("four", { called: "49" }),
      rule("b", { called: "4930" }),
    );
    expect(["1", "491", "4930555"].map((n) => found(table, n))).toEqual(["all", "four", "b"]);
  });

  test("among equals the lower priority goes first, then the order of the table", () => {
    const table = tableOf(
      rule("second", { called: "49", priority: 1 }),
      rule("first", { called: "49" }),
      rule("third", { called: "4x", priority: 0 }),
    );
    expect(found(table, "491")).toBe("first");
  });

  test("patterns take any digit and sets of digits", () => {
    const table = tableOf(
      rule("hundreds", { called: "1xx" }),
      rule("mobile", { called: "0[15-7]" }),
    );
    expect(["199", "19", "015", "064", "024", "1**"].map((n) => found(table, n))).toEqual([
      ...["hundreds", "no-route 28", "mobile", "mobile", "no-route 3", "no-route 3"],
    ]);
  });

  test("the origin, the nature, the calling prefix and the bearer are conditions", () => {
    const table = tableOf(
      rule("trunk", { from: [{ kind: "trunk-group", name: "pbx" }] }),
      rule("abroad", { calledNature: ["international"] }),
      rule("branch", { calling: "49" }),
      rule("data", { bearers: ["unrestricted-64k"] }),
      rule("other"),
    );
    const origin = { kind: "trunk-group", name: "pbx" } as const;
    expect(found(table, "1", { origin })).toBe("trunk");
    const called = { digits: "1", nature: "international", plan: "isdn" } as const;
    expect(found(table, "1", { called })).toBe("abroad");
    expect(found(table, "1", { calling: calling("4930") })).toBe("branch");
    expect(found(table, "1", { bearer: { kind: "unrestricted-64k" } })).toBe("data");
    expect(found(table, "1")).toBe("other");
  });

  test("[emergency] an emergency route goes before a longer prefix and marks the call", () => {
    const table = tableOf(
      rule("police", { called: "11", emergency: true, digits: { min: 3, max: 3 } }),
      rule("local", { called: "1122" }),
      rule("short", { called: "112" }),
    );
    expect(table.find(query("112"))).toMatchObject({ route: "police", emergency: true });
    expect(table.find(query("11223"))).toMatchObject({ route: "local", emergency: false });
  });

  test("[cause 3] a number that nothing matches has no route", () => {
    expect(found(tableOf(rule("a", { called: "2" })), "3")).toBe("no-route 3");
    expect(found(tableOf(), "3")).toBe("no-route 3");
  });

  test("[cause 28] a whole number that is too short is incomplete", () => {
    const table = tableOf(
      rule("a", { called: "2", digits: { min: 4 } }),
      rule("b", { called: "345" }),
    );
    expect([found(table, "23"), found(table, "34"), found(table, "2345")]).toEqual([
      ...["no-route 28", "no-route 28", "a"],
    ]);
  });
});

describe("overlap", () => {
  const table = tableOf(
    rule("extension", { called: "1", digits: { min: 3, max: 3 } }),
    rule("open", { called: "00" }),
    rule("special", { called: "0049" }),
  );
  const dial = (digits: string) => found(table, digits, { sendingComplete: false });

  test("digits that begin a routed number wait for more", () => {
    expect(["", "1", "12", "0"].map(dial)).toEqual(Array(4).fill("more-digits"));
  });

  test("a number of known length is whole with its last digit", () => {
    expect(dial("123")).toBe("extension");
    expect(dial("1234")).toBe("no-route 3");
  });

  test("a number of unknown length may grow", () => {
    expect([dial("00"), dial("004"), dial("0049"), dial("00493")]).toEqual([
      ...["open may grow", "open may grow", "special may grow", "special may grow"],
    ]);
  });

  test("digits that no route can come of are refused at once", () => {
    expect(dial("2")).toBe("no-route 3");
  });

  test("a call without a digit is routed only when no more will come", () => {
    const hotline = tableOf(rule("hotline"));
    expect(found(hotline, "", { sendingComplete: false })).toBe("more-digits");
    expect(found(hotline, "")).toBe("hotline");
  });
});

describe("destinations", () => {
  test("are given in order with translated numbers, causes and overlap", () => {
    const table = tableOf(
      rule("out", {
        called: "0",
        destinations: [
          to("pri", { called: { strip: 1, prefix: "49", nature: "international" }, overlap: true }),
          { kind: "peer", name: "itsp", calling: { prefix: "+" }, rerouteCauses: [17] },
        ],
      }),
    );
    expect(table.find(query("030", { calling: calling("30") }))).toMatchObject({
      destinations: [
        {
          ...{ kind: "trunk-group", name: "pri", overlap: true },
          ...{ rerouteCauses: DEFAULT_REROUTE_CAUSES },
          called: { digits: "4930", nature: "international" },
          calling: { digits: "30" },
        },
        {
          ...{ kind: "peer", name: "itsp", overlap: false, rerouteCauses: [17] },
          called: { digits: "030", nature: "unknown" },
        },
      ],
    });
  });

  test.each<[string, NumberTranslation | undefined, string]>([
    ["7100", { strip: 1 }, "100"],
    ["71", { strip: 5 }, ""],
    ["0049301", { replace: { pattern: "00", by: "" } }, "49301"],
    ["4930", { replace: { pattern: "00", by: "1" } }, "4930"],
    ["850", { replace: { pattern: "8xx", by: "9x0x" } }, "9500"],
    ["3125", { replace: { pattern: "3[12]x", by: "xx" } }, "125"],
    ["312", { replace: { pattern: "3(", by: "x" } }, "312"],
    ["12", { strip: 1, replace: { pattern: "2", by: "5" }, prefix: "0" }, "05"],
    ["12", undefined, "12"],
  ])("%s by %j becomes %s", (digits, translation, expected) => {
    expect(translate({ digits }, translation).digits).toBe(expected);
  });
});

describe("the configuration's faults", () => {
  test.each([
    [rule("x", { called: "12[" }), 'route x: "called" is no pattern'],
    [rule("x", { called: "1[9-2]" }), 'route x: "called" is no pattern'],
    [rule("x", { calling: "+49" }), 'route x: "calling" is no pattern'],
    [rule("x", { destinations: [] }), "route x has no destination"],
  ])("are told with the place of the rule", (wrong, reason) => {
    expect(RouteTable.from([rule("fine"), wrong])).toEqual({
      ok: false,
      error: { offset: 1, reason },
    });
  });
});

test("ten thousand prefixes and a hostile number are found in no time", () => {
  const rules = Array.from({ length: 10_000 }, (_, i) =>
    rule(`r${i}`, { called: String(10_000 + i) }),
  );
  const table = tableOf(...rules, rule("wild", { called: "xxxxxxxxxxxxxxxxxxxx" }));
  expect(found(table, "123456")).toBe("r2345");
  expect(found(table, "9".repeat(100_000))).toBe("wild");
});

test("what is asked is always answered, and a longer prefix never loses", () => {
  const digits = fc.string({ unit: fc.constantFrom(..."01234*#A+x"), maxLength: 6 });
  const prefix = fc.string({ unit: fc.constantFrom(..."0123x"), maxLength: 4 });
  fc.assert(
    fc.property(
      fc.array(prefix, { maxLength: 8 }),
      digits,
      fc.boolean(),
      (prefixes, dialled, more) => {
        const table = tableOf(...prefixes.map((called, i) => rule(`${i}`, { called })));
        const outcome = table.find(query(dialled, { sendingComplete: !more }));
        const matching = prefixes.filter(
          (one) => dialled.length >= one.length && matches(one, dialled),
        );
        if (matching.length === 0 || (more && dialled === "")) {
          expect(outcome.kind).not.toBe("routed");
        } else {
          const longest = Math.max(...matching.map((one) => one.length));
          expect(prefixes[Number(outcome.kind === "routed" && outcome.route)]).toHaveLength(
            longest,
          );
        }
      },
    ),
  );
});

function matches(prefix: string, digits: string): boolean {
  return [...prefix].every((c, i) => (c === "x" ? /\d/.test(digits[i] ?? "") : c === digits[i]));
}
