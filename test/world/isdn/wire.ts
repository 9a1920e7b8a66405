import { after, Entropy, type Instant, instant } from "../../../src/core/index.js";
import {
  type InterfaceInput,
  type InterfaceOptions,
  type InterfaceOutput,
  IsdnInterface,
} from "../../../src/isdn/index.js";

/** One end of the wire: an interface and what it said so far. */
export interface End {
  readonly name: "user" | "network";
  readonly side: IsdnInterface;
  readonly outputs: InterfaceOutput[];
}

export interface WireOptions {
  readonly seed: number;
  /** Chance that a frame is lost, 0 to 1. */
  readonly loss?: number;
  /** Milliseconds that a frame takes; with jitter up to as much again, order kept. */
  readonly delay?: number;
  readonly jitter?: number;
  readonly user?: Partial<InterfaceOptions>;
  readonly network?: Partial<InterfaceOptions>;
}

export type Listener = (end: End, output: InterfaceOutput) => void;

interface Flight {
  readonly at: Instant;
  readonly order: number;
  readonly to: End;
  readonly octets: Uint8Array;
}

/** A user and a network side joined by a D channel with one stepped clock, loss, delay and a seed. */
export class Wire {
  readonly user: End;
  readonly network: End;
  readonly random: Entropy;
  now: Instant = instant(0);
  /** False: every frame is lost while layer 1 does not say so. */
  connected = true;
  listen: Listener = () => undefined;
  readonly #options: WireOptions;
  #flights: Flight[] = [];
  #order = 0;
  #jobs: { readonly at: Instant; readonly order: number; readonly work: () => void }[] = [];
  readonly #lastArrival = new Map<End, number>();

  constructor(options: WireOptions) {
    this.#options = options;
    const seed = new Uint8Array(16);
    new DataView(seed.buffer).setUint32(0, options.seed + 1);
    this.random = new Entropy(seed);
    this.user = end("user", options.user);
    this.network = end("network", options.network);
  }

  far(of: End): End {
    return of === this.user ? this.network : this.user;
  }

  /** Both data links up. */
  start(): void {
    this.tell(this.user, { kind: "start" });
    this.tell(this.network, { kind: "start" });
    this.run(3000);
  }

  tell(to: End, input: InterfaceInput): readonly InterfaceOutput[] {
    const outputs = to.side.receive(input, this.#stamp());
    this.#take(to, outputs);
    return outputs;
  }

  later(ms: number, work: () => void): void {
    this.#jobs.push({ at: after(this.now, ms), order: this.#order++, work });
  }

  /** Runs the world for so many milliseconds. */
  run(ms: number): void {
    const until = after(this.now, ms);
    for (let steps = 0; this.#step(until); steps++)
      if (steps > 2_000_000) throw new Error("the world does not come to rest");
    this.now = until;
  }

  #step(until: Instant): boolean {
    const flight = soonest(this.#flights);
    const job = soonest(this.#jobs);
    const wakes = [this.user, this.network].flatMap((one) => {
      const at = one.side.deadline();
      return at === undefined ? [] : [{ at, one }];
    });
    const wake = wakes.sort((a, b) => a.at - b.at)[0];
    const next = Math.min(flight?.at ?? Infinity, job?.at ?? Infinity, wake?.at ?? Infinity);
    if (next > until) return false;
    this.now = instant(Math.max(this.now, next));
    if (flight?.at === next) {
      this.#flights = this.#flights.filter((one) => one !== flight);
      this.#take(
        flight.to,
        flight.to.side.receive({ kind: "frame", octets: flight.octets }, this.#stamp()),
      );
    } else if (job?.at === next) {
      this.#jobs = this.#jobs.filter((one) => one !== job);
      job.work();
    } else if (wake !== undefined) {
      this.#take(wake.one, wake.one.side.wake(this.#stamp()));
      const at = wake.one.side.deadline();
      if (at !== undefined && at <= this.now) throw new Error("a wake left its deadline behind");
    }
    return true;
  }

  #take(from: End, outputs: readonly InterfaceOutput[]): void {
    for (const output of outputs) {
      from.outputs.push(output);
      if (output.kind === "frame") this.#carry(this.far(from), output.octets);
    }
    for (const output of outputs) this.listen(from, output);
  }

  #carry(to: End, octets: Uint8Array): void {
    const { loss = 0, delay = 5, jitter = 0 } = this.#options;
    if (!this.connected || this.random.uint32() / 2 ** 32 < loss) return;
    const at = this.now + delay + (jitter === 0 ? 0 : this.random.between(0, jitter));
    // A line keeps the order of its frames.
    const arrival = Math.max(at, this.#lastArrival.get(to) ?? 0);
    this.#lastArrival.set(to, arrival);
    this.#flights.push({ at: instant(arrival), order: this.#order++, to, octets });
  }

  #stamp() {
    return { now: this.now, entropy: this.random.fork() };
  }
}

function soonest<Item extends { readonly at: Instant; readonly order: number }>(
  items: readonly Item[],
): Item | undefined {
  let best: Item | undefined;
  for (const item of items)
    if (best === undefined || item.at < best.at || (item.at === best.at && item.order < best.order))
      best = item;
  return best;
}

function end(name: End["name"], options: Partial<InterfaceOptions> = {}): End {
  const timeslots = Array.from({ length: 31 }, (_, index) => index + 1).filter((one) => one !== 16);
  const side = new IsdnInterface({
    side: name,
    profile: "etsi",
    law: "a-law",
    timeslots,
    ...options,
  });
  return { name, side, outputs: [] };
}

/** A setup of the neutral call with no more than it must have. */
export function plainSetup(digits = "5551234", sendingComplete = true) {
  return {
    kind: "setup",
    called: { digits, nature: "unknown", plan: "isdn" },
    sendingComplete,
    bearer: { kind: "speech", law: "a-law" },
  } as const;
}
