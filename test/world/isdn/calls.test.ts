import { describe, expect, test } from "vitest";
import { type CallEvent, cause } from "../../../src/call/index.js";
import type { InterfaceOutput } from "../../../src/isdn/index.js";
import { type End, plainSetup, Wire, type WireOptions } from "./wire.js";

/*
 * A user and a network side back to back over a D channel that loses, delays and is cut. Whatever happened: at
 * the end there is no call, no timer and no busy channel left on either side, and every leg has had one end.
 */

const CALLS = 300;

describe.each([1, 2, 3])("seed %i", (seed) => {
  test("hundreds of random calls both ways on a clean line", () => {
    const world = new World({ seed });
    world.begin(CALLS, 60_000);
    world.finish();
    expect(world.answered).toBeGreaterThan(CALLS / 4);
  });

  test("with one frame in twenty lost", () => {
    const world = new World({ seed, loss: 0.05, delay: 20, jitter: 20 });
    world.begin(CALLS, 60_000);
    world.finish();
    expect(world.answered).toBeGreaterThan(CALLS / 4);
  });

  test("with glare: both sides ask for the same channel at once [call collision]", () => {
    const timeslots = [1, 2, 3];
    const world = new World({ seed, delay: 40, user: { timeslots }, network: { timeslots } });
    world.begin(20, 60_000);
    world.clash(60_000);
    world.finish();
    expect(world.collisions).toBeGreaterThan(3);
    expect(world.answered).toBeGreaterThan(10);
  });

  test("with restarts from both sides [RESTART] [RESTART ACKNOWLEDGE]", () => {
    const world = new World({ seed, delay: 30 });
    world.begin(CALLS, 60_000);
    for (let at = 5000; at < 60_000; at += 5000)
      world.wire.later(at, () => {
        const end = at % 10_000 === 0 ? world.wire.user : world.wire.network;
        const one = { kind: "restart", timeslots: [1, 2, 3, 4, 5] } as const;
        world.wire.tell(end, at % 15_000 === 0 ? { kind: "restart" } : one);
      });
    world.finish();
    expect(world.restarted).toBeGreaterThan(0);
  });

  test("with a link failure shorter than T309: active calls survive [T309 stop]", () => {
    const world = new World({ seed, holdMs: 40_000 });
    world.begin(20, 5000);
    world.wire.later(15_000, () => world.cut(20_000));
    world.wire.run(60_000);
    expect(world.linkLosses).toBeGreaterThan(0);
    world.finish();
    const { active, ended } = world.survivors(27);
    expect(active).toBeGreaterThan(0);
    expect(ended).toBe(0);
  });

  test("with a link failure longer than T309: active calls are cleared [T309 expiry] [cause 27]", () => {
    const world = new World({ seed, holdMs: 400_000 });
    world.begin(20, 5000);
    world.wire.later(15_000, () => world.cut(150_000));
    world.wire.run(200_000);
    // Some were hung up meanwhile: they end with their own cause, but not before T309 says so.
    const { active, ended } = world.survivors();
    expect(active).toBeGreaterThan(0);
    expect(ended).toBe(active);
    expect(world.survivors(27).ended).toBeGreaterThan(0);
    world.finish();
  });

  test("with layer 1 down on one side only, again and again", () => {
    const world = new World({ seed });
    world.begin(CALLS, 60_000);
    for (let at = 5000; at < 60_000; at += 12_000)
      world.wire.later(at, () => {
        const end = at % 24_000 === 5000 ? world.wire.user : world.wire.network;
        world.wire.tell(end, { kind: "layer-1", up: false });
        world.wire.later(at % 36_000 < 12_000 ? 4000 : 1500, () =>
          world.wire.tell(end, { kind: "layer-1", up: true }),
        );
      });
    world.finish();
  });
});

test("the same seed gives the same world, octet for octet", () => {
  const frames = () => {
    const world = new World({ seed: 9, loss: 0.02 });
    world.begin(50, 10_000);
    world.finish();
    const both = [...world.wire.user.outputs, ...world.wire.network.outputs];
    return both.filter(({ kind }) => kind === "frame");
  };
  expect(frames()).toEqual(frames());
});

interface Leg {
  readonly end: End;
  readonly name: string;
  releases: number;
  freed: number;
  cleared: boolean;
  /** Value of the last cause. */
  ending?: number;
}

/** Users on both ends who call, answer, refuse, hang up and ask for digits as chance has it. */
class World {
  readonly wire: Wire;
  answered = 0;
  collisions = 0;
  restarted = 0;
  linkLosses = 0;
  readonly #legs = new Map<string, Leg>();
  readonly #activeAtCut = new Set<Leg>();
  readonly #holdMs: number;
  #count = 0;

  constructor(options: WireOptions & { readonly holdMs?: number }) {
    this.#holdMs = options.holdMs ?? 3000;
    this.wire = new Wire(options);
    this.wire.listen = (end, output) => this.#hear(end, output);
    this.wire.start();
  }

