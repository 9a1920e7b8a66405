import { earlier, type Instant, type Stamp, TimerHeap } from "../core/index.js";
import type { World } from "./clock.js";

/** A collection of machines as the driver sees it: the SIP stack, an ISDN interface, the calls. */
export interface Collection<Input, Output> {
  receive(input: Input, stamp: Stamp): readonly Output[];
  wake(stamp: Stamp): readonly Output[];
  deadline(): Instant | undefined;
}

/** Gives an input to a collection; it is run when those before it have run to their end. */
export type Inlet<Input> = (input: Input) => void;

/**
 * The one owner of a clock. Runs each input to its end before the next: what outputs feed back is
 * queued, so nothing is re-entrant. A collection that throws (an invariant of ours is broken) is
 * reported and the others go on.
 */
export class Driver {
  readonly #world: World;
  readonly #onFault: (name: string, error: unknown, input: unknown) => void;
  readonly #queue: (() => void)[] = [];
  readonly #deadlines = new TimerHeap<Attachment, "deadline">();
  readonly #touched = new Set<Attachment>();
  #running = false;
  #alarmAt: Instant | undefined;
  #stopped = false;

  constructor(world: World, onFault: (name: string, error: unknown, input: unknown) => void) {
    this.#world = world;
    this.#onFault = onFault;
  }

  get now(): Instant {
    return this.#world.now();
  }

  /** Joins a collection; `perform` does what an output asks and may give inputs to any inlet. */
  attach<Input, Output>(
    name: string,
    collection: Collection<Input, Output>,
    perform: (output: Output) => void,
  ): Inlet<Input> {
    const run = (work: (stamp: Stamp) => readonly Output[], input: unknown): void => {
      const outputs = this.#guard(name, input, () =>
        work({ now: this.#world.now(), entropy: this.#world.entropy() }),
      );
      for (const output of outputs ?? []) this.#guard(name, input, () => perform(output));
      this.#touched.add(attachment);
    };
    const attachment: Attachment = {
      deadline: () => collection.deadline(),
      wake: () => run((stamp) => collection.wake(stamp), { kind: "wake" }),
    };
    this.#touched.add(attachment);
    return (input) => this.post(() => run((stamp) => collection.receive(input, stamp), input));
  }

  /** Queues work that belongs between inputs. */
  post(work: () => void): void {
    if (this.#stopped) return;
    this.#queue.push(work);
    if (!this.#running) this.#run();
  }

  /** Runs what is due. The alarm calls it; a stepped world calls it after moving its clock. */
  ring(): void {
    this.#alarmAt = undefined;
    if (!this.#running && !this.#stopped) this.#run();
  }

  stop(): void {
    this.#stopped = true;
    this.#queue.length = 0;
    this.#world.alarm(undefined, () => undefined);
  }

  /** One output that cannot be performed does not keep back those after it. */
  #guard<Value>(name: string, input: unknown, work: () => Value): Value | undefined {
    try {
      return work();
    } catch (error) {
      this.#onFault(name, error, input);
      return undefined;
    }
  }

  #run(): void {
    this.#running = true;
    let head = 0;
    for (;;) {
      const work = this.#queue[head];
      if (work !== undefined) {
        head++;
        work();
        continue;
      }
      this.#queue.length = 0;
      head = 0;
      this.#settle();
      const due = this.#deadlines.popDue(this.#world.now());
      if (due === undefined) break;
      due.owner.wake();
    }
    this.#running = false;
    this.#arm();
  }

  /** Reads the deadlines of what has run since the last time. */
  #settle(): void {
    for (const attachment of this.#touched) {
      const at = attachment.deadline();
      if (at === undefined) this.#deadlines.clearAll(attachment);
      else if (this.#deadlines.at(attachment, "deadline") !== at) {
        this.#deadlines.set(attachment, "deadline", at);
      }
    }
    this.#touched.clear();
  }

  #arm(): void {
    const next = this.#deadlines.next();
    if (this.#stopped || next === this.#alarmAt) return;
    // An alarm that is already set for earlier rings early, which is harmless and cheaper.
    if (this.#alarmAt !== undefined && next !== undefined && this.#alarmAt <= next) return;
    this.#alarmAt = earlier(next, undefined);
    this.#world.alarm(next, () => this.ring());
  }
}

interface Attachment {
  deadline(): Instant | undefined;
  wake(): void;
}
