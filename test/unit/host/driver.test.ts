import { expect, test } from "vitest";
import { Entropy, type Instant, instant, type Stamp } from "../../../src/core/index.js";
import { Driver, type World } from "../../../src/host/index.js";

/** A world whose clock stands until it is moved. */
function steppedWorld() {
  let now = instant(0);
  let armed: { at: Instant; ring: () => void } | undefined;
  const world: World = {
    now: () => now,
    entropy: () => new Entropy(new Uint8Array(16)),
    alarm(at, ring) {
      armed = at === undefined ? undefined : { at, ring };
    },
  };
  return {
    world,
    armedAt: () => armed?.at,
    advance(to: number) {
      while (armed !== undefined && armed.at <= to) {
        const { at, ring } = armed;
        armed = undefined;
        now = at;
        ring();
      }
      now = instant(to);
    },
  };
}

/** Repeats what it is given after 10 ms, or throws when told to. */
function repeater() {
  const due: { at: Instant; word: string }[] = [];
  return {
    receive(word: string, { now }: Stamp): readonly string[] {
      if (word === "throw") throw new Error("broken invariant");
      due.push({ at: instant(now + 10), word });
      return [`heard ${word}`];
    },
    wake({ now }: Stamp): readonly string[] {
      const ready = due.filter(({ at }) => at <= now);
      due.splice(0, ready.length);
      return ready.map(({ word }) => word);
    },
    deadline: (): Instant | undefined => due[0]?.at,
  };
}

test("what an output feeds back is run after the input that caused it", () => {
  const { world } = steppedWorld();
  const driver = new Driver(world, () => undefined);
  const log: string[] = [];
  const collection = {
    receive: (word: string) => [`${word} 1`, `${word} 2`],
    wake: () => [],
    deadline: () => undefined,
  };
  const inlet = driver.attach("words", collection, (output: string) => {
    log.push(output);
    if (output === "a 1") inlet("b");
  });
  inlet("a");
  expect(log).toEqual(["a 1", "a 2", "b 1", "b 2"]);
});

test("one alarm wakes each collection when its time has come", () => {
  const stepped = steppedWorld();
  const driver = new Driver(stepped.world, () => undefined);
  const log: string[] = [];
  const inlet = driver.attach("repeater", repeater(), (output) =>
    log.push(`${driver.now} ${output}`),
  );
  inlet("a");
  stepped.advance(5);
  inlet("b");
  expect(stepped.armedAt()).toBe(10);
  stepped.advance(40);
  expect(log).toEqual(["0 heard a", "5 heard b", "10 a", "15 b"]);
  expect(stepped.armedAt()).toBeUndefined();
});

test("a collection that throws is reported with its input, and goes on", () => {
  const { world } = steppedWorld();
  const faults: unknown[] = [];
  const driver = new Driver(world, (name, error, input) =>
    faults.push([name, (error as Error).message, input]),
  );
  const log: string[] = [];
  const inlet = driver.attach("repeater", repeater(), (output) => log.push(output));
  inlet("throw");
  inlet("a");
  expect(faults).toEqual([["repeater", "broken invariant", "throw"]]);
  expect(log).toEqual(["heard a"]);
});

test("a stopped driver runs nothing any more", () => {
  const stepped = steppedWorld();
  const driver = new Driver(stepped.world, () => undefined);
  const log: string[] = [];
  const inlet = driver.attach("repeater", repeater(), (output) => log.push(output));
  inlet("a");
  driver.stop();
  inlet("b");
  stepped.advance(100);
  expect(log).toEqual(["heard a"]);
});

test("an output that cannot be performed is reported and keeps back none of those after it", () => {
  const faults: unknown[] = [];
  const driver = new Driver(steppedWorld().world, (_name, error) => faults.push(error));
  const log: string[] = [];
  const collection = {
    receive: (word: string) => [`${word} 1`, `${word} 2`, `${word} 3`],
    wake: () => [],
    deadline: () => undefined,
  };
  const inlet = driver.attach("words", collection, (output: string) => {
    if (output === "a 2") throw new Error("cannot");
    log.push(output);
  });
  inlet("a");
  expect(log).toEqual(["a 1", "a 3"]);
  expect(faults).toEqual([expect.objectContaining({ message: "cannot" })]);
});