  begin(calls: number, withinMs: number): void {
    for (let call = 0; call < calls; call++)
      this.wire.later(this.wire.random.between(0, withinMs), () => this.#place());
  }

  /** Each second both sides want one channel, which each of them thinks is free. */
  clash(withinMs: number): void {
    for (let at = 500; at < withinMs; at += 1000)
      this.wire.later(at, () => {
        const channels = this.wire.user.side.snapshot().channels;
        const idle = channels.find(({ state }) => state === "idle");
        if (idle === undefined) return;
        this.#call(this.wire.user, idle.timeslot);
        this.#call(this.wire.network, idle.timeslot);
      });
  }

  cut(ms: number): void {
    this.wire.connected = false;
    for (const end of [this.wire.user, this.wire.network])
      for (const { leg, state } of end.side.snapshot().calls)
        if (/^[UN]10$/.test(state)) this.#activeAtCut.add(this.#leg(end, leg));
    this.wire.later(ms, () => {
      this.wire.connected = true;
    });
  }

  /** Calls that were active when the line was cut, and those of them that ended (with a cause). */
  survivors(value?: number): { readonly active: number; readonly ended: number } {
    const all = [...this.#activeAtCut];
    const ended = all.filter(({ ending }) =>
      value === undefined ? ending !== undefined : ending === value,
    );
    return { active: all.length, ended: ended.length };
  }

  /** Everybody hangs up, the line is mended, and nothing is left. */
  finish(): void {
    this.wire.run(90_000);
    this.wire.connected = true;
    for (let round = 0; round < 3; round++) {
      for (const leg of this.#legs.values()) this.#hangUp(leg, 16);
      this.wire.run(400_000);
    }
    for (const { side, name } of [this.wire.user, this.wire.network]) {
      const { calls, channels, dataLink } = side.snapshot();
      expect(calls, `${name}: calls left`).toEqual([]);
      expect(channels.filter(({ state }) => state !== "idle")).toEqual([]);
      expect(dataLink).toBe(true);
      // Only the data link's supervision (T203) is armed.
      expect(side.deadline()).toBeLessThanOrEqual(this.wire.now + 10_000);
    }
    for (const leg of this.#legs.values()) {
      expect(leg, `${leg.end.name} ${leg.name}`).toMatchObject({ releases: 1, freed: 1 });
    }
  }

  #place(): void {
    const { random } = this.wire;
    const end = random.between(0, 1) === 0 ? this.wire.user : this.wire.network;
    const idle = end.side.snapshot().channels.filter(({ state }) => state === "idle");
    const channel = idle[random.between(0, Math.max(0, idle.length - 1))];
    if (channel !== undefined) this.#call(end, channel.timeslot);
  }

  #call(end: End, timeslot: number): void {
    const { random } = this.wire;
    const leg = this.#leg(end, `${end.name} ${this.#count++}`);
    const overlap = random.between(0, 3) === 0;
    const exclusive = random.between(0, 1) === 0;
    this.wire.tell(end, {
      kind: "call",
      leg: leg.name,
      event: plainSetup("555", !overlap),
      channel: { timeslot, exclusive },
    });
    if (random.between(0, 9) === 0)
      this.wire.later(random.between(0, 500), () => this.#hangUp(leg, 16));
  }

  #hear(end: End, output: InterfaceOutput) {
    if (output.kind === "restarted") this.restarted++;
    if (output.kind === "data-link" && !output.up) this.linkLosses++;
    if (output.kind === "anomaly" && output.what.includes("collision")) this.collisions++;
    if (output.kind === "channel-released") this.#leg(end, output.leg).freed++;
    if (output.kind !== "call") return;
    const leg = this.#leg(end, output.leg);
    const { event } = output;
    expect(leg.releases, "nothing comes after release").toBe(0);
    switch (event.kind) {
      case "setup":
        return this.#ring(leg, event.sendingComplete);
      case "setup-acknowledge":
        for (const digit of ["1", "2", "3", "4"])
          this.wire.later(50, () =>
            this.#say(leg, { kind: "information", digits: digit, sendingComplete: digit === "4" }),
          );
        return;
      case "information":
        if (event.sendingComplete) this.#handle(leg);
        return;
      case "connect":
        this.answered++;
        this.wire.later(this.wire.random.between(0, this.#holdMs), () => this.#hangUp(leg, 16));
        return;
      case "disconnect":
        if (this.wire.random.between(0, 1) === 0) this.#hangUp(leg, event.cause.value);
        return;
      case "release":
        leg.releases++;
        leg.ending = event.cause.value;
        return;
      default:
        return;
    }
  }

  #ring(leg: Leg, complete: boolean): void {
    if (complete) this.#handle(leg);
    else this.#say(leg, { kind: "setup-acknowledge" });
  }

  /** A called user: refuses, rings and answers, answers at once, plays tones, or does nothing for long. */
  #handle(leg: Leg) {
    const { random } = this.wire;
    const kind = random.between(0, 9);
    const inBand = [
      { description: "in-band-information", location: "public-network-local" },
    ] as const;
    if (kind === 0) return this.#hangUp(leg, 17);
    if (kind === 1) {
      this.#say(leg, { kind: "disconnect", cause: cause(1, "transit", "test"), progress: inBand });
      leg.cleared = true;
      return;
    }
    if (kind === 2) return this.#say(leg, { kind: "connect" });
    this.#say(leg, { kind: "proceeding" });
    if (kind === 3) return this.wire.later(random.between(0, 20_000), () => this.#hangUp(leg, 18));
    if (kind === 4) this.#say(leg, { kind: "progress", progress: inBand });
    this.wire.later(random.between(0, 2000), () => this.#say(leg, { kind: "alerting" }));
    this.wire.later(random.between(2000, 5000), () => this.#say(leg, { kind: "connect" }));
  }

  #say({ end, name, cleared }: Leg, event: CallEvent): void {
    if (!cleared) this.wire.tell(end, { kind: "call", leg: name, event });
  }

  #hangUp(leg: Leg, value: number): void {
    if (leg.releases > 0) return;
    const event = {
      kind: value % 2 === 0 ? "disconnect" : "release",
      cause: cause(value, "user", "test"),
    } as const;
    this.#say(leg, event);
    leg.cleared = true;
  }

  #leg(end: End, name: string): Leg {
    const key = `${end.name}/${name}`;
    const known = this.#legs.get(key) ?? { end, name, releases: 0, freed: 0, cleared: false };
    this.#legs.set(key, known);
    return known;
  }
}
