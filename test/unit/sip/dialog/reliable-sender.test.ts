import { expect, test } from "vitest";
import { instant, wake } from "../../../../src/core/index.js";
import {
  type ReliableInput,
  type ReliableOutput,
  type ReliableState,
  startReliable,
  stepReliable,
} from "../../../../src/sip/dialog/reliable-sender.js";

const params = { T1: 500, sequence: 7, maximumQueue: 2 };

class Sender {
  state: ReliableState<string> = startReliable(100);

  at(ms: number, input: ReliableInput<string> | typeof wake): readonly ReliableOutput<string>[] {
    const step = stepReliable(this.state, input, instant(ms), params);
    this.state = step.state;
    return step.outputs;
  }

  provide(ms: number, provisional: string) {
    return this.at(ms, { kind: "provisional", provisional });
  }

  prack(ms: number, rseq: number, cseq = 7, method = "INVITE") {
    return this.at(ms, { kind: "prack", rack: { rseq, cseq, method } });
  }
}

test("the second waits for the PRACK of the first, and RSeq goes up by one [RFC 3262 §3] [PRACK]", () => {
  const sender = new Sender();
  expect(sender.provide(0, "180")).toEqual([{ kind: "send", provisional: "180", rseq: 100 }]);
  expect(sender.provide(10, "183")).toEqual([]);
  expect(sender.prack(20, 100)).toEqual([
    { kind: "acknowledged", provisional: "180" },
    { kind: "send", provisional: "183", rseq: 101 },
  ]);
  expect(sender.prack(30, 101)).toEqual([{ kind: "acknowledged", provisional: "183" }]);
  expect(sender.state.timers).toEqual({});
  expect(sender.state.acknowledged).toBe(2);
});

test("it is sent again at T1, doubling without a bound, and given up at 64*T1 [RFC 3262 §3] [session timer reliable start] [session timer reliable expiry]", () => {
  const sender = new Sender();
  sender.provide(0, "183");
  const sent: number[] = [];
  for (let ms = 1; ms < 32_000; ms++) {
    const outputs = sender.at(ms, wake);
    if (outputs.length > 0) {
      expect(outputs).toEqual([{ kind: "retransmit", rseq: 100 }]);
      sent.push(ms);
    }
  }
  expect(sent).toEqual([500, 1500, 3500, 7500, 15_500, 31_500]);
  expect(sender.at(32_000, wake)).toEqual([{ kind: "abandoned" }]);
  expect(sender.at(99_000, wake)).toEqual([]);
});

test("a PRACK stops the retransmission [session timer reliable stop]", () => {
  const sender = new Sender();
  sender.provide(0, "183");
  sender.prack(400, 100);
  expect(sender.at(500, wake)).toEqual([]);
  expect(sender.at(40_000, wake)).toEqual([]);
});

test.each([
  ["another RSeq", 101, 7, "INVITE"],
  ["another CSeq number", 100, 8, "INVITE"],
  ["another method", 100, 7, "UPDATE"],
])("a PRACK with %s matches nothing [RFC 3262 §3]", (_what, rseq, cseq, method) => {
  const sender = new Sender();
  sender.provide(0, "183");
  expect(sender.prack(10, rseq, cseq, method)).toEqual([{ kind: "unmatched" }]);
  expect(sender.at(500, wake)).toEqual([{ kind: "retransmit", rseq: 100 }]);
});

test("the same PRACK again matches nothing", () => {
  const sender = new Sender();
  sender.provide(0, "183");
  sender.prack(10, 100);
  expect(sender.prack(20, 100)).toEqual([{ kind: "unmatched" }]);
});

test("after a final response nothing is repeated or sent anew, but the PRACK still matches", () => {
  const sender = new Sender();
  sender.provide(0, "180");
  sender.provide(0, "183");
  sender.at(100, { kind: "final" });
  expect(sender.at(500, wake)).toEqual([]);
  expect(sender.provide(600, "181")).toEqual([]);
  expect(sender.prack(700, 100)).toEqual([{ kind: "acknowledged", provisional: "180" }]);
});

test("the queue is bounded", () => {
  const sender = new Sender();
  for (const name of ["1", "2", "3"]) sender.provide(0, name);
  expect(sender.provide(0, "4")).toEqual([{ kind: "overflow" }]);
  expect(sender.state.queue).toEqual(["2", "3"]);
});
