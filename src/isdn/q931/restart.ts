import {
  after,
  type Instant,
  isDue,
  type Machine,
  type Step,
  soonest,
  type Timers,
  type Wake,
} from "../../core/index.js";
import { RETRANSMISSIONS, type TimerValues } from "./timers.js";

/*
 * Restart of channels and of the interface (Q.931 §5.5, figure A.7): Rest 0 null, Rest 1 we sent
 * RESTART, Rest 2 they did. The two procedures are independent: both may run at once.
 */

/** Channels, or all of the interface. */
export type RestartScope = readonly number[] | "interface";

export interface RestartState {
  /** Rest 1: what the RESTART under way is about, and how often it was sent again. */
  readonly sent: { readonly scope: RestartScope; readonly repeated: number } | undefined;
  /** What waits for its turn: there is one global call reference. */
  readonly waiting: readonly RestartScope[];
  /** Rest 2: what they restart, while calls are cleared inside. */
  readonly received: RestartScope | undefined;
  readonly linkUp: boolean;
  readonly timers: Timers<"T316" | "T317">;
}

export type RestartInput =
  | { readonly kind: "request"; readonly scope: RestartScope }
  | { readonly kind: "restart"; readonly scope: RestartScope }
  /** Absent channels: those of our RESTART. */
  | { readonly kind: "restart-acknowledge"; readonly timeslots?: readonly number[] }
  /** Calls on the channels of `received` are gone. */
  | { readonly kind: "cleared" }
  | { readonly kind: "data-link"; readonly up: boolean };

export type RestartOutput =
  | {
      readonly kind: "send";
      readonly type: "restart" | "restart-acknowledge";
      readonly scope: RestartScope;
    }
  /** Clear what is on these channels, without messages; no call may use them meanwhile. */
  | { readonly kind: "clear"; readonly scope: RestartScope; readonly by: "us" | "them" }
  | { readonly kind: "restarted"; readonly scope: RestartScope; readonly by: "us" | "them" }
  | { readonly kind: "restart-failed"; readonly scope: RestartScope }
  | { readonly kind: "anomaly"; readonly what: string };

export type RestartStep = Step<RestartState, RestartOutput>;

export const noRestart: RestartState = {
  sent: undefined,
  waiting: [],
  received: undefined,
  linkUp: false,
  timers: {},
};

export function restartMachine(
  values: TimerValues,
): Machine<RestartState, RestartInput, RestartOutput> {
  return {
    step: (state, input, now) => stepRestart(state, input, { values, now }),
    deadline: (state) => soonest(state.timers),
  };
}

interface Context {
  readonly values: TimerValues;
  readonly now: Instant;
}

function stepRestart(
  state: RestartState,
  input: RestartInput | Wake,
  context: Context,
): RestartStep {
  switch (input.kind) {
    case "wake":
      return expire(state, context);
    case "request":
      return request(state, input.scope, context);
    case "restart":
      return restart(state, input.scope, context);
    case "cleared":
      return cleared(state);
    case "restart-acknowledge":
      return acknowledged(state, input.timeslots, context);
    case "data-link":
      return changeLink(state, input.up, context);
  }
}

/** Channels that already wait, or are under way, are not taken twice: the queue is bounded by them. */
function request(state: RestartState, scope: RestartScope, context: Context): RestartStep {
  const known = [...state.waiting, ...(state.sent === undefined ? [] : [state.sent.scope])];
  if (known.some((one) => one === "interface")) return { state, outputs: [] };
  const fresh =
    scope === "interface"
      ? scope
      : [...new Set(scope)].filter(
          (timeslot) => !known.some((one) => one.includes(timeslot as never)),
        );
  if (fresh.length === 0) return { state, outputs: [] };
  const waiting = fresh === "interface" ? [fresh] : [...state.waiting, fresh];
  const step = advance({ ...state, waiting }, context);
  return {
    state: step.state,
    outputs: [{ kind: "clear", scope: fresh, by: "us" }, ...step.outputs],
  };
}

/** T316 measures the far end, not the link: it stops with the link, and RESTART goes out anew after it. */
function changeLink(state: RestartState, up: boolean, context: Context): RestartStep {
  const next = { ...state, linkUp: up };
  if (!up) return { state: { ...next, timers: stop(next.timers, "T316") }, outputs: [] };
  if (state.linkUp || state.sent === undefined) return advance(next, context);
  const { scope } = state.sent;
  return sendRestart({ ...next, sent: { scope, repeated: 0 } }, scope, context);
}

