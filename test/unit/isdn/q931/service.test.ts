import { expect, test } from "vitest";
import { instant, type Wake, wake } from "../../../../src/core/index.js";
import {
  noService,
  type ServiceInput,
  type ServiceOutput,
  serviceMachine,
} from "../../../../src/isdn/q931/service.js";
import { timerValues } from "../../../../src/isdn/q931/timers.js";

/* SERVICE of NI-2. */

const machine = serviceMachine(timerValues("user"));
const out = { timeslot: 3, status: "out-of-service" } as const;

class Script {
  state = noService;
  #now = 0;

  constructor() {
    this.input({ kind: "data-link", up: true });
  }

  get deadline() {
    return machine.deadline(this.state);
  }

  input(input: ServiceInput | Wake): readonly string[] {
    const { state, outputs } = machine.step(this.state, input, instant(this.#now));
    this.state = state;
    return outputs.map(words);
  }

  at(ms: number): readonly string[] {
    this.#now = ms;
    return this.input(wake);
  }
}

function words(output: ServiceOutput): string {
  if (output.kind === "anomaly") return `!${output.what}`;
  const what = output.kind === "send" ? output.type.toUpperCase() : `service by ${output.by}`;
  return `${what} ${output.timeslot} ${output.status}`;
}

test("SERVICE goes out and is awaited [SERVICE] [T323 start]", () => {
  const script = new Script();
  expect(script.input({ kind: "request", ...out })).toEqual(["SERVICE 3 out-of-service"]);
  expect(script.deadline).toBe(20_000);
});

test("SERVICE ACKNOWLEDGE says what the far end made of it [SERVICE ACKNOWLEDGE] [T323 stop]", () => {
  const script = new Script();
  script.input({ kind: "request", ...out });
  const answer = { ...out, status: "maintenance" } as const;
  expect(script.input({ kind: "service-acknowledge", ...answer })).toEqual([
    "service by us 3 maintenance",
  ]);
  expect(script.deadline).toBeUndefined();
});

test("SERVICE is sent twice [T323 expiry]", () => {
  const script = new Script();
  script.input({ kind: "request", ...out });
  expect(script.at(20_000)).toEqual(["SERVICE 3 out-of-service"]);
  expect(script.at(40_000)).toEqual([
    "!T323 expired twice: SERVICE of channel 3 was not acknowledged",
  ]);
  expect(script.deadline).toBeUndefined();
});

test("theirs is answered and told [SERVICE] [SERVICE ACKNOWLEDGE]", () => {
  const script = new Script();
  expect(script.input({ kind: "service", ...out })).toEqual([
    "service by them 3 out-of-service",
    "SERVICE-ACKNOWLEDGE 3 out-of-service",
  ]);
});

test("one at a time, and the newest wish for a channel counts", () => {
  const script = new Script();
  script.input({ kind: "request", ...out });
  script.input({ kind: "request", timeslot: 4, status: "out-of-service" });
  script.input({ kind: "request", timeslot: 4, status: "in-service" });
  expect(script.input({ kind: "service-acknowledge", ...out })).toEqual([
    "service by us 3 out-of-service",
    "SERVICE 4 in-service",
  ]);
  expect(script.state.waiting).toEqual([]);
});

test("an answer for another channel is noted", () => {
  const script = new Script();
  expect(script.input({ kind: "service-acknowledge", ...out })).toEqual([
    "!SERVICE ACKNOWLEDGE without SERVICE",
  ]);
});

test("without a data link it waits", () => {
  const script = new Script();
  script.input({ kind: "data-link", up: false });
  expect(script.input({ kind: "request", ...out })).toEqual([]);
  expect(script.input({ kind: "data-link", up: true })).toEqual(["SERVICE 3 out-of-service"]);
});
