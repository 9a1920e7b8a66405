import { type Instant, type Stamp, TimerHeap, wake } from "../core/index.js";
import {
  idleSubscriber,
  type SubscriberInput,
  type SubscriberOutput,
  type SubscriberParameters,
  type SubscriberState,
  stepSubscriber,
  subscriberDeadline,
} from "./subscriber.js";

/** All called subscribers of an exchange, by the leg of the interface that they are on. */
export class Subscribers {
  readonly #parameters: SubscriberParameters;
  readonly #states = new Map<string, SubscriberState>();
  readonly #timers = new TimerHeap<string>();

  constructor(parameters: SubscriberParameters) {
    this.#parameters = parameters;
  }

  get size(): number {
    return this.#states.size;
  }

  receive(
    { leg, input }: { readonly leg: string; readonly input: SubscriberInput },
    stamp: Stamp,
  ): readonly LegOutput[] {
    const state = this.#states.get(leg);
    const begins = input.kind === "call" && input.event.kind === "setup";
    if (state === undefined && !begins) return [];
    return this.#step(leg, state ?? idleSubscriber, input, stamp.now);
  }

  wake(stamp: Stamp): readonly LegOutput[] {
    const outputs: LegOutput[] = [];
    for (let due = this.#timers.popDue(stamp.now); due; due = this.#timers.popDue(stamp.now)) {
      const state = this.#states.get(due.owner);
      if (state !== undefined) outputs.push(...this.#step(due.owner, state, wake, stamp.now));
    }
    return outputs;
  }

  deadline(): Instant | undefined {
    return this.#timers.next();
  }

  #step(
    leg: string,
    before: SubscriberState,
    input: SubscriberInput | typeof wake,
    now: Instant,
  ): LegOutput[] {
    const { state, outputs } = stepSubscriber(this.#parameters, before, input, now);
    this.#timers.clearAll(leg);
    if (state.name === "clearing") this.#states.delete(leg);
    else {
      this.#states.set(leg, state);
      const at = subscriberDeadline(state);
      if (at !== undefined) this.#timers.set(leg, "deadline", at);
    }
    return outputs.map((output) => ({ leg, output }));
  }
}

export interface LegOutput {
  readonly leg: string;
  readonly output: SubscriberOutput;
}
