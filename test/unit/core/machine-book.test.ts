import { expect, test } from "vitest";
import {
  after,
  type BookMachine,
  Entropy,
  FaultAbout,
  type Instant,
  instant,
  MachineBook,
} from "../../../src/core/index.js";

interface State {
  readonly at: Instant | undefined;
}

/** Rings once, ten milliseconds after it is wound; one that is to break breaks then. */
const clock = (breaks: boolean): BookMachine<State, "wind", "rang"> => ({
  step(state, input, now) {
    if (input === "wind") return { state: { at: after(now, 10) }, outputs: [] };
    if (state.at === undefined || now < state.at) return { state, outputs: [] };
    if (breaks) throw new Error("broken");
    return { state: { at: undefined }, outputs: ["rang"] };
  },
  deadline: ({ at }) => at,
});

const stampAt = (now: number) => ({
  now: instant(now),
  entropy: new Entropy(new Uint8Array(16)),
});

test("of machines that are due at once one that breaks takes nothing from the others", () => {
  const book = new MachineBook<State, "wind", "rang">(() => false);
  for (const key of ["a", "b", "c"]) {
    const machine = clock(key === "b");
    book.receive({ kind: "begin", key, machine, state: { at: undefined } }, stampAt(0));
    book.receive({ kind: "input", key, input: "wind" }, stampAt(0));
  }
  const rang: string[] = [];
  const faults: unknown[] = [];
  for (let wakes = 0; book.deadline() === 10 && wakes < 10; wakes++) {
    try {
      rang.push(...book.wake(stampAt(10)).map(({ key }) => key));
    } catch (error) {
      faults.push(error);
    }
  }
  expect(rang.toSorted()).toEqual(["a", "c"]);
  expect(faults).toEqual([expect.any(FaultAbout)]);
  expect(faults[0]).toMatchObject({ about: "b" });
  expect(book.deadline()).toBeUndefined();
});
