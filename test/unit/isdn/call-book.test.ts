import { expect, test } from "vitest";
import { type Call, CallBook } from "../../../src/isdn/call-book.js";
import { interfaceParams } from "../../../src/isdn/params.js";
import { beginReceived } from "../../../src/isdn/q931/call.js";
import { callReference } from "../../../src/isdn/q931/index.js";

const PARAMS = interfaceParams({
  side: "user",
  profile: "etsi",
  law: "a-law",
  timeslots: [1],
}).call;

function ours(value: number): Call {
  return {
    leg: `leg ${value}`,
    reference: callReference(value, false),
    exclusive: undefined,
    timeslot: undefined,
    state: beginReceived(false, undefined, PARAMS),
  };
}

test("call references wrap at 32767 and pass over those in use (§4.3)", () => {
  const book = new CallBook();
  const given = Array.from({ length: 32_767 }, () => book.newReference());
  expect(given).toEqual(Array.from({ length: 32_767 }, (_, index) => index + 1));
  book.add(ours(1));
  expect(book.newReference()).toBe(2);
});

test("a reference of the other side is another one (§4.3)", () => {
  const book = new CallBook();
  book.add({ ...ours(1), reference: callReference(1, true) });
  expect(book.newReference()).toBe(1);
});

test("when every reference is in use there is none", () => {
  const book = new CallBook();
  for (let value = 1; value <= 32_767; value++) book.add(ours(value));
  expect(book.newReference()).toBeUndefined();
});
