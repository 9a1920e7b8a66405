import fc from "fast-check";
import { expect, test } from "vitest";
import { type CallEvent, cause } from "../../../../src/call/index.js";
import { instant, type Wake, wake } from "../../../../src/core/index.js";
import { beginReceived, beginSent, callMachine } from "../../../../src/isdn/q931/call.js";
import { callProfile } from "../../../../src/isdn/q931/call-profile.js";
import type {
  CallInput,
  CallParams,
  CallState,
  CallStep,
  ChannelAnswer,
} from "../../../../src/isdn/q931/call-state.js";
import { callReference, type Element, messageRows } from "../../../../src/isdn/q931/index.js";
import { timerValues } from "../../../../src/isdn/q931/timers.js";
import { because, inBand } from "./call-script.js";

/* What holds of every call, whatever the far end, its user and the clock do. */

const why = cause(16, "user", "test");

const events: readonly CallEvent[] = [
  { kind: "setup-acknowledge" },
  { kind: "information", digits: "1", sendingComplete: false },
  { kind: "information", digits: "", sendingComplete: true, keypad: "#" },
  { kind: "proceeding" },
  { kind: "alerting" },
  { kind: "progress" },
  { kind: "connect" },
  { kind: "disconnect", cause: why },
  {
    kind: "disconnect",
    cause: why,
    progress: [{ description: "in-band-information", location: "transit" }],
  },
  { kind: "release", cause: why },
  { kind: "suspend", by: "user" },
  { kind: "resume", by: "network" },
  { kind: "notify", description: 3 },
  { kind: "facility", facility: [Uint8Array.of(0x91, 1)] },
  { kind: "user-information", userUser: Uint8Array.of(4, 1) },
];

const element: fc.Arbitrary<Element> = fc.oneof(
  fc.integer({ min: 1, max: 127 }).map(because),
  fc.constant(inBand),
  fc.nat(63).map((value) => ({ kind: "call-state", codingStandard: 0, value }) as const),
  fc.constant({ kind: "sending-complete" } as const),
);

const channel: fc.Arbitrary<ChannelAnswer> = fc.oneof(
  fc.constantFrom({ kind: "absent" } as const, { kind: "unusable" } as const),
  fc.record({
    kind: fc.constant("named" as const),
    timeslot: fc.integer({ min: 1, max: 31 }),
    exclusive: fc.boolean(),
    available: fc.boolean(),
  }),
);

const verdict = fc.constantFrom(
  { action: "accept" } as const,
  { action: "accept", cause: 99 } as const,
  { action: "reject", cause: 96 } as const,
  { action: "reject", cause: 100 } as const,
);

const input: fc.Arbitrary<CallInput | Wake> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        type: fc.constantFrom(...messageRows.map((row) => row.type)),
        elements: fc.array(element, { maxLength: 3 }),
        verdict,
        channel,
      })
      .map(({ type, elements, ...rest }): CallInput => {
        const message = { type, elements, callReference: callReference(1, true) };
        return { kind: "message", message, ...rest };
      }),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(...events).map((event): CallInput => ({ kind: "request", event })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<CallInput>(
      { kind: "data-link", change: "lost" },
      { kind: "data-link", change: "restored" },
      { kind: "data-link", change: "reset" },
      { kind: "status-enquiry" },
      { kind: "channel-lost" },
      { kind: "unknown-message", code: 0x7c },
      { kind: "faults", verdict: { action: "accept", cause: 99 } },
    ),
  },
  { weight: 4, arbitrary: fc.constant(wake) },
);

const script = fc.record({
  side: fc.constantFrom("user" as const, "network" as const),
  profile: fc.constantFrom("etsi" as const, "ni2" as const),
  ours: fc.boolean(),
  overlap: fc.boolean(),
  steps: fc.array(fc.tuple(fc.nat(20_000), input), { maxLength: 30 }),
});

type Script = typeof script extends fc.Arbitrary<infer Value> ? Value : never;

interface Run {
  readonly states: readonly CallState[];
  readonly events: readonly CallEvent[];
}

/** Runs a script; `check` sees every step. */
function run(
  { side, profile, ours, overlap, steps }: Script,
  check: (before: CallState, step: CallStep, input: CallInput | Wake, now: number) => void = () =>
    undefined,
): Run {
  const params: CallParams = {
    side,
    profile: callProfile(profile),
    timers: timerValues(side),
    line: "e1",
    location: "user",
  };
  const held = { timeslot: 5, exclusive: false };
  const machine = callMachine(params);
  let state = ours
    ? beginSent([], held, params, instant(0)).state
    : beginReceived(overlap, held, params);
  const states = [state];
  const events: CallEvent[] = [];
  let now = 0;
  for (const [wait, one] of steps) {
    now += wait;
    const step = machine.step(state, one, instant(now));
    check(state, step, one, now);
    state = step.state;
    states.push(state);
    for (const output of step.outputs) if (output.kind === "report") events.push(output.event);
  }
  return { states, events };
}

test("no input throws, and after a wake the deadline is later than now", () => {
  fc.assert(
    fc.property(script, (one) => {
      run(one, (_before, { state }, given, now) => {
        if (given.kind !== "wake") return;
        for (const at of Object.values(state.timers)) expect(at).toBeGreaterThan(now);
      });
    }),
    { numRuns: 2000 },
  );
});

test("an early wake changes nothing", () => {
  fc.assert(
    fc.property(script, (one) => {
      run(one, (before, step, given, now) => {
        const due = Object.values(before.timers).some((at) => at <= now);
        if (given.kind !== "wake" || due) return;
        expect(step).toEqual({ state: before, outputs: [] });
      });
    }),
    { numRuns: 1000 },
  );
});

test("release comes up at most once, last, and exactly when the call is gone", () => {
  fc.assert(
    fc.property(script, (one) => {
      const { states, events } = run(one);
      const at = events.findIndex(({ kind }) => kind === "release");
      expect(at === -1).toBe(states.at(-1)?.phase !== "null");
      if (at !== -1) expect(at).toBe(events.length - 1);
    }),
    { numRuns: 2000 },
  );
});

test("a call that is gone runs no timer, and one that waits for the far end runs one", () => {
  fc.assert(
    fc.property(script, (one) => {
      for (const { phase, timers, origin } of run(one).states) {
        const armed = Object.keys(timers);
        if (phase === "null") expect(armed).toEqual([]);
        // Clearing and an unanswered SETUP of ours never wait without an end.
        const bounded =
          phase === "disconnect-sent" ||
          phase === "disconnect-received" ||
          phase === "release-sent" ||
          phase === "answered" ||
          (phase === "initiated" && origin === "ours");
        if (bounded) expect(armed, phase).not.toEqual([]);
      }
    }),
    { numRuns: 2000 },
  );
});

test("STATUS is never answered with STATUS", () => {
  fc.assert(
    fc.property(script, (one) => {
      run(one, (_before, { outputs }, given) => {
        if (given.kind !== "message" || given.message.type !== "status") return;
        for (const output of outputs)
          expect(output.kind === "send" && output.type === "status").toBe(false);
      });
    }),
    { numRuns: 2000 },
  );
});

test("the same log ends in the same state", () => {
  fc.assert(
    fc.property(script, (one) => {
      expect(run(one)).toEqual(run(one));
    }),
    { numRuns: 300 },
  );
});
