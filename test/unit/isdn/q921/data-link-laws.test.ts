import fc from "fast-check";
import { expect, test } from "vitest";
import { type Instant, instant, type Wake, wake } from "../../../../src/core/index.js";
import {
  type DataLinkInput,
  type DataLinkState,
  dataLink,
  defaultParameters,
  type Frame,
  initialState,
  printFrame,
} from "../../../../src/isdn/q921/index.js";

const machine = dataLink({ ...defaultParameters, side: "network" });

const number = fc.oneof(fc.nat(8), fc.nat(127));
const address = { sapi: fc.constantFrom(0, 0, 0, 63), tei: fc.constantFrom(0, 0, 0, 127) };
const rest = { command: fc.boolean(), pollFinal: fc.boolean(), nr: number, ns: number };
const frame = fc
  .record({
    ...address,
    ...rest,
    kind: fc.constantFrom("I", "I", "RR", "RR", "RNR", "REJ", "SABME", "DM", "UI", "DISC", "UA"),
    information: fc.uint8Array({ maxLength: 4 }),
  })
  .map((fields) => {
    const { information, ...bare } = fields;
    const kept = fields.kind === "I" || fields.kind === "UI" ? fields : bare;
    return printFrame(kept as Frame, "user");
  });

const input: fc.Arbitrary<DataLinkInput | Wake> = fc.oneof(
  fc.record({ kind: fc.constant("frame" as const), octets: frame }),
  fc.record({ kind: fc.constant("frame" as const), octets: fc.uint8Array({ maxLength: 300 }) }),
  fc.record({
    kind: fc.constantFrom("dl-data-request" as const, "dl-unit-data-request" as const),
    octets: fc.uint8Array({ maxLength: 300 }),
  }),
  fc.record({
    kind: fc.constantFrom(
      "dl-establish-request" as const,
      "dl-establish-request" as const,
      "dl-release-request" as const,
      "persistent-deactivation" as const,
    ),
  }),
  fc.record({ kind: fc.constant("own-receiver-busy" as const), busy: fc.boolean() }),
  fc.constant(wake),
);

const log = fc.array(fc.tuple(input, fc.nat(1500)), { maxLength: 120 });

test("any log of inputs keeps the laws of machines and the bounds of the data link", () => {
  fc.assert(
    fc.property(log, (steps) => {
      const end = run(steps, check);
      // Replayed, the log ends in the same state.
      expect(run(steps, () => {})).toEqual(end);
    }),
    { numRuns: 300 },
  );
});

type Check = (state: DataLinkState, given: DataLinkInput | Wake, now: Instant) => void;

function run(steps: readonly (readonly [DataLinkInput | Wake, number])[], each: Check) {
  let state = initialState;
  let time = 0;
  for (const [given, later] of steps) {
    time += later;
    each(state, given, instant(time));
    state = machine.step(state, given, instant(time)).state;
  }
  return state;
}

function check(state: DataLinkState, given: DataLinkInput | Wake, now: Instant): void {
  const frozen = JSON.stringify(state);
  const step = machine.step(state, given, now);
  expect(JSON.stringify(state)).toBe(frozen);
  const deadline = machine.deadline(step.state);
  if (given.kind === "wake") {
    const due = machine.deadline(state);
    if (due === undefined || due > now) expect(step).toEqual({ state, outputs: [] });
    else if (deadline !== undefined) expect(deadline).toBeGreaterThan(now);
  }
  const { vs, va, unacknowledged, timers, name } = step.state;
  const outstanding = (vs - va) & 0x7f;
  expect(outstanding).toBeLessThanOrEqual(unacknowledged.length);
  expect(unacknowledged.length).toBeLessThanOrEqual(defaultParameters.k);
  // One timer at most, none without a link, and never a state that waits for nothing.
  expect(Object.keys(timers)).toHaveLength(name === "tei-assigned" ? 0 : 1);
}
