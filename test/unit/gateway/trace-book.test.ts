import { expect, test } from "vitest";
import { type Passed, TraceBook } from "../../../src/gateway/trace-book.js";
import { summariseSip } from "../../../src/gateway/trace-lines.js";
import type { TraceView } from "../../../src/gateway/views.js";

function trace(call: string | undefined, content = ""): Passed {
  const view = (): Omit<TraceView, "sequence"> => ({
    ...{ atMs: 0, time: "", protocol: "sip", direction: "sent", party: "p", summary: "s" },
    content,
    ...(call === undefined ? {} : { call }),
  });
  return { call, octets: content.length, view };
}

test("what is shown of a message is made when somebody looks", () => {
  const book = new TraceBook(1 << 20);
  const made: string[] = [];
  const { view, ...rest } = trace("a", "1");
  const counted: Passed = {
    ...rest,
    view() {
      made.push("a");
      return view();
    },
  };
  book.add(counted);
  expect(made).toEqual([]);
  expect(book.ladder("a")).toHaveLength(1);
  const stop = book.subscribe(() => undefined);
  book.add(counted);
  stop();
  expect(made).toEqual(["a", "a"]);
});

test("a call's ladder holds its messages in their order, numbered over all calls", () => {
  const book = new TraceBook(1 << 20);
  book.add(trace("a", "1"));
  book.add(trace("b", "2"));
  book.add(trace("a", "3"));
  expect(book.ladder("a").map(({ sequence, content }) => [sequence, content])).toEqual([
    [1, "1"],
    [3, "3"],
  ]);
  book.forget("a");
  expect(book.ladder("a")).toEqual([]);
});

test("a ladder keeps the newest 64 KiB", () => {
  const book = new TraceBook(1 << 24);
  for (let i = 0; i < 200; i++) book.add(trace("a", "x".repeat(1000)));
  const ladder = book.ladder("a");
  expect(ladder.length).toBeLessThan(66);
  expect(ladder.at(-1)?.sequence).toBe(200);
});

test("all ladders together keep within their bound, the oldest call goes first", () => {
  const book = new TraceBook(10_000);
  for (const call of ["a", "b", "c"]) {
    for (let i = 0; i < 4; i++) book.add(trace(call, "x".repeat(1000)));
  }
  expect(book.ladder("a")).toEqual([]);
  expect(book.ladder("c")).toHaveLength(4);
});

test("who listens gets every line, until it stops", () => {
  const book = new TraceBook(0);
  const heard: unknown[] = [];
  const stop = book.subscribe((event) => heard.push(event.kind));
  book.add(trace(undefined));
  stop();
  book.add(trace(undefined));
  expect(heard).toEqual(["trace"]);
  expect(book.watched).toBe(false);
});

test.each([
  [
    "INVITE sip:100@h SIP/2.0\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n\r\nv=0",
    "INVITE sip:100@h +SDP",
  ],
  [
    "SIP/2.0 183 Session Progress\r\nCSeq: 1 INVITE\r\nRSeq: 7\r\nc: application/sdp\r\n\r\n",
    "183 Session Progress (INVITE) +SDP RSeq 7",
  ],
  ["BYE sip:a SIP/2.0\r\nReason: Q.850;cause=16\r\n\r\n", "BYE sip:a Reason: Q.850;cause=16"],
  ["SIP/2.0 200 OK\r\n\r\n", "200 OK (?)"],
  ["\x00\xff", "\x00\xff"],
  ["", ""],
])("a SIP message is one line: %j", (text, line) => {
  expect(summariseSip(text)).toBe(line);
});
