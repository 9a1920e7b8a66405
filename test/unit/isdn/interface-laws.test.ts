import fc from "fast-check";
import { expect, test } from "vitest";
import { type CallEvent, cause } from "../../../src/call/index.js";
import { Entropy, instant } from "../../../src/core/index.js";
import {
  type InterfaceInput,
  type InterfaceOutput,
  IsdnInterface,
} from "../../../src/isdn/index.js";
import { printFrame } from "../../../src/isdn/q921/index.js";
import { messageRows } from "../../../src/isdn/q931/index.js";
import { ourSetup } from "./interface-script.js";

/* What holds of an interface whatever comes over the wire, from its user and from the clock. */

const elements = [
  [0xa1],
  [0x04, 3, 0x80, 0x90, 0xa3],
  [0x18, 3, 0xa9, 0x83, 0x81],
  [0x18, 3, 0xa1, 0x83, 0x82],
  [0x18, 1, 0xa3],
  [0x70, 3, 0x81, 0x31, 0x32],
  [0x6c, 2, 0x00, 0x80],
  [0x08, 2, 0x80, 0x90],
  [0x14, 1, 0x0a],
  [0x1e, 2, 0x82, 0x88],
  [0x79, 1, 0x80],
  [0x79, 1, 0x86],
  [0x02, 1, 0x00],
  [0x35, 0],
  [0x7e, 250, 1],
];

/** Messages that are right, nearly right, or noise, in I frames with consecutive numbers. */
const message = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        row: fc.constantFrom(...messageRows),
        value: fc.integer({ min: 0, max: 4 }),
        flag: fc.boolean(),
        parts: fc.array(fc.constantFrom(...elements), { maxLength: 5 }),
      })
      .map(({ row, value, flag, parts }) =>
        Uint8Array.from([8, 2, flag ? 0x80 : 0, value, row.code, ...parts.flat()]),
      ),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
);

const why = cause(16, "user", "test");
const event = fc.constantFrom<CallEvent>(
  ourSetup(),
  { kind: "setup-acknowledge" },
  { kind: "proceeding" },
  { kind: "alerting" },
  { kind: "connect" },
  { kind: "information", digits: "1", sendingComplete: false },
  { kind: "disconnect", cause: why },
  { kind: "release", cause: why },
);

type Step =
  | { readonly kind: "message"; readonly octets: Uint8Array }
  | { readonly kind: "frame"; readonly octets: Uint8Array }
  | {
      readonly kind: "event";
      readonly event: CallEvent;
      readonly leg: number;
      readonly timeslot: number;
    }
  | { readonly kind: "input"; readonly input: InterfaceInput }
  | { readonly kind: "wait"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: message.map((octets): Step => ({ kind: "message", octets })) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 20 }).map((octets): Step => ({ kind: "frame", octets })),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("event" as const),
      event,
      leg: fc.nat(5),
      timeslot: fc.integer({ min: 0, max: 5 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<InterfaceInput>(
        { kind: "restart", timeslots: [1] },
        { kind: "restart" },
        { kind: "layer-1", up: false },
        { kind: "layer-1", up: true },
        { kind: "service", timeslot: 2, status: "out-of-service" },
        { kind: "service", timeslot: 2, status: "in-service" },
      )
      .map((input): Step => ({ kind: "input", input })),
  },
  { weight: 4, arbitrary: fc.nat(5000).map((ms): Step => ({ kind: "wait", ms })) },
);

const script = fc.record({
  side: fc.constantFrom("user" as const, "network" as const),
  profile: fc.constantFrom("etsi" as const, "ni2" as const),
  steps: fc.array(step, { maxLength: 60 }),
});

type Script = typeof script extends fc.Arbitrary<infer Value> ? Value : never;

class Subject {
  readonly side: IsdnInterface;
  readonly outputs: InterfaceOutput[] = [];
  readonly #far: "user" | "network";
  #now = 0;
  #seed = 0;
  #ns = 0;

  constructor({ side, profile }: Script) {
    this.#far = side === "user" ? "network" : "user";
    this.side = new IsdnInterface({ side, profile, law: "a-law", timeslots: [1, 2, 3, 4] });
    this.#establish();
  }

  run(steps: readonly Step[]): void {
    for (const one of steps) this.#do(one);
  }

  /** Everything that is armed comes due. */
  rest(): void {
    this.#wait(600_000);
  }

