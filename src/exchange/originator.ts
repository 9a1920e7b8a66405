import { type CallEvent, type Cause, cause } from "../call/index.js";
import {
  after,
  type Instant,
  isDue,
  type Machine,
  type Step,
  type Timers,
  type Wake,
} from "../core/index.js";

/** One call that the exchange places from a subscriber of its own. */
export interface OriginatorState {
  readonly name: "calling" | "talking" | "clearing" | "ended";
  readonly begun: Instant;
  readonly alertedMs?: number;
  readonly answeredMs?: number;
  readonly cause?: Cause;
  readonly timers: Timers<"hold" | "give-up">;
}

export type OriginatorInput =
  | { readonly kind: "call"; readonly event: CallEvent }
  | { readonly kind: "hang-up" };

export type OriginatorOutput =
  | { readonly kind: "call"; readonly event: CallEvent }
  /** The called side answered: the subscriber speaks now. */
  | { readonly kind: "answered" }
  /** The state says something new: for who watches. */
  | { readonly kind: "changed" }
  | { readonly kind: "ended" };

export interface OriginatorParameters {
  /** Hangs up so long after the answer; undefined: leaves that to the far end. */
  readonly holdMs?: number;
  /** Gives up when nobody has answered by then. */
  readonly giveUpMs: number;
}

export function beginOriginator(giveUpMs: number, now: Instant): OriginatorState {
  return { name: "calling", begun: now, timers: { "give-up": after(now, giveUpMs) } };
}

/** The machine of one originated call. */
export function originatorMachine(
  parameters: OriginatorParameters,
): Machine<OriginatorState, OriginatorInput, OriginatorOutput> {
  return {
    step: (state, input, now) => stepOriginator(parameters, state, input, now),
    deadline: (state) => state.timers.hold ?? state.timers["give-up"],
  };
}

function stepOriginator(
  parameters: OriginatorParameters,
  state: OriginatorState,
  input: OriginatorInput | Wake,
  now: Instant,
): Step<OriginatorState, OriginatorOutput> {
  if (state.name === "ended") return { state, outputs: [] };
  if (input.kind === "call") return received(parameters, state, input.event, now);
  if (input.kind === "hang-up") return hangUp(state, 16, "the caller hung up");
  if (isDue(state.timers.hold, now)) return hangUp(state, 16, "the call was held long enough");
  if (isDue(state.timers["give-up"], now)) return hangUp(state, 16, "the caller gave up");
  return { state, outputs: [] };
}

function received(
  parameters: OriginatorParameters,
  state: OriginatorState,
  event: CallEvent,
  now: Instant,
): Step<OriginatorState, OriginatorOutput> {
  switch (event.kind) {
    case "alerting":
      return {
        state: { ...state, alertedMs: state.alertedMs ?? now - state.begun },
        outputs: [{ kind: "changed" }],
      };
    case "connect": {
      if (state.name !== "calling") return { state, outputs: [] };
      const { holdMs } = parameters;
      const timers = holdMs === undefined ? {} : { hold: after(now, holdMs) };
      const talking = { ...state, name: "talking", answeredMs: now - state.begun, timers } as const;
      return { state: talking, outputs: [{ kind: "answered" }] };
    }
    case "disconnect":
      return {
        state: { ...state, name: "clearing", cause: state.cause ?? event.cause, timers: {} },
        outputs: [{ kind: "call", event: { kind: "release", cause: event.cause } }],
      };
    case "release":
      return {
        state: { ...state, name: "ended", cause: state.cause ?? event.cause, timers: {} },
        outputs: [{ kind: "ended" }],
      };
    default:
      return { state, outputs: [] };
  }
}

function hangUp(
  state: OriginatorState,
  value: number,
  what: string,
): Step<OriginatorState, OriginatorOutput> {
  if (state.name === "clearing") return { state, outputs: [] };
  const why = cause(value, "user", what);
  return {
    state: { ...state, name: "clearing", cause: why, timers: {} },
    outputs: [{ kind: "call", event: { kind: "disconnect", cause: why } }],
  };
}
