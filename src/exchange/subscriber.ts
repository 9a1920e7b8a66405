import type { CallEvent, Cause } from "../call/index.js";
import {
  after,
  type Instant,
  isDue,
  type Machine,
  type Step,
  type Timers,
  type Wake,
} from "../core/index.js";
import {
  addressIncomplete,
  lookUp,
  type Service,
  type ServiceTimes,
  type Sound,
  unallocated,
} from "./service.js";

/** One call at the exchange's subscribers: collects the number, then walks along its service. */
export type SubscriberState =
  | { readonly name: "null"; readonly timers: Timers<never> }
  | { readonly name: "collecting"; readonly digits: string; readonly timers: Timers<"digits"> }
  | {
      readonly name: "serving";
      readonly service: Service;
      readonly next: number;
      /** Digits keyed so far where the service plays them back. */
      readonly keyed: string;
      readonly timers: Timers<"step">;
    }
  | { readonly name: "clearing"; readonly timers: Timers<never> };

export type SubscriberInput =
  | { readonly kind: "call"; readonly event: CallEvent }
  | { readonly kind: "digit"; readonly digit: string };

export type SubscriberOutput =
  | { readonly kind: "call"; readonly event: CallEvent }
  | { readonly kind: "sound"; readonly sound: Sound }
  | { readonly kind: "play-digits"; readonly digits: string }
  | { readonly kind: "ended" };

export interface SubscriberParameters extends ServiceTimes {
  /** More digits are waited for, and how long (T302 of the exchange). */
  readonly overlap: boolean;
  readonly digitsMs: number;
}

type Result = Step<SubscriberState, SubscriberOutput>;

export const idleSubscriber: SubscriberState = { name: "null", timers: {} };

/** The machine of one called subscriber. */
export function subscriberMachine(
  parameters: SubscriberParameters,
): Machine<SubscriberState, SubscriberInput, SubscriberOutput> {
  return {
    step: (state, input, now) => stepSubscriber(parameters, state, input, now),
    deadline: subscriberDeadline,
  };
}

function stepSubscriber(
  parameters: SubscriberParameters,
  state: SubscriberState,
  input: SubscriberInput | Wake,
  now: Instant,
): Result {
  if (input.kind === "call" && ["disconnect", "release"].includes(input.event.kind)) {
    return clear(input.event);
  }
  switch (state.name) {
    case "null":
      if (input.kind !== "call" || input.event.kind !== "setup") return stay(state);
      return dialled(parameters, input.event.called.digits, input.event.sendingComplete, now);
    case "collecting":
      return collecting(parameters, state, input, now);
    case "serving":
      return serving(state, input, now);
    case "clearing":
      return stay(state);
  }
}

function subscriberDeadline(state: SubscriberState): Instant | undefined {
  if (state.name === "collecting") return state.timers.digits;
  return state.name === "serving" ? state.timers.step : undefined;
}

function dialled(
  parameters: SubscriberParameters,
  digits: string,
  complete: boolean,
  now: Instant,
  acknowledged = false,
): Result {
  const found = lookUp(digits, parameters);
  if (found.kind === "service") return begin(found.service, now);
  if (found.kind === "unallocated") return refuse(unallocated());
  if (complete || !parameters.overlap) return refuse(addressIncomplete());
  return {
    state: {
      name: "collecting",
      digits,
      timers: { digits: after(now, parameters.digitsMs) },
    },
    outputs: acknowledged ? [] : [{ kind: "call", event: { kind: "setup-acknowledge" } }],
  };
}

function collecting(
  parameters: SubscriberParameters,
  state: SubscriberState & { name: "collecting" },
  input: SubscriberInput | Wake,
  now: Instant,
): Result {
  if (input.kind === "call" && input.event.kind === "information") {
    const digits = state.digits + input.event.digits;
    return dialled(parameters, digits, input.event.sendingComplete, now, true);
  }
  if (input.kind === "wake" && isDue(state.timers.digits, now)) return refuse(addressIncomplete());
  return stay(state);
}

function begin(service: Service, now: Instant): Result {
  const proceeding: SubscriberOutput = { kind: "call", event: { kind: "proceeding" } };
  const first = service.steps[0]?.call?.kind;
  const serving: SubscriberState = {
    name: "serving",
    service,
    next: 0,
    keyed: "",
    timers: { step: after(now, service.steps[0]?.afterMs ?? 0) },
  };
  const walked = walk(serving, now);
  // A release at once is the first and only answer (RELEASE COMPLETE).
  const outputs = first === "release" ? walked.outputs : [proceeding, ...walked.outputs];
  return { state: walked.state, outputs };
}

function serving(
  state: SubscriberState & { name: "serving" },
  input: SubscriberInput | Wake,
  now: Instant,
): Result {
  if (input.kind === "wake") return walk(state, now);
  if (input.kind !== "digit" || state.service.playsDigitsBack === undefined) return stay(state);
  if (input.digit !== "#") {
    return { state: { ...state, keyed: (state.keyed + input.digit).slice(-32) }, outputs: [] };
  }
  const outputs: SubscriberOutput[] =
    state.keyed === "" ? [] : [{ kind: "play-digits", digits: state.keyed }];
  return { state: { ...state, keyed: "" }, outputs };
}

/** Takes every step whose time has come. */
function walk(start: SubscriberState & { name: "serving" }, now: Instant): Result {
  let state = start;
  const outputs: SubscriberOutput[] = [];
  while (isDue(state.timers.step, now)) {
    const at = state.timers.step as Instant;
    const step = state.service.steps[state.next];
    const following = state.service.steps[state.next + 1];
    if (step?.sound !== undefined) outputs.push({ kind: "sound", sound: step.sound });
    if (step?.call !== undefined) outputs.push({ kind: "call", event: step.call });
    if (step?.call?.kind === "release") {
      return { state: { name: "clearing", timers: {} }, outputs: [...outputs, { kind: "ended" }] };
    }
    const timers = following === undefined ? {} : { step: after(at, following.afterMs) };
    state = { ...state, next: state.next + 1, timers };
  }
  return { state, outputs };
}

function refuse(why: Cause): Result {
  return {
    state: { name: "clearing", timers: {} },
    outputs: [{ kind: "call", event: { kind: "release", cause: why } }, { kind: "ended" }],
  };
}

/** The other side clears: a disconnect is answered by a release, a release ends it. */
function clear(event: CallEvent): Result {
  const outputs: SubscriberOutput[] = [];
  if (event.kind === "disconnect") {
    outputs.push({ kind: "call", event: { kind: "release", cause: event.cause } });
  }
  return { state: { name: "clearing", timers: {} }, outputs: [...outputs, { kind: "ended" }] };
}

function stay(state: SubscriberState): Result {
  return { state, outputs: [] };
}
