import { afterEach, expect, test, vi } from "vitest";
import { timeslots, wholeNumber } from "../../../src/cli/options.js";
import { duration, printTable } from "../../../src/cli/output.js";
import { traceLine } from "../../../src/cli/trace.js";

afterEach(() => vi.restoreAllMocks());

test.each([
  [0, "0:00"],
  [59_999, "0:59"],
  [75_000, "1:15"],
  [600_000, "10:00"],
  [3_700_000, "1:01:40"],
])("%i ms is %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test("columns are as wide as their widest cell, numbers stand to the right", () => {
  const lines: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  printTable(
    ["name", "n"],
    [
      ["a", 5],
      ["longer", 12_345],
      ["x", undefined],
    ],
  );
  expect(lines).toEqual(["name        n\n", "a           5\n", "longer  12345\n", "x\n"]);
});

test("timeslots are read as a list with ranges, and nothing else", () => {
  expect(timeslots("1,5,7-9,8")).toEqual([1, 5, 7, 8, 9]);
  for (const wrong of ["0", "32", "5-3", "a", "1-", "", "1;2"]) {
    expect(() => timeslots(wrong)).toThrow("timeslots such as");
  }
});

test("a number outside its bounds says which are wanted", () => {
  expect(wholeNumber(1, 31)("7")).toBe(7);
  for (const wrong of ["0", "32", "1.5", "x"]) {
    expect(() => wholeNumber(1, 31)(wrong)).toThrow("from 1 to 31");
  }
});

test("a trace line says when, which call, which side and what", () => {
  const line = traceLine({
    ...{ sequence: 1, atMs: 5, time: "08:15:02.113", protocol: "q931", direction: "received" },
    ...{ party: "e1-1", call: "call-3", summary: "SETUP 1>", content: "0802" },
  });
  expect(line).toBe("08:15:02.113  call-3   Q.931 e1-1                  -> SETUP 1>");
});
