import fc from "fast-check";
import { expect, test } from "vitest";
import { after, Entropy, type Instant, instant, type Wake, wake } from "../../../src/core/index.js";
import { type CallInput, callMachine, newCall } from "../../../src/phone/index.js";
import type { Body, SessionEvent } from "../../../src/sip/index.js";
import { order, parameters, requestOf, responseOf, sdp } from "./line.js";

const entropy = () => new Entropy(new Uint8Array(16).fill(3));
const dialog = fc.constantFrom("d", "e");
const status = fc.integer({ min: 100, max: 699 });
const session = "s";

const body: fc.Arbitrary<Body> = fc.oneof(
  fc
    .record({
      port: fc.constantFrom(0, 6000, 7000),
      formats: fc.constantFrom("8 101", "0", "18", "8 0 101"),
      direction: fc.constantFrom("sendrecv", "sendonly", "recvonly", "inactive"),
      address: fc.constantFrom("192.0.2.2", "0.0.0.0", "phone.invalid"),
    })
    .map(sdp),
  fc.uint8Array({ maxLength: 40 }).map((content) => ({ type: "application/sdp", content })),
);

const event: fc.Arbitrary<SessionEvent> = fc.oneof(
  fc.record({ dialog, offer: body }).map(
    ({ dialog, offer }): SessionEvent => ({
      ...{ kind: "invite-received", session, dialog, offer, reliability: "supported" },
      ...{ request: requestOf("INVITE"), source: order.destination },
    }),
  ),
  fc.tuple(dialog, status).map(
    ([dialog, status]): SessionEvent => ({
      ...{ kind: "provisional-received", session, dialog, status, response: responseOf(status) },
    }),
  ),
  fc.tuple(dialog, body, fc.constantFrom("offer", "answer"), status).map(
    ([dialog, body, role, status]): SessionEvent => ({
      ...{ kind: "description-received", session, dialog, role, body },
      carrier: responseOf(status),
    }),
  ),
  fc
    .tuple(dialog, fc.constantFrom("offer", "answer"), fc.constantFrom("PRACK", "INVITE", "ACK"))
    .map(
      ([dialog, role, method]): SessionEvent => ({
        ...{ kind: "description-wanted", session, dialog, role, method },
      }),
    ),
  dialog.map(
    (dialog): SessionEvent => ({ kind: "answered", session, dialog, response: responseOf(200) }),
  ),
  dialog.map((dialog): SessionEvent => ({ kind: "acknowledged", session, dialog })),
  dialog.map((dialog): SessionEvent => ({ kind: "early-dialog-ended", session, dialog })),
  dialog.map((dialog): SessionEvent => ({ kind: "offer-withdrawn", session, dialog })),
  fc
    .tuple(fc.boolean(), status)
    .map(([ok, status]): SessionEvent => ({ kind: "modified", session, ok, status })),
  status.map(
    (status): SessionEvent => ({
      ...{ kind: "ended", session, by: { kind: "failure", status, what: "no answer" } },
    }),
  ),
);

const input: fc.Arbitrary<CallInput> = fc.oneof(
  { weight: 5, arbitrary: event.map((event): CallInput => ({ kind: "session", event })) },
  fc.constant<CallInput>({ kind: "place", order }),
  fc.constant<CallInput>({ kind: "media-opened", address: "192.0.2.1", port: 4000 }),
  fc.constant<CallInput>({ kind: "media-failed", what: "none" }),
  fc.constantFrom<CallInput>({ kind: "hold" }, { kind: "retrieve" }),
  fc.constant<CallInput>({ kind: "key", digits: "1,2" }),
  fc.constant<CallInput>({ kind: "hang-up", why: "enough" }),
);

const told = (event: SessionEvent): CallInput => ({ kind: "session", event });
const opened: CallInput = { kind: "media-opened", address: "192.0.2.1", port: 4000 };

/** Ways into each part of a call, so that chance does not have to find them. */
const beginning = fc.constantFrom<readonly CallInput[]>(
  [],
  [{ kind: "place", order }, opened],
  [
    { kind: "place", order },
    opened,
    told({
      ...{ kind: "description-received", session, dialog: "d", role: "answer" },
      ...{ body: sdp(), carrier: responseOf(200) },
    }),
    told({ kind: "answered", session, dialog: "d", response: responseOf(200) }),
  ],
  [
    told({
      ...{ kind: "invite-received", session, dialog: "d", offer: sdp() },
      ...{ reliability: "supported", request: requestOf("INVITE"), source: order.destination },
    }),
    opened,
  ],
);

const script = fc
  .tuple(
    beginning,
    fc.array(fc.record({ input, waitMs: fc.integer({ min: 0, max: 4000 }) }), { maxLength: 25 }),
  )
  .map(([begun, steps]) => [...begun.map((input) => ({ input, waitMs: 0 })), ...steps]);

const machine = callMachine({
  ...parameters,
  ...{ giveUpMs: 5000, talkMs: 6000, digits: "1#" },
  answer: { kind: "answer", ringMs: 1500, earlyMedia: true },
});

interface Logged {
  readonly at: Instant;
  readonly input: CallInput | Wake;
}

test("whatever comes: no step throws, early wakes change nothing, later deadlines, same replay", () => {
  fc.assert(
    fc.property(script, (steps) => {
      const log: Logged[] = [];
      let now = instant(0);
      let state = newCall(session);
      const step = (one: CallInput | Wake): void => {
        log.push({ at: now, input: one });
        state = machine.step(state, one, now, entropy()).state;
      };
      for (const { input, waitMs } of steps) {
        const until = after(now, waitMs);
        const early = machine.deadline(state);
        if (early === undefined || early > now) {
          expect(machine.step(state, wake, now, entropy())).toEqual({ state, outputs: [] });
        }
        for (let at = early; at !== undefined && at <= until; at = machine.deadline(state)) {
          now = instant(Math.max(now, at));
          step(wake);
          expect(machine.deadline(state) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(now);
        }
        now = until;
        step(input);
      }
      const again = log.reduce(
        (before, one) => machine.step(before, one.input, one.at, entropy()).state,
        newCall(session),
      );
      expect(again).toEqual(state);
    }),
    { numRuns: 400 },
  );
});

test("whatever comes, the end is told once, and last, and every port that was asked for is closed", () => {
  fc.assert(
    fc.property(script, (steps) => {
      let now = instant(0);
      let state = newCall(session);
      const outputs = steps.flatMap(({ input, waitMs }) => {
        now = after(now, waitMs);
        const step = machine.step(state, input, now, entropy());
        state = step.state;
        return step.outputs;
      });
      const ends = outputs.filter((o) => o.kind === "milestone" && o.milestone.kind === "ended");
      expect(ends.length).toBe(state.name === "over" ? 1 : 0);
      if (state.name === "over") expect(outputs.at(-1)).toBe(ends[0]);
      expect(outputs.filter(({ kind }) => kind === "open-media").length).toBeLessThanOrEqual(1);
      expect(outputs.filter(({ kind }) => kind === "close-media").length).toBe(ends.length);
    }),
    { numRuns: 400 },
  );
});
