import type { Entropy } from "../core/index.js";
import type { LegId } from "./interface-events.js";
import type { CallState, HeldChannel } from "./q931/call-state.js";
import type { CallReference } from "./q931/index.js";

/** A call of the interface: its names on both sides and its machine's state. */
export interface Call {
  readonly leg: LegId;
  /** As we send it (§4.3). */
  readonly reference: CallReference;
  /** The channel that SETUP asked for exclusively: no other may be granted. */
  readonly exclusive: HeldChannel | undefined;
  /** The last channel that it had or asked for. */
  timeslot: number | undefined;
  state: CallState;
}

/** The calls of one D channel by call reference and by leg, and the names of new ones. */
export class CallBook {
  readonly #byReference = new Map<number, Call>();
  readonly #byLeg = new Map<LegId, Call>();
  #lastReference = 0;

  get count(): number {
    return this.#byLeg.size;
  }

  all(): readonly Call[] {
    return [...this.#byLeg.values()];
  }

  ofLeg(leg: LegId): Call | undefined {
    return this.#byLeg.get(leg);
  }

  /** The call that a received message is about: its flag says which side chose the value (§4.3). */
  ofReference({ value, flag }: CallReference): Call | undefined {
    return this.#byReference.get(key(value, flag));
  }

  add(call: Call): void {
    this.#byReference.set(keyOf(call), call);
    this.#byLeg.set(call.leg, call);
  }

  remove(call: Call): void {
    this.#byReference.delete(keyOf(call));
    this.#byLeg.delete(call.leg);
  }

  /** 1 to 32767, each used again as late as can be (§4.3). */
  newReference(): number | undefined {
    for (let tries = 0; tries < LARGEST_REFERENCE; tries++) {
      this.#lastReference = (this.#lastReference % LARGEST_REFERENCE) + 1;
      if (!this.#byReference.has(key(this.#lastReference, true))) return this.#lastReference;
    }
    return undefined;
  }

  newLeg(entropy: Entropy): LegId {
    for (;;) {
      const leg = entropy.token(12);
      if (!this.#byLeg.has(leg)) return leg;
    }
  }
}

/** Its reference as we send it has the flag turned (§4.3). */
function keyOf({ reference: { value, flag } }: Call): number {
  return key(value, !flag);
}

/** Both sides choose values of their own; the flag of a message TO the side that chose is true. */
function key(value: number, ours: boolean): number {
  return ours ? value | 0x8000 : value;
}

const LARGEST_REFERENCE = 0x7fff;
