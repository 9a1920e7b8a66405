import { after, Entropy, type Instant, instant, type Stamp } from "../../src/core/index.js";

/** How bad a wire is. Chances are from 0 to 1; times in milliseconds. */
export interface Conditions {
  readonly latencyMs: number;
  /** Added to the latency at random: what overtakes what. */
  readonly jitterMs: number;
  readonly loss: number;
  readonly duplication: number;
}

export const perfectWire: Conditions = { latencyMs: 5, jitterMs: 0, loss: 0, duplication: 0 };

/** What hangs on a wire. It sends by `Wire.send` while it is given something. */
export interface Station<Packet> {
  deliver(packet: Packet, from: string, stamp: Stamp): void;
  wake(stamp: Stamp): void;
  deadline(): Instant | undefined;
}

interface Event {
  readonly at: Instant;
  readonly order: number;
  readonly run: () => void;
}

/**
 * A small world: stations, one clock, and a wire between them that delays, loses, reorders and
 * duplicates packets, all from one seed. Takes no real time.
 */
export class Wire<Packet> {
  now: Instant = instant(0);
  readonly chance: Entropy;
  /** Everything that was sent, in order: also what was lost. */
  readonly sent: {
    readonly at: Instant;
    readonly from: string;
    readonly to: string;
    readonly packet: Packet;
  }[] = [];
  conditions: Conditions;
  readonly #stations = new Map<string, Station<Packet>>();
  readonly #events: Event[] = [];
  readonly #lastArrival = new Map<string, Instant>();
  #order = 0;

  constructor(seed: number, conditions: Conditions = perfectWire) {
    this.chance = seededEntropy(seed);
    this.conditions = conditions;
  }

  attach(address: string, station: Station<Packet>): void {
    this.#stations.set(address, station);
  }

  stamp(): Stamp {
    return { now: this.now, entropy: this.chance.fork() };
  }

  /** Sends by the conditions of the wire; `reliable`: as a stream does, in order and without loss. */
  send(from: string, to: string, packet: Packet, reliable = false): void {
    this.sent.push({ at: this.now, from, to, packet });
    const { latencyMs, jitterMs, loss, duplication } = this.conditions;
    const copies = reliable ? 1 : this.#happens(loss) ? 0 : this.#happens(duplication) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      let at = after(this.now, latencyMs + this.#fraction() * jitterMs);
      if (reliable) {
        const line = `${from} ${to}`;
        at = instant(Math.max(at, this.#lastArrival.get(line) ?? 0));
        this.#lastArrival.set(line, at);
      }
      this.at(at, () => this.#stations.get(to)?.deliver(packet, from, this.stamp()));
    }
  }

  /** Does something at an instant; things of the same instant in the order they were asked for. */
  at(when: Instant, run: () => void): void {
    const event = { at: when, order: this.#order++, run };
    const place = this.#events.findLastIndex((other) => other.at <= when);
    this.#events.splice(place + 1, 0, event);
  }

  in(ms: number, run: () => void): void {
    this.at(after(this.now, ms), run);
  }

  /** Does the next thing; false: nothing is left to do, or not before `until`. */
  step(until: Instant = END): boolean {
    const next = this.#next();
    if (next === undefined || next.at > until) return false;
    this.now = instant(Math.max(this.now, next.at));
    next.run();
    return true;
  }

  /** Runs until nothing is left to do, or until `until`. */
  run(until: Instant = END, maximumSteps = 100_000): void {
    let steps = 0;
    while (this.step(until)) {
      if (++steps > maximumSteps) throw new Error(`the world does not come to rest at ${this.now}`);
    }
    if (until !== END && this.now < until) this.now = until;
  }

  #next(): { readonly at: Instant; readonly run: () => void } | undefined {
    const event = this.#events[0];
    let best: { at: Instant; run: () => void } | undefined =
      event === undefined ? undefined : { at: event.at, run: () => this.#events.shift()?.run() };
    for (const station of this.#stations.values()) {
      const at = station.deadline();
      if (at === undefined || (best !== undefined && best.at <= at)) continue;
      best = { at, run: () => station.wake(this.stamp()) };
    }
    return best;
  }

  #happens(chance: number): boolean {
    return chance > 0 && this.#fraction() < chance;
  }

  #fraction(): number {
    return this.chance.uint32() / 0x1_0000_0000;
  }
}

export function seededEntropy(seed: number): Entropy {
  const octets = new Uint8Array(16);
  const view = new DataView(octets.buffer);
  for (let i = 0; i < 4; i++) view.setUint32(i * 4, Math.imul(seed + i + 1, 0x9e3779b1) >>> 0);
  return new Entropy(octets);
}

const END = instant(Number.POSITIVE_INFINITY);
