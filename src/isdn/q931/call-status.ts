import { cause as ownCause, timerCause } from "../../call/index.js";
import { clear, end, release } from "./call-clearing.js";
import { callStateOf, causeOf, statusElements } from "./call-elements.js";
import {
  anomaly,
  arm,
  type CallContext,
  type CallOutput,
  type CallState,
  type CallStep,
  go,
  isClearing,
  type MessageHandler,
  type Phase,
  send,
  stateName,
  stateNumber,
  stay,
  stop,
  type TimerHandler,
} from "./call-state.js";
import { RETRANSMISSIONS } from "./timers.js";

/** A message that is not acted upon: STATUS says why and in which state we are (§5.8.4 to §5.8.7). */
export function refuseMessage(
  state: CallState,
  value: number,
  diagnostics: Uint8Array,
  context: CallContext,
): CallStep {
  const what = `cause ${value} in ${stateName(state)}`;
  return stay(state, anomaly(what), status(state, value, context, diagnostics));
}

export function status(
  state: CallState,
  value: number,
  { location }: Pick<CallContext, "location">,
  diagnostics?: Uint8Array,
): CallOutput {
  const cause = ownCause(value, location, "status");
  const whole = diagnostics === undefined ? cause : { ...cause, diagnostics };
  return send("status", statusElements(whole, stateNumber(state)));
}

/** §5.8.10: STATUS ENQUIRY is answered with the state and cause 30. */
const enquired: MessageHandler = (state, _received, context) =>
  stay(state, status(state, 30, context));

/** §5.8.11: STATUS, with whatever cause, tells the far end's state. */
const statusCame: MessageHandler = (state, { message, verdict }, context) => {
  // A STATUS that lacks its state is not answered with STATUS: two faulty ends would never stop.
  const theirs = callStateOf(message);
  if (verdict.action === "reject" || theirs === undefined)
    return stay(state, anomaly("STATUS without cause or call state"));
  const heard = {
    ...state,
    timers: stop(state.timers, "T322"),
    repeated: { ...state.repeated, T322: 0 },
  };
  const cause = causeOf(message, context, 31);
  const said = `STATUS: state ${theirs}, cause ${cause.value}, ours ${stateName(state)}`;
  const notes: readonly CallOutput[] = cause.value === 30 ? [] : [anomaly(said, cause)];
  // c) the far end has no such call
  if (theirs === 0)
    return end(heard, cause.value === 30 ? ownCause(41, context.location, said) : cause, ...notes);
  // b) no action in release request
  if (state.phase === "release-sent" || compatible(heard, theirs)) return stay(heard, ...notes);
  const mismatch = ownCause(101, context.location, said);
  const step =
    state.phase === "disconnect-received"
      ? release(heard, mismatch, context)
      : clear(heard, { far: mismatch, user: mismatch }, context);
  return { state: step.state, outputs: [anomaly(said, mismatch), ...step.outputs] };
};

/** States and their enquiry are heard in every state. */
export const statusMessages = { status: statusCame, "status-enquiry": enquired } as const;

/** §5.8.10: one enquiry at a time. */
export function enquire(state: CallState, context: CallContext): CallStep {
  if (state.timers.T322 !== undefined || state.linkLost) return stay(state);
  const repeated = { ...state.repeated, T322: 0 };
  const timers = arm(state.timers, "T322", context);
  return go(state, { repeated, timers }, send("status-enquiry"));
}

const statusUnanswered: TimerHandler = (state, context) => {
  const sent = state.repeated.T322 ?? 0;
  if (sent < RETRANSMISSIONS.T322) {
    const repeated = { ...state.repeated, T322: sent + 1 };
    return go(
      state,
      { repeated, timers: arm(state.timers, "T322", context) },
      send("status-enquiry"),
    );
  }
  const cause = timerCause("T322", context.location, 41);
  const note = anomaly("T322 expired", cause);
  if (isClearing(state)) return stay(state, note);
  const step = clear(state, { far: cause, user: cause }, context);
  return { state: step.state, outputs: [note, ...step.outputs] };
};

export const statusTimers = { T322: statusUnanswered } as const;

/**
 * Which states of the far end go with ours. The data link keeps order: what the far end did is known
 * here before its STATUS, while what we did may not have reached it. So the side that answers a call
 * (it drives the call on) may find the far end behind, the side that began it may not find it ahead.
 */
function compatible(state: CallState, theirs: number): boolean {
  const phases = (state.origin === "ours" ? BEGAN : ANSWERED)[state.phase];
  if (phases === undefined) return state.phase === "disconnect-sent";
  return phases.some((phase) => stateNumber({ ...state, phase }) === theirs);
}

type Phases = Partial<Record<Phase, readonly Phase[]>>;

const BEGAN: Phases = {
  initiated: ["initiated"],
  overlap: ["overlap"],
  proceeding: ["proceeding"],
  delivered: ["delivered"],
  // CONNECT ACKNOWLEDGE may be under way.
  active: ["answered", "active"],
  // The same number names "disconnect sent" there (N12) and "received" here (U12).
  "disconnect-received": ["disconnect-received"],
};

const ANSWERED: Phases = {
  initiated: ["initiated"],
  overlap: ["initiated", "overlap"],
  proceeding: ["initiated", "overlap", "proceeding"],
  delivered: ["initiated", "overlap", "proceeding", "delivered"],
  answered: ["initiated", "overlap", "proceeding", "delivered", "answered", "active"],
  // A network is active when it sends CONNECT.
  active: ["initiated", "overlap", "proceeding", "delivered", "answered", "active"],
  "disconnect-received": ["disconnect-received"],
};
