import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import type { PhoneCall } from "./phone-call.js";
import { openWorld, type ScenarioWorld } from "./world.js";

const FOUR_E1 = [
  "spans: [{ name: e1-1 }, { name: e1-2 }, { name: e1-3 }, { name: e1-4 }]",
  "trunkGroups: [{ name: isdn, spans: [e1-1, e1-2, e1-3, e1-4], hunt: cyclic }]",
  "records: { recorderMiB: 1 }",
].join("\n");

/** Places calls at a rate, each held for a while after its answer; how they ended. */
function load(world: ScenarioWorld, count: number, perSecond: number, holdMs: number): number {
  const live = new Map<PhoneCall, number | undefined>();
  let [placed, answered] = [0, 0];
  for (let ms = 0; placed < count || live.size > 0; ms++) {
    while (placed < count && placed * 1000 < ms * perSecond) {
      live.set(world.phone.call("110"), undefined);
      placed++;
    }
    world.run(1);
    for (const [call, until] of live) {
      if (call.state === "ended") live.delete(call);
      else if (until === undefined && call.state === "answered") {
        answered++;
        live.set(call, ms + holdMs);
      } else if (until === ms) call.hangUp();
    }
    if (ms > count * 100) throw new Error(`${live.size} calls hang`);
  }
  world.phone.forget();
  world.forget();
  return answered;
}

test("calls both ways at 60 a second each over four E1: all are answered, nothing is left", async () => {
  const world = await openWorld({ configuration: FOUR_E1 });
  world.phone.onCall = (call) => call.accept();
  world.exchange.originate({ to: "200", count: 500, perSecond: 60, holdMs: 300 });
  expect(load(world, 500, 60, 300)).toBe(500);
  const theirs = () => world.exchange.calls();
  world.until(() => theirs().every(({ state }) => state === "ended"), "all ends", 20_000);
  expect(theirs().filter(({ answeredMs }) => answeredMs !== undefined)).toHaveLength(500);
  expect(theirs().every(({ cause }) => cause?.value === 16)).toBe(true);
  expect(world.leftovers()).toEqual({});
  expect(world.gateway.status().calls).toMatchObject({ total: 1000, failed: 0 });
  await world.close();
}, 60_000);

test("calls that have ended keep no memory: the heap after 1,500 more is that before them", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const world = await openWorld({ configuration: FOUR_E1 });
  const used = (): number => {
    expect(world.leftovers()).toEqual({});
    world.forget();
    collect();
    return process.memoryUsage().heapUsed;
  };
  // What is kept of ended calls is bounded: the first calls fill it.
  load(world, 1050, 80, 50);
  const before = used();
  // Compiled code comes and goes by a quarter of a megabyte; what is kept for a call stays.
  const after = [1, 2, 3].map(() => {
    load(world, 500, 80, 50);
    return used();
  });
  expect(Math.min(...after) - before).toBeLessThan(200 * 1024);
  await world.close();
}, 60_000);
