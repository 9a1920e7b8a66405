import { after, Entropy, type Instant, instant } from "../../src/core/index.js";
import type { World } from "../../src/host/index.js";

/** The one clock of a scenario: whole milliseconds that pass only when they are told to. */
export class VirtualClock {
  now: Instant = instant(START);
  readonly #chance: Entropy;
  readonly #alarms = new Map<number, { readonly at: Instant; readonly ring: () => void }>();
  #worlds = 0;

  constructor(seed: number) {
    this.#chance = seededEntropy(seed);
  }

  /** A world for one driver: this clock, chance from the seed, and an alarm of its own. */
  world(): World {
    const id = this.#worlds++;
    return {
      now: () => this.now,
      entropy: () => this.#chance.fork(),
      alarm: (at, ring) => {
        if (at === undefined) this.#alarms.delete(id);
        else this.#alarms.set(id, { at, ring });
      },
    };
  }

  pass(ms: number): void {
    this.now = after(this.now, ms);
  }

  /** Rings what is due, in the order of the worlds. */
  ring(): void {
    for (const [id, { at, ring }] of [...this.#alarms]) {
      if (at > this.now) continue;
      this.#alarms.delete(id);
      ring();
    }
  }

  next(): Instant | undefined {
    const times = [...this.#alarms.values()].map(({ at }) => at);
    return times.length === 0 ? undefined : instant(Math.min(...times));
  }
}

/** Where the clock of every scenario starts, and its engine's. */
export const START = 1_000_000;

export function seededEntropy(seed: number): Entropy {
  const octets = new Uint8Array(16);
  const view = new DataView(octets.buffer);
  for (let i = 0; i < 4; i++) view.setUint32(i * 4, (seed + 1) * (0x9e3779b1 + 2 * i));
  return new Entropy(octets);
}
