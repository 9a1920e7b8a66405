import { expect, test } from "vitest";
import { utf8 } from "../../../../src/core/index.js";
import {
  complete,
  findDescription,
  mayOffer,
  type Negotiation,
  noNegotiation,
  preview,
  receiveOffer,
  sameDescription,
  sendOffer,
  withdraw,
  withoutDescription,
} from "../../../../src/sip/dialog/offer-answer.js";

const sdp = { type: "application/sdp", content: utf8("v=0") };
const isup = {
  type: "application/isup",
  disposition: "signal;handling=optional",
  content: utf8("x"),
};

function received(state: Negotiation): Negotiation {
  const offered = receiveOffer(state, "UPDATE");
  if ("status" in offered) throw new Error(`refused with ${offered.status}`);
  return offered.state;
}

test("no offer of ours goes out before the first exchange is complete, nor while one is open [RFC 3311 §5.1]", () => {
  expect(mayOffer(noNegotiation)).toBe(false);
  expect(mayOffer(complete())).toBe(true);
  expect(mayOffer(sendOffer(complete(), "UPDATE"))).toBe(false);
  expect(mayOffer(received(complete()))).toBe(false);
});

test("an offer meets ours: 491; it meets theirs: 500 [RFC 3311 §5.2] [491]", () => {
  expect(receiveOffer(sendOffer(complete(), "INVITE"), "UPDATE")).toEqual({ status: 491 });
  expect(receiveOffer(received(complete()), "PRACK")).toEqual({ status: 500 });
});

test("a failed exchange falls back to what was", () => {
  expect(withdraw(sendOffer(complete(), "UPDATE"))).toEqual(complete());
  expect(withdraw(received(noNegotiation))).toEqual(noNegotiation);
});

test("the first preview counts, and the offer stays open [RFC 6337 §3.1.1]", () => {
  const open = sendOffer(noNegotiation, "INVITE");
  const shown = preview(open, sdp);
  const other = { ...sdp, content: utf8("v=1") };
  expect(preview(shown, other)).toEqual(shown);
  expect(mayOffer(shown)).toBe(false);
  expect(preview(noNegotiation, sdp)).toEqual(noNegotiation);
});

test.each([
  ["application/sdp", undefined, true],
  ["application/sdp", "session", true],
  ["application/sdp", "Session;handling=required", true],
  ["application/sdp", "early-session", false],
  ["application/sdp", "session-x", false],
  ["application/isup", "session", false],
])("%s with disposition %s is the description: %s [RFC 3261 §20.11]", (type, disposition, is) => {
  const body = {
    type,
    content: utf8("v=0"),
    ...(disposition === undefined ? {} : { disposition }),
  };
  expect(findDescription([isup, body])).toEqual(is ? body : undefined);
});

test("bodies beside the description are kept", () => {
  expect(withoutDescription([isup, sdp])).toEqual([isup]);
  expect(sameDescription(sdp, { ...sdp, content: utf8("v=0") })).toBe(true);
  expect(sameDescription(sdp, { ...sdp, content: utf8("v=00") })).toBe(false);
});
