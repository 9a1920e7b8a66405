import { expect, test } from "vitest";
import { sentence } from "../../../src/cli/exchange.js";

const call = { id: "exchange-1", from: "5550199", to: "200", state: "ended" } as const;

test("a call of the exchange is told in a line, with its circuit", () => {
  expect(sentence({ ...call, span: "e1-1", timeslot: 31, answeredMs: 118.6 })).toBe(
    "5550199 to 200 on e1-1/31: answered after 119 ms",
  );
});

test("a call that found no circuit names none", () => {
  const cause = { value: 34, name: "no circuit/channel available", location: "user" };
  expect(sentence({ ...call, span: "", cause })).toBe(
    "5550199 to 200: not answered, cause 34 no circuit/channel available (user)",
  );
});
