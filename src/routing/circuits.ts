import type { Blocking, Cause, Circuit, CircuitState } from "../call/index.js";

/** One circuit of a group, as whoever asks names it. */
export interface CircuitName {
  readonly span: string;
  readonly timeslot: number;
}

/** What happens to the circuits of one trunk group. `call` is the id of the leg that uses a circuit. */
export type CircuitInput =
  /** An outgoing call wants a circuit, by the hunt order; of one span only where `span` is given. */
  | {
      readonly kind: "seize";
      readonly call: string;
      readonly span?: string;
      /** Circuits that the call has tried: none of these. */
      readonly except?: readonly CircuitName[];
    }
  /**
   * An incoming call came, naming a circuit (`exclusive`: none other will do) or leaving the
   * choice to us (`circuit` absent).
   */
  | {
      readonly kind: "incoming";
      readonly call: string;
      /** Where the call came in: the interface's own spans; the choice is among these when free. */
      readonly span: string;
      readonly circuit?: CircuitName;
      readonly exclusive: boolean;
    }
  /**
   * The far end's first reply names the circuit of an outgoing call, the same or another (Q.931
   * §5.1.2). Say it in both cases: until then a collision can take the circuit.
   */
  | { readonly kind: "assigned"; readonly call: string; readonly circuit: CircuitName }
  /** The call no longer holds its circuit. Harmless when it holds none. */
  | { readonly kind: "release"; readonly call: string }
  | {
      readonly kind: "block";
      readonly circuits: readonly CircuitName[];
      readonly side: "local" | "remote";
      readonly by: "maintenance" | "hardware";
    }
  | {
      readonly kind: "unblock";
      readonly circuits: readonly CircuitName[];
      readonly side: "local" | "remote";
      readonly by: "maintenance" | "hardware";
    }
  /** Reset (RESTART, RSC, GRS) begins, by us or by them: calls on the circuits are cleared. */
  | {
      readonly kind: "reset";
      readonly circuits: readonly CircuitName[];
      readonly by: "us" | "them";
    }
  /** Reset is acknowledged: the circuits are idle. */
  | { readonly kind: "reset-done"; readonly circuits: readonly CircuitName[] }
  /** Reset was never acknowledged: out of service until a later reset is (Q.931 §5.5.1). */
  | { readonly kind: "reset-failed"; readonly circuits: readonly CircuitName[] };

export type CircuitOutput =
  /** Answer to `seize`. */
  | { readonly kind: "seized"; readonly call: string; readonly circuit: Circuit }
  /** Answer to `incoming`: the circuit granted, the one asked for or another. */
  | { readonly kind: "granted"; readonly call: string; readonly circuit: Circuit }
  /** Answer to `seize`, `incoming`, `assigned`: no circuit; the cause to clear with (6, 34, 44, 82). */
  | { readonly kind: "refused"; readonly call: string; readonly cause: Cause }
  /** Answer to `assigned`: the outgoing call's media must use this circuit now. */
  | { readonly kind: "moved"; readonly call: string; readonly circuit: Circuit }
  /**
   * Double seizure lost: the outgoing call has no circuit until the far end assigns one. Nothing
   * need be done but to take its media off the circuit; the far end clears or assigns.
   */
  | { readonly kind: "displaced"; readonly call: string; readonly circuit: Circuit }
  /** A reset took the circuit from this call: clear it with this cause. */
  | { readonly kind: "clear"; readonly call: string; readonly cause: Cause }
  /** State or blocking changed: for boards, records and counters. */
  | {
      readonly kind: "changed";
      readonly circuit: Circuit;
      readonly state: CircuitState;
      readonly blocking: Blocking;
    };

/** Occupancy of a group. */
export interface CircuitStatistics {
  readonly total: number;
  readonly busy: number;
  readonly idle: number;
  /** Idle or busy, but not to be hunted. */
  readonly blocked: number;
  readonly resetting: number;
  readonly outOfService: number;
  /** Most circuits busy at once since the start. */
  readonly maxBusy: number;
  readonly seizures: number;
  readonly incoming: number;
  /** Attempts that found no circuit. */
  readonly overflows: number;
  readonly collisions: number;
}
