import { expect, test } from "vitest";
import { Entropy } from "../../../src/core/index.js";

test("the same 16 octets give the same identifiers, others give others", () => {
  const octets = Uint8Array.from({ length: 16 }, (_, i) => i);
  const first = new Entropy(octets);
  const second = new Entropy(octets);
  expect(first.token(20)).toBe(second.token(20));
  expect(first.token(20)).not.toBe(new Entropy(octets).token(20));
});

test("between stays within its bounds and reaches both", () => {
  const entropy = new Entropy(new Uint8Array(16));
  const seen = new Set(Array.from({ length: 400 }, () => entropy.between(3, 6)));
  expect([...seen].sort()).toEqual([3, 4, 5, 6]);
});

test("anything but 16 octets is refused", () => {
  expect(() => new Entropy(new Uint8Array(15))).toThrow("16 octets");
});
