import { expect, test } from "vitest";
import { type Instant, instant, wake } from "../../../src/core/index.js";
import { lookUp, serviceTable } from "../../../src/exchange/service.js";
import {
  idleSubscriber,
  type SubscriberInput,
  type SubscriberOutput,
  type SubscriberState,
  subscriberMachine,
} from "../../../src/exchange/subscriber.js";

const times = { ringMs: 1000 };

/** Walks one call with a clock of its own and notes what it says and when. */
function call(number: string, overlap = false) {
  const machine = subscriberMachine({ ...times, overlap, digitsMs: 10_000 });
  const log: string[] = [];
  let state: SubscriberState = idleSubscriber;
  let now = instant(0);
  const note = (outputs: readonly SubscriberOutput[]): void => {
    for (const output of outputs) log.push(`${now} ${name(output)}`);
  };
  const give = (input: SubscriberInput): void => {
    const step = machine.step(state, input, now);
    state = step.state;
    note(step.outputs);
  };
  const until = (end: number): void => {
    for (
      let at = machine.deadline(state);
      at !== undefined && at <= end;
      at = machine.deadline(state)
    ) {
      now = at;
      const step = machine.step(state, wake, now);
      state = step.state;
      note(step.outputs);
    }
    now = end as Instant;
  };
  give({
    kind: "call",
    event: {
      kind: "setup",
      called: { digits: number, nature: "unknown", plan: "isdn" },
      sendingComplete: !overlap,
      bearer: { kind: "speech", law: "a-law" },
    },
  });
  return { log, give, until };
}

function name(output: SubscriberOutput): string {
  switch (output.kind) {
    case "call": {
      const { event } = output;
      const cause = "cause" in event && event.cause !== undefined ? ` ${event.cause.value}` : "";
      const inBand = "progress" in event && event.progress !== undefined ? " in-band" : "";
      return `${event.kind}${cause}${inBand}`;
    }
    case "sound":
      return `sound ${output.sound}`;
    case "play-digits":
      return `digits ${output.digits}`;
    case "ended":
      return "ended";
  }
}

test("100 rings a second, answers and echoes", () => {
  const { log, until } = call("100");
  until(5000);
  expect(log).toEqual([
    "0 proceeding",
    "0 sound ringing-tone",
    "0 alerting",
    "1000 sound echo",
    "1000 connect",
  ]);
});

test("105 lets the ringing tone be heard for three seconds before it answers", () => {
  const { log, until } = call("105");
  until(5000);
  expect(log.slice(1)).toEqual([
    "0 sound ringing-tone",
    "0 alerting in-band",
    "3000 sound echo",
    "3000 connect",
  ]);
});

test("106 plays the information tone and an announcement, then clears with cause 1", () => {
  const { log, until } = call("106");
  until(10_000);
  expect(log.slice(1)).toEqual([
    "0 sound special-information-tone",
    "0 progress in-band",
    "2000 sound not-in-service-announcement",
    "6000 disconnect 1",
  ]);
});

test("107 answers and clears with cause 16 after three seconds", () => {
  const { log, until } = call("107");
  until(10_000);
  expect(log.at(-1)).toBe("4000 disconnect 16");
});

test("110 answers at once, without ringing", () => {
  expect(call("110").log).toEqual(["0 proceeding", "0 sound echo", "0 connect"]);
});

test("104 is never answered", () => {
  const { log, until } = call("104");
  until(174_000);
  expect(log).not.toContainEqual(expect.stringContaining("connect"));
  until(180_000);
  expect(log.at(-1)).toBe("175000 disconnect 19");
});

test.each(Array.from({ length: 127 }, (_, i) => i + 1))(
  "850, 851 and 852 release with cause %i",
  (value) => {
    const nnn = String(value).padStart(3, "0");
    expect(call(`850${nnn}`).log).toEqual([`0 release ${value}`, "0 ended"]);
    const alerting = call(`851${nnn}`);
    alerting.until(5000);
    expect(alerting.log).toContain("0 alerting");
    expect(alerting.log.at(-1)).toBe(`1000 disconnect ${value}`);
    const answered = call(`852${nnn}`);
    answered.until(5000);
    expect(answered.log).toContain("0 connect");
    expect(answered.log.at(-1)).toBe(`2000 disconnect ${value}`);
  },
);

test("103 plays the digits back that come before #", () => {
  const { log, give, until } = call("103");
  until(2000);
  for (const digit of "12*7#") give({ kind: "digit", digit });
  expect(log.at(-1)).toBe("2000 digits 12*7");
  give({ kind: "digit", digit: "#" });
  expect(log.at(-1)).toBe("2000 digits 12*7");
});

test("a number without subscriber is released with cause 1, a beginning of one with 28", () => {
  expect(call("999").log).toEqual(["0 release 1", "0 ended"]);
  expect(call("10").log).toEqual(["0 release 28", "0 ended"]);
  expect(call("850128").log).toEqual(["0 release 1", "0 ended"]);
});

test("overlap waits for the digits that are missing, and for no more than its time", () => {
  const more = call("1", true);
  expect(more.log).toEqual(["0 setup-acknowledge"]);
  const digits = (text: string): SubscriberInput => ({
    kind: "call",
    event: { kind: "information", digits: text, sendingComplete: false },
  });
  more.give(digits("1"));
  more.give(digits("0"));
  expect(more.log).toContain("0 connect");
  const late = call("1", true);
  late.until(10_000);
  expect(late.log.at(-2)).toBe("10000 release 28");
});

test("a disconnect of the caller is answered with a release, whatever the service does", () => {
  const { log, give, until } = call("104");
  until(100);
  const cause = {
    value: 16,
    location: "user",
    origin: { kind: "gateway", what: "" },
    steps: [],
  } as const;
  give({ kind: "call", event: { kind: "disconnect", cause } });
  expect(log.slice(-2)).toEqual(["100 release 16", "100 ended"]);
});

test("every number of the table is found, and every proper beginning of one is incomplete", () => {
  for (const { number } of serviceTable(times)) {
    const digits = number.replace("nnn", "017");
    expect(lookUp(digits, times).kind).toBe("service");
    for (let length = 0; length < digits.length; length++) {
      expect(lookUp(digits.slice(0, length), times).kind).toBe("incomplete");
    }
    expect(lookUp(`${digits}0`, times).kind).toBe("unallocated");
  }
});
