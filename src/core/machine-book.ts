import type { Entropy } from "./entropy.js";
import type { Instant } from "./instant.js";
import type { Stamp, Step, Wake } from "./machine.js";
import { wake } from "./machine.js";
import { workFor } from "./result.js";
import { TimerHeap } from "./timer-heap.js";

/** A `Machine`, or one that makes identifiers and so takes the stamp's entropy too. */
export interface BookMachine<State, Input, Output> {
  step(state: State, input: Input | Wake, now: Instant, entropy: Entropy): Step<State, Output>;
  deadline(state: State): Instant | undefined;
}

/** What goes into a book: a machine to begin, an input for one, or the word to forget one. */
export type BookInput<State, Input, Output> =
  | {
      readonly kind: "begin";
      readonly key: string;
      readonly machine: BookMachine<State, Input, Output>;
      readonly state: State;
    }
  /** The machine's parameters are others now; its state stays. */
  | {
      readonly kind: "adopt";
      readonly key: string;
      readonly machine: BookMachine<State, Input, Output>;
    }
  | { readonly kind: "input"; readonly key: string; readonly input: Input }
  | { readonly kind: "forget"; readonly key: string };

export interface BookOutput<State, Output> {
  readonly key: string;
  /** The state that the step left behind. */
  readonly state: State;
  readonly output: Output;
}

/**
 * Many small machines by key, as one collection with one timer heap. A machine that is over is
 * forgotten; inputs for what is unknown do nothing.
 */
export class MachineBook<State, Input, Output> {
  readonly #entries = new Map<string, Entry<State, Input, Output>>();
  readonly #timers = new TimerHeap<string, "deadline">();
  readonly #isOver: (state: State) => boolean;

  constructor(isOver: (state: State) => boolean) {
    this.#isOver = isOver;
  }

  get size(): number {
    return this.#entries.size;
  }

  state(key: string): State | undefined {
    return this.#entries.get(key)?.state;
  }

  receive(
    message: BookInput<State, Input, Output>,
    stamp: Stamp,
  ): readonly BookOutput<State, Output>[] {
    switch (message.kind) {
      case "begin":
        this.#entries.set(message.key, { machine: message.machine, state: message.state });
        this.#arm(message.key);
        return [];
      case "adopt": {
        const entry = this.#entries.get(message.key);
        if (entry !== undefined) entry.machine = message.machine;
        return [];
      }
      case "forget":
        this.#forget(message.key);
        return [];
      case "input":
        return this.#step(message.key, message.input, stamp);
    }
  }

  /** Wakes one machine that is due, so that a fault in it loses nothing of another one's step. */
  wake(stamp: Stamp): readonly BookOutput<State, Output>[] {
    const due = this.#timers.popDue(stamp.now);
    return due === undefined ? [] : this.#step(due.owner, wake, stamp);
  }

  deadline(): Instant | undefined {
    return this.#timers.next();
  }

  #step(key: string, input: Input | Wake, stamp: Stamp): readonly BookOutput<State, Output>[] {
    const entry = this.#entries.get(key);
    if (entry === undefined) return [];
    const { state, outputs } = workFor(key, () =>
      entry.machine.step(entry.state, input, stamp.now, stamp.entropy),
    );
    entry.state = state;
    if (this.#isOver(state)) this.#forget(key);
    else this.#arm(key);
    return outputs.map((output) => ({ key, state, output }));
  }

  #arm(key: string): void {
    const entry = this.#entries.get(key);
    const at = entry?.machine.deadline(entry.state);
    if (at === undefined) this.#timers.clear(key, "deadline");
    else if (this.#timers.at(key, "deadline") !== at) this.#timers.set(key, "deadline", at);
  }

  #forget(key: string): void {
    this.#entries.delete(key);
    this.#timers.clearAll(key);
  }
}

interface Entry<State, Input, Output> {
  machine: BookMachine<State, Input, Output>;
  state: State;
}