/** Rest 0: the next RESTART goes out once the data link is up (§5.5.1). */
function advance(state: RestartState, context: Context): RestartStep {
  const [scope, ...waiting] = state.waiting;
  if (state.sent !== undefined || scope === undefined || !state.linkUp)
    return { state, outputs: [] };
  const next = { ...state, waiting, sent: { scope, repeated: 0 } };
  return sendRestart(next, scope, context);
}

function sendRestart(state: RestartState, scope: RestartScope, context: Context): RestartStep {
  const timers = arm(state.timers, "T316", context);
  return { state: { ...state, timers }, outputs: [{ kind: "send", type: "restart", scope }] };
}

/** RESTART ACKNOWLEDGE: channels that it leaves out were not restarted (§5.5.2). */
function acknowledged(
  state: RestartState,
  timeslots: readonly number[] | undefined,
  context: Context,
): RestartStep {
  const { sent } = state;
  if (sent === undefined)
    return { state, outputs: [{ kind: "anomaly", what: "RESTART ACKNOWLEDGE without RESTART" }] };
  const { done, left } = divide(sent.scope, timeslots);
  if (done.length === 0)
    return {
      state,
      outputs: [{ kind: "anomaly", what: "RESTART ACKNOWLEDGE for other channels" }],
    };
  const outputs: RestartOutput[] = [{ kind: "restarted", scope: done, by: "us" }];
  if (left.length > 0) outputs.push({ kind: "restart-failed", scope: left });
  const step = advance({ ...state, sent: undefined, timers: stop(state.timers, "T316") }, context);
  return { state: step.state, outputs: [...outputs, ...step.outputs] };
}

function divide(
  scope: RestartScope,
  timeslots: readonly number[] | undefined,
): { readonly done: RestartScope; readonly left: readonly number[] } {
  if (timeslots === undefined || timeslots.length === 0 || scope === "interface")
    return { done: scope, left: [] };
  return {
    done: scope.filter((timeslot) => timeslots.includes(timeslot)),
    left: scope.filter((timeslot) => !timeslots.includes(timeslot)),
  };
}

/** RESTART: Rest 2 until the calls are gone (§5.5.2); one that comes again begins anew. */
function restart(state: RestartState, scope: RestartScope, context: Context): RestartStep {
  const timers = arm(state.timers, "T317", context);
  const next = { ...state, received: scope, timers };
  return { state: next, outputs: [{ kind: "clear", scope, by: "them" }] };
}

function cleared(state: RestartState): RestartStep {
  const { received } = state;
  if (received === undefined) return { state, outputs: [] };
  const next = { ...state, received: undefined, timers: stop(state.timers, "T317") };
  return {
    state: next,
    outputs: [
      { kind: "restarted", scope: received, by: "them" },
      { kind: "send", type: "restart-acknowledge", scope: received },
    ],
  };
}

function expire(state: RestartState, context: Context): RestartStep {
  const outputs: RestartOutput[] = [];
  let next = state;
  if (isDue(next.timers.T317, context.now)) {
    next = { ...next, received: undefined, timers: stop(next.timers, "T317") };
    outputs.push({ kind: "anomaly", what: "T317 expired: calls were not cleared in time" });
  }
  if (isDue(next.timers.T316, context.now)) {
    const step = unanswered({ ...next, timers: stop(next.timers, "T316") }, context);
    next = step.state;
    outputs.push(...step.outputs);
  }
  return { state: next, outputs };
}

/** §5.5.1: twice without an answer, and the channels are out of service. */
function unanswered(state: RestartState, context: Context): RestartStep {
  const { sent } = state;
  if (sent === undefined) return { state, outputs: [] };
  if (sent.repeated < RETRANSMISSIONS.T316) {
    const again = { ...state, sent: { ...sent, repeated: sent.repeated + 1 } };
    return sendRestart(again, sent.scope, context);
  }
  const step = advance({ ...state, sent: undefined }, context);
  return {
    state: step.state,
    outputs: [
      { kind: "anomaly", what: "T316 expired twice: RESTART was not acknowledged" },
      { kind: "restart-failed", scope: sent.scope },
      ...step.outputs,
    ],
  };
}

function arm(
  timers: RestartState["timers"],
  name: "T316" | "T317",
  { values, now }: Context,
): RestartState["timers"] {
  const value = values[name];
  return value === null ? timers : { ...timers, [name]: after(now, value) };
}

function stop(timers: RestartState["timers"], name: "T316" | "T317"): RestartState["timers"] {
  const { [name]: _stopped, ...rest } = timers;
  return rest;
}
