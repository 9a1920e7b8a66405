import { describe, expect, test } from "vitest";
import { Entropy, type Instant, instant, type Machine, wake } from "../../src/core/index.js";
import {
  type DataLinkInput,
  type DataLinkOutput,
  type DataLinkParameters,
  type DataLinkState,
  dataLink,
  defaultParameters,
  initialState,
} from "../../src/isdn/q921/index.js";

/** How a wire treats frames: in order always, as a D channel does. */
interface Wire {
  readonly loss: number;
  readonly corruption: number;
  readonly delayMs: number;
  readonly jitterMs: number;
}

interface Arrival {
  readonly at: number;
  readonly to: End;
  readonly octets: Uint8Array;
}

/** One end: a data link, what layer 3 got from it, and when. */
class End {
  state: DataLinkState = initialState;
  readonly machine: Machine<DataLinkState, DataLinkInput, DataLinkOutput>;
  readonly received: number[] = [];
  readonly heard: string[] = [];
  lastArrival = 0;

  constructor(parameters: DataLinkParameters) {
    this.machine = dataLink(parameters);
  }
}

/** Two data links on one wire with one clock and one seed. */
class World {
  readonly user: End;
  readonly network: End;
  now = 0;
  readonly #wire: Wire;
  readonly #chance: Entropy;
  #flying: Arrival[] = [];

  constructor(seed: number, wire: Wire, change: Partial<DataLinkParameters> = {}) {
    this.#wire = wire;
    this.#chance = new Entropy(
      Uint8Array.from({ length: 16 }, (_, i) => (seed * 31 + i * 7) & 0xff),
    );
    this.user = new End({ ...defaultParameters, ...change, side: "user" });
    this.network = new End({ ...defaultParameters, ...change, side: "network" });
  }

  give(end: End, input: DataLinkInput): void {
    this.#perform(end, end.machine.step(end.state, input, this.#instant()));
  }

  send(end: End, number: number): void {
    this.give(end, { kind: "dl-data-request", octets: Uint8Array.of(number >> 8, number & 0xff) });
  }

  /** Runs all that is due until the given time. */
  runUntil(end: number): void {
    for (;;) {
      const next = this.#next();
      if (next === undefined || next > end) break;
      this.now = next;
      const arrival = this.#flying[0];
      if (arrival !== undefined && arrival.at <= next) {
        this.#flying.shift();
        this.give(arrival.to, { kind: "frame", octets: arrival.octets });
      } else
        for (const one of [this.user, this.network])
          this.#perform(one, one.machine.step(one.state, wake, this.#instant()));
    }
    this.now = end;
  }

  #next(): number | undefined {
    const times = [this.user, this.network].map((end) => end.machine.deadline(end.state));
    const known = [this.#flying[0]?.at, ...times].filter((time) => time !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  #perform(
    end: End,
    step: { readonly state: DataLinkState; readonly outputs: readonly DataLinkOutput[] },
  ): void {
    end.state = step.state;
    for (const output of step.outputs) {
      if (output.kind === "frame") this.#carry(end, output.octets);
      else if (output.kind === "dl-data-indication")
        end.received.push(((output.octets[0] ?? 0) << 8) | (output.octets[1] ?? 0));
      else end.heard.push(output.kind === "mdl-error-indication" ? output.code : output.kind);
    }
  }

  #carry(from: End, octets: Uint8Array): void {
    const { loss, corruption, delayMs, jitterMs } = this.#wire;
    if (this.#chance.between(0, 999) < loss * 1000) return;
    const sent = withFcs(octets);
    if (this.#chance.between(0, 999) < corruption * 1000) {
      const bit = this.#chance.between(0, sent.length * 8 - 1);
      sent[bit >> 3] = (sent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    }
    const arrived = withoutFcs(sent);
    if (arrived === undefined) return;
    const to = from === this.user ? this.network : this.user;
    const jitter = jitterMs === 0 ? 0 : this.#chance.between(0, jitterMs);
    to.lastArrival = Math.max(to.lastArrival, this.now + delayMs + jitter);
    this.#flying.push({ at: to.lastArrival, to, octets: arrived });
    this.#flying.sort((a, b) => a.at - b.at);
  }

  #instant(): Instant {
    return instant(this.now);
  }
}

/** The FCS of Q.921 §2.7 as the layer below adds and checks it. */
function fcs(octets: Uint8Array): number {
  let register = 0xffff;
  for (const octet of octets) {
    register ^= octet;
    for (let bit = 0; bit < 8; bit++)
      register = (register & 1) === 0 ? register >> 1 : (register >> 1) ^ 0x8408;
  }
  return register ^ 0xffff;
}

function withFcs(octets: Uint8Array): Uint8Array {
  const check = fcs(octets);
  return Uint8Array.of(...octets, check & 0xff, check >> 8);
}

