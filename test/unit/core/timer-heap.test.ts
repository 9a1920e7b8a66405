import fc from "fast-check";
import { expect, test } from "vitest";
import { instant, TimerHeap } from "../../../src/core/index.js";

test("timers come due in the order of their instants, equal ones in the order they were set", () => {
  const heap = new TimerHeap<string, "T1" | "T2">();
  heap.set("a", "T1", instant(30));
  heap.set("b", "T1", instant(10));
  heap.set("c", "T2", instant(10));
  expect(heap.next()).toBe(10);
  expect(heap.popDue(instant(9))).toBeUndefined();
  expect(heap.popDue(instant(10))).toEqual({ owner: "b", name: "T1", at: 10 });
  expect(heap.popDue(instant(99))).toEqual({ owner: "c", name: "T2", at: 10 });
  expect(heap.popDue(instant(99))).toEqual({ owner: "a", name: "T1", at: 30 });
  expect(heap.size).toBe(0);
});

test("setting an armed timer moves it", () => {
  const heap = new TimerHeap<string>();
  heap.set("a", "T1", instant(10));
  heap.set("a", "T1", instant(20));
  expect(heap.size).toBe(1);
  expect(heap.at("a", "T1")).toBe(20);
});

test("it agrees with a sorted list under random sets and clears", () => {
  const operation = fc.tuple(fc.nat(7), fc.constantFrom("A", "B"), fc.option(fc.nat(50)));
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 80 }), (operations) => {
      const heap = new TimerHeap<number>();
      const model = new Map<string, { at: number; order: number }>();
      operations.forEach(([owner, name, at], order) => {
        if (at === null) {
          heap.clear(owner, name);
          model.delete(`${owner}${name}`);
        } else {
          heap.set(owner, name, instant(at));
          model.set(`${owner}${name}`, { at, order });
        }
      });
      const expected = [...model].sort(([, a], [, b]) => a.at - b.at || a.order - b.order);
      const got: string[] = [];
      for (let due = heap.popDue(instant(99)); due; due = heap.popDue(instant(99))) {
        got.push(`${due.owner}${due.name}`);
      }
      expect(got).toEqual(expected.map(([key]) => key));
    }),
  );
});