  #do(one: Step): void {
    switch (one.kind) {
      case "message":
        if (!this.side.snapshot().dataLink) this.#establish();
        this.#frame("I", one.octets);
        return;
      case "frame":
        this.#take({ kind: "frame", octets: one.octets });
        return;
      case "event": {
        const legs = this.side.snapshot().calls;
        const leg = legs[one.leg]?.leg ?? `leg ${one.leg}`;
        const channel = { timeslot: one.timeslot, exclusive: one.leg % 2 === 0 };
        this.#take({
          kind: "call",
          leg,
          event: one.event,
          ...(one.timeslot === 0 ? {} : { channel }),
        });
        return;
      }
      case "input":
        this.#take(one.input);
        return;
      case "wait":
        this.#wait(one.ms);
        return;
    }
  }

  #establish(): void {
    this.#take({ kind: "layer-1", up: true });
    this.#take({ kind: "start" });
    this.#ns = 0;
    this.#take({ kind: "frame", octets: this.#print("SABME") });
    this.#take({ kind: "frame", octets: this.#print("UA") });
  }

  #print(kind: "SABME" | "UA"): Uint8Array {
    const command = kind === "SABME";
    return printFrame({ sapi: 0, tei: 0, command, kind, pollFinal: true }, this.#far);
  }

  #frame(kind: "I", information: Uint8Array): void {
    const numbers = { ns: this.#ns++ % 128, nr: 0, pollFinal: false };
    const octets = printFrame(
      { sapi: 0, tei: 0, command: true, kind, ...numbers, information },
      this.#far,
    );
    this.#take({ kind: "frame", octets });
  }

  #take(input: InterfaceInput): void {
    this.outputs.push(...this.side.receive(input, this.#stamp()));
  }

  #wait(ms: number): void {
    const until = this.#now + ms;
    for (
      let at = this.side.deadline();
      at !== undefined && at <= until;
      at = this.side.deadline()
    ) {
      this.#now = Math.max(this.#now, at);
      this.outputs.push(...this.side.wake(this.#stamp()));
      const next = this.side.deadline();
      if (next !== undefined) expect(next).toBeGreaterThan(this.#now);
    }
    this.#now = until;
  }

  #stamp() {
    const seed = new Uint8Array(16);
    new DataView(seed.buffer).setUint32(0, ++this.#seed);
    return { now: instant(this.#now), entropy: new Entropy(seed) };
  }
}

test("no input throws, wakes move on, and no more calls than channels are kept", () => {
  fc.assert(
    fc.property(script, (one) => {
      const subject = new Subject(one);
      for (const step of one.steps) {
        subject.run([step]);
        const { calls, channels } = subject.side.snapshot();
        expect(calls.length).toBeLessThanOrEqual(4);
        const held = channels.filter(({ leg }) => leg !== undefined);
        const legs = calls.filter(({ timeslot }) => timeslot !== undefined);
        expect(held.map(({ leg }) => leg).sort()).toEqual(legs.map(({ leg }) => leg).sort());
      }
    }),
    { numRuns: 600 },
  );
});

test("every leg has one release, and after it at most one channel-released and nothing else", () => {
  fc.assert(
    fc.property(script, (one) => {
      const subject = new Subject(one);
      subject.run(one.steps);
      subject.rest();
      const said = new Map<string, string[]>();
      for (const output of subject.outputs) {
        if (output.kind !== "call" && output.kind !== "channel-released") continue;
        const kind = output.kind === "call" ? output.event.kind : output.kind;
        // A name may be used again once its leg is gone.
        const past = said.get(output.leg) ?? [];
        const over = past.at(-1) === "channel-released" || past.at(-1) === "release";
        const fresh = over && kind !== "channel-released" ? [] : past;
        said.set(output.leg, [...fresh, kind]);
      }
      for (const [leg, kinds] of said) {
        const releases = kinds.filter((kind) => kind === "release").length;
        expect(releases, `${leg}: ${kinds}`).toBeLessThanOrEqual(1);
        if (kinds.includes("channel-released")) expect(kinds.at(-2)).toBe("release");
      }
    }),
    { numRuns: 150 },
  );
});

test("the same log gives the same outputs", () => {
  fc.assert(
    fc.property(script, (one) => {
      const outputs = () => {
        const subject = new Subject(one);
        subject.run(one.steps);
        return subject.outputs;
      };
      expect(outputs()).toEqual(outputs());
    }),
    { numRuns: 100 },
  );
});
