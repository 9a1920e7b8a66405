import fc from "fast-check";
import { expect, test } from "vitest";
import { emptyQueue, put, type Queue, take } from "../../../../src/isdn/q921/queue.js";

test("items leave in the order in which they came, and older values stay as they were", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(), { nil: "take" as const })), (steps) => {
      let queue: Queue<number> = emptyQueue;
      const model: number[] = [];
      for (const step of steps) {
        const before = drain(queue);
        const old = queue;
        if (step === "take") {
          const taken = take(queue);
          expect(taken?.item).toBe(model.shift());
          if (taken !== undefined) queue = taken.rest;
        } else {
          queue = put(queue, step);
          model.push(step);
        }
        expect(drain(old)).toEqual(before);
        expect(drain(queue)).toEqual(model);
        expect(queue.size).toBe(model.length);
      }
    }),
  );
});

function drain(queue: Queue<number>): number[] {
  const items: number[] = [];
  for (let left = take(queue); left !== undefined; left = take(left.rest)) items.push(left.item);
  return items;
}
