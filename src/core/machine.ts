import type { Entropy } from "./entropy.js";
import type { Instant } from "./instant.js";

/** "It is now; do what is due." */
export interface Wake {
  readonly kind: "wake";
}

export const wake: Wake = { kind: "wake" };

/** What a step leaves behind: the next state and what the world must do. */
export interface Step<State, Output> {
  readonly state: State;
  readonly outputs: readonly Output[];
}

/**
 * A small machine without I/O. `step` never throws for outside input; `deadline` is the soonest
 * armed timer. Laws (tested for every machine with random inputs): an early wake changes nothing;
 * after a wake the deadline is later than now; a replayed log ends in the same state.
 */
export interface Machine<State, Input, Output> {
  step(state: State, input: Input | Wake, now: Instant): Step<State, Output>;
  deadline(state: State): Instant | undefined;
}

/** What the driver puts on every input: when it came, and chance to derive identifiers from. */
export interface Stamp {
  readonly now: Instant;
  readonly entropy: Entropy;
}