function withoutFcs(octets: Uint8Array): Uint8Array | undefined {
  const body = octets.slice(0, -2);
  const check = fcs(body);
  const [low, high] = octets.slice(-2);
  return low === (check & 0xff) && high === check >> 8 ? body : undefined;
}

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

const WIRES: readonly (readonly [string, Wire])[] = [
  ["a clean wire", { loss: 0, corruption: 0, delayMs: 5, jitterMs: 0 }],
  ["5 % loss", { loss: 0.05, corruption: 0, delayMs: 5, jitterMs: 3 }],
  ["10 % loss and 10 % bit errors", { loss: 0.1, corruption: 0.1, delayMs: 10, jitterMs: 10 }],
  ["a long delay with loss", { loss: 0.1, corruption: 0, delayMs: 300, jitterMs: 50 }],
];

describe.each(WIRES)("over %s", (_, wire) => {
  test.each([1, 2, 3, 4, 5])("seed %i: everything sent arrives once and in order", (seed) => {
    // Enough repetitions that no seed gives the link up: that case is the next test's.
    const world = new World(seed, wire, { N200: 30 });
    world.give(world.user, { kind: "dl-establish-request" });
    world.runUntil(60_000);
    for (const number of numbers(400)) {
      world.send(world.user, number);
      if (number % 2 === 0) world.send(world.network, number / 2);
      world.runUntil(world.now + (number % 5) * 20);
    }
    world.runUntil(world.now + 900_000);
    expect(world.network.received).toEqual(numbers(400));
    expect(world.user.received).toEqual(numbers(200));
  });
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "seed %i: a wire that breaks links loses nothing without saying so, and repeats nothing",
  (seed) => {
    const world = new World(seed, { loss: 0.35, corruption: 0, delayMs: 5, jitterMs: 0 });
    world.give(world.user, { kind: "dl-establish-request" });
    for (const number of numbers(300)) {
      if (world.user.state.name === "tei-assigned")
        world.give(world.user, { kind: "dl-establish-request" });
      world.send(world.user, number);
      world.runUntil(world.now + 500);
    }
    world.runUntil(world.now + 100_000);
    const { received } = world.network;
    expect(received).toEqual([...new Set(received)].sort((a, b) => a - b));
    const told = world.user.heard.filter(
      (what) => what.startsWith("dl-") && what !== "dl-establish-confirm",
    );
    if (received.length < 300) expect(told.length).toBeGreaterThan(0);
  },
);

test("both ends establish at once", () => {
  const world = new World(1, { loss: 0, corruption: 0, delayMs: 10, jitterMs: 0 });
  world.give(world.user, { kind: "dl-establish-request" });
  world.give(world.network, { kind: "dl-establish-request" });
  world.runUntil(100);
  expect([world.user.heard, world.network.heard]).toEqual([
    ["dl-establish-confirm"],
    ["dl-establish-confirm"],
  ]);
  world.send(world.user, 1);
  world.send(world.network, 2);
  world.runUntil(200);
  expect([world.user.received, world.network.received]).toEqual([[2], [1]]);
});

test("a receiver that is busy for a while gets everything afterwards", () => {
  const world = new World(1, { loss: 0.05, corruption: 0, delayMs: 5, jitterMs: 0 });
  world.give(world.user, { kind: "dl-establish-request" });
  world.runUntil(5000);
  world.give(world.network, { kind: "own-receiver-busy", busy: true });
  for (const number of numbers(50)) world.send(world.user, number);
  world.runUntil(60_000);
  expect(world.network.received).toEqual([]);
  world.give(world.network, { kind: "own-receiver-busy", busy: false });
  world.runUntil(120_000);
  expect(world.network.received).toEqual(numbers(50));
});

test("an idle link stays up for a day on T203 alone [T203 start] [T203 expiry]", () => {
  const world = new World(7, { loss: 0, corruption: 0, delayMs: 5, jitterMs: 0 });
  world.give(world.user, { kind: "dl-establish-request" });
  world.runUntil(86_400_000);
  expect(world.user.state.name).toMatch(/multiple-frame-established|timer-recovery/);
  expect(world.user.heard).toEqual(["dl-establish-confirm"]);
});

test("five hundred messages queued at once pass through a window of seven, none copied or lost", () => {
  const world = new World(1, { loss: 0, corruption: 0, delayMs: 1, jitterMs: 0 });
  world.give(world.user, { kind: "dl-establish-request" });
  world.runUntil(100);
  for (const number of numbers(500)) world.send(world.user, number);
  expect(world.user.state.unacknowledged).toHaveLength(7);
  expect(world.user.state.queue.size).toBe(493);
  world.runUntil(world.now + 60_000);
  expect(world.network.received).toEqual(numbers(500));
});
