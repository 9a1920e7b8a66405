import { after, type Instant, type Stamp, TimerHeap } from "../core/index.js";
import type { Collection, Driver } from "./driver.js";

/** Does work so many milliseconds later, on the driver's clock. */
export type Delay = (ms: number, work: () => void) => void;

/** A delay on a driver's clock, so that what waits moves with a stepped world too. */
export function delayOn(driver: Driver, name: string): Delay {
  const inlet = driver.attach(name, new Waiting(), ({ work }) => work());
  return (ms, work) => inlet({ ms, work });
}

interface Waiter {
  readonly ms: number;
  readonly work: () => void;
}

class Waiting implements Collection<Waiter, Waiter> {
  readonly #heap = new TimerHeap<Waiter, "due">();

  receive(waiter: Waiter, { now }: Stamp): readonly Waiter[] {
    this.#heap.set(waiter, "due", after(now, waiter.ms));
    return [];
  }

  wake({ now }: Stamp): readonly Waiter[] {
    const due: Waiter[] = [];
    for (let one = this.#heap.popDue(now); one !== undefined; one = this.#heap.popDue(now)) {
      due.push(one.owner);
    }
    return due;
  }

  deadline(): Instant | undefined {
    return this.#heap.next();
  }
}
