import { describe, expect, test } from "vitest";
import { RFC3398_CAUSE, STATUS_TABLES } from "./cause-tables.js";
import { openWorld, scenario } from "./world.js";

const ALL = Array.from({ length: 127 }, (_, i) => i + 1);

/** The status that a map's document says for a cause of the network. */
function statusIn(name: keyof typeof STATUS_TABLES, value: number): number {
  const table: Readonly<Record<number, number>> = STATUS_TABLES[name];
  return table[value] ?? 500;
}

describe.each(["rfc3398", "seed", "rfc4497"] as const)("map %s", (name) => {
  test(`every cause of the PSTN is a final status with its Reason [cause 1 to 127] [RFC 6432] ${name}`, async () => {
    const world = await openWorld({
      configuration: `trunkGroups:\n  - { name: isdn, spans: [e1-1], causeMap: ${name} }\n`,
    });
    for (const value of ALL) {
      const call = world.phone.call(`850${String(value).padStart(3, "0")}`);
      world.until(() => call.state === "ended", `the end of ${value}`);
      expect(`${value}: ${call.status}`).toBe(`${value}: ${statusIn(name, value)}`);
      expect(call.reason).toMatch(new RegExp(`^Q\\.850 *; *cause=${value}\\b`));
      expect(call.reason).toMatch(/location=LN/);
    }
    expect(world.leftovers()).toEqual({});
    await world.close();
  });
});

test("every cause after alerting is a final status, after the answer a BYE [cause 1 to 127] [DISCONNECT]", async () => {
  const world = await openWorld();
  for (const value of ALL) {
    const nnn = String(value).padStart(3, "0");
    const alerted = world.phone.call(`851${nnn}`);
    world.until(() => alerted.state === "ended", `the end of 851${nnn}`, 40_000);
    expect(alerted.statuses).toContain(180);
    expect(`${value}: ${alerted.status}`).toBe(`${value}: ${statusIn("rfc3398", value)}`);
    const answered = world.phone.call(`852${nnn}`);
    world.until(() => answered.state === "ended", `the end of 852${nnn}`, 40_000);
    expect(answered.answer?.status).toBe(200);
    expect(answered.reason).toMatch(new RegExp(`Q\\.850 *; *cause=${value}\\b`));
  }
  expect(world.leftovers()).toEqual({});
  await world.close();
}, 60_000);

const MAPPED = Object.entries(RFC3398_CAUSE).map(
  ([status, cause]) => [Number(status), cause] as const,
);
const STATUSES = MAPPED.map(([status]) => `[${status}]`).join(" ");

test(`every status of a SIP peer is the cause of its row at the PSTN [RFC 3398 §8.2.6.1] ${STATUSES}`, async () => {
  const world = await openWorld();
  const redirections = [300, 302, 305, 380].map((status) => [status, 23] as const);
  const unlisted = [489, 499, 599, 699].map((status) => [status, 31] as const);
  for (const [status, cause] of [...MAPPED, [301, 22], ...redirections, ...unlisted] as const) {
    world.phone.onCall = (call) => call.reject(status);
    const begun = world.exchange.originate({ to: "200" });
    const id = begun.ok ? begun.value[0] : undefined;
    const view = () => world.exchange.calls().find((one) => one.id === id);
    world.until(() => view()?.state === "ended", `the end of ${status}`, 60_000);
    expect(`${status}: ${view()?.cause?.value}`).toBe(`${status}: ${cause}`);
  }
  expect(world.leftovers()).toEqual({});
  await world.close();
}, 60_000);

scenario("a Q.850 Reason of the SIP peer wins over its status [RFC 3326] [cause 22]", (world) => {
  world.phone.onCall = (call) =>
    call.reject(500, [{ name: "Reason", value: 'Q.850;cause=22;text="number changed"' }]);
  world.exchange.originate({ to: "200" });
  world.until(() => world.exchange.calls()[0]?.state === "ended", "the end");
  expect(world.exchange.calls()[0]?.cause?.value).toBe(22);
});

for (const [status, code, cause] of [
  [488, 304, 65],
  [488, 399, 31],
  [606, 370, 65],
  [606, 399, 31],
] as const) {
  scenario(`${status} with Warning ${code} is cause ${cause} [RFC 3398 §8.2.6.1]`, (world) => {
    world.phone.onCall = (call) =>
      call.reject(status, [{ name: "Warning", value: `${code} 127.0.0.1 "said so"` }]);
    world.exchange.originate({ to: "200" });
    world.until(() => world.exchange.calls()[0]?.state === "ended", "the end");
    expect(world.exchange.calls()[0]?.cause?.value).toBe(cause);
  });
}
