import { describe, expect, test } from "vitest";
import { instant, type Wake, wake } from "../../../../src/core/index.js";
import {
  noRestart,
  type RestartInput,
  type RestartOutput,
  restartMachine,
} from "../../../../src/isdn/q931/restart.js";
import { timerValues } from "../../../../src/isdn/q931/timers.js";

/* Rest 0, Rest 1, Rest 2 (Q.931 §5.5, figure A.7). */

const machine = restartMachine(timerValues("network"));

class Script {
  state = noRestart;
  #now = 0;

  constructor() {
    this.input({ kind: "data-link", up: true });
  }

  get deadline() {
    return machine.deadline(this.state);
  }

  input(input: RestartInput | Wake): readonly string[] {
    const { state, outputs } = machine.step(this.state, input, instant(this.#now));
    this.state = state;
    return outputs.map(words);
  }

  at(ms: number): readonly string[] {
    this.#now = ms;
    return this.input(wake);
  }
}

function words(output: RestartOutput): string {
  const scope = "scope" in output ? ` ${output.scope}` : "";
  if (output.kind === "send") return `${output.type.toUpperCase()}${scope}`;
  if (output.kind === "anomaly") return `!${output.what}`;
  return `${output.kind}${scope}${"by" in output ? ` by ${output.by}` : ""}`;
}

describe("ours (Rest 1)", () => {
  test("calls are cleared, RESTART goes out and is awaited [RESTART] [T316 start]", () => {
    const script = new Script();
    expect(script.input({ kind: "request", scope: [3] })).toEqual(["clear 3 by us", "RESTART 3"]);
    expect(script.deadline).toBe(120_000);
  });

  test("RESTART ACKNOWLEDGE ends it [RESTART ACKNOWLEDGE] [T316 stop]", () => {
    const script = new Script();
    script.input({ kind: "request", scope: [3] });
    expect(script.input({ kind: "restart-acknowledge", timeslots: [3] })).toEqual([
      "restarted 3 by us",
    ]);
    expect(script.deadline).toBeUndefined();
  });

  test("RESTART is sent twice, then the channels are out of service [T316 expiry]", () => {
    const script = new Script();
    script.input({ kind: "request", scope: [3] });
    expect(script.at(119_999)).toEqual([]);
    expect(script.at(120_000)).toEqual(["RESTART 3"]);
    expect(script.at(240_000)).toEqual([
      "!T316 expired twice: RESTART was not acknowledged",
      "restart-failed 3",
    ]);
    expect(script.deadline).toBeUndefined();
  });

  test("with the data link down T316 does not run; RESTART goes out anew after it [T316 stop] [T316 start]", () => {
    const script = new Script();
    script.input({ kind: "request", scope: [3] });
    script.at(120_000);
    expect(script.input({ kind: "data-link", up: false })).toEqual([]);
    expect(script.deadline).toBeUndefined();
    expect(script.at(900_000)).toEqual([]);
    expect(script.input({ kind: "data-link", up: true })).toEqual(["RESTART 3"]);
    expect(script.at(1_020_000)).toEqual(["RESTART 3"]);
    expect(script.at(1_140_000)).toContain("restart-failed 3");
  });

  test("one after the other: there is one global call reference", () => {
    const script = new Script();
    script.input({ kind: "request", scope: [3] });
    expect(script.input({ kind: "request", scope: [4] })).toEqual(["clear 4 by us"]);
    expect(script.input({ kind: "restart-acknowledge", timeslots: [3] })).toEqual([
      "restarted 3 by us",
      "RESTART 4",
    ]);
  });

  test("channels that are waiting already are not taken twice", () => {
    const script = new Script();
    script.input({ kind: "request", scope: [3] });
    expect(script.input({ kind: "request", scope: [3] })).toEqual([]);
    expect(script.input({ kind: "request", scope: [3, 5] })).toEqual(["clear 5 by us"]);
  });

  test("the whole interface [RESTART]", () => {
    const script = new Script();
    script.input({ kind: "request", scope: [3] });
    script.input({ kind: "request", scope: [4] });
    expect(script.input({ kind: "request", scope: "interface" })).toEqual([
      "clear interface by us",
    ]);
    expect(script.input({ kind: "request", scope: "interface" })).toEqual([]);
    expect(script.input({ kind: "restart-acknowledge", timeslots: [] })).toEqual([
      "restarted 3 by us",
      "RESTART interface",
    ]);
    expect(script.input({ kind: "restart-acknowledge" })).toEqual(["restarted interface by us"]);
  });

  test("channels that the answer leaves out have failed", () => {
    const script = new Script();
    script.input({ kind: "request", scope: [3, 4] });
    expect(script.input({ kind: "restart-acknowledge", timeslots: [4] })).toEqual([
      "restarted 4 by us",
      "restart-failed 3",
    ]);
  });

  test("answers that belong to nothing are noted", () => {
    const script = new Script();
    expect(script.input({ kind: "restart-acknowledge", timeslots: [3] })).toEqual([
      "!RESTART ACKNOWLEDGE without RESTART",
    ]);
    script.input({ kind: "request", scope: [3] });
    expect(script.input({ kind: "restart-acknowledge", timeslots: [9] })).toEqual([
      "!RESTART ACKNOWLEDGE for other channels",
    ]);
    expect(script.deadline).toBe(120_000);
  });

  test("without a data link it waits, with the calls cleared already", () => {
    const script = new Script();
    script.input({ kind: "data-link", up: false });
    expect(script.input({ kind: "request", scope: [3] })).toEqual(["clear 3 by us"]);
    expect(script.input({ kind: "data-link", up: true })).toEqual(["RESTART 3"]);
  });
});

describe("theirs (Rest 2)", () => {
  test("calls are cleared, then it is acknowledged [RESTART ACKNOWLEDGE] [T317 start] [T317 stop]", () => {
    const script = new Script();
    expect(script.input({ kind: "restart", scope: [3] })).toEqual(["clear 3 by them"]);
    expect(script.deadline).toBe(60_000);
    expect(script.input({ kind: "cleared" })).toEqual([
      "restarted 3 by them",
      "RESTART-ACKNOWLEDGE 3",
    ]);
    expect(script.deadline).toBeUndefined();
  });

  test("calls that are not cleared in time [T317 expiry]", () => {
    const script = new Script();
    script.input({ kind: "restart", scope: [3] });
    expect(script.at(60_000)).toEqual(["!T317 expired: calls were not cleared in time"]);
    expect(script.input({ kind: "cleared" })).toEqual([]);
  });

  test("at the same time as ours: both go their way", () => {
    const script = new Script();
    script.input({ kind: "request", scope: [3] });
    script.input({ kind: "restart", scope: [3] });
    expect(script.input({ kind: "cleared" })).toEqual([
      "restarted 3 by them",
      "RESTART-ACKNOWLEDGE 3",
    ]);
    expect(script.deadline).toBe(120_000);
    expect(script.input({ kind: "restart-acknowledge", timeslots: [3] })).toEqual([
      "restarted 3 by us",
    ]);
  });
});
