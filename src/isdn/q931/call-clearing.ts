import { type Cause, isInBand, cause as ownCause, timerCause } from "../../call/index.js";
import {
  causeOf,
  extrasElements,
  extrasOf,
  releaseElements,
  verdictCause,
} from "./call-elements.js";
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
  type RequestHandler,
  report,
  send,
  stay,
  type TimerHandler,
} from "./call-state.js";
import type { Element } from "./elements/element.js";
import { element } from "./message.js";
import { causeElement } from "./neutral.js";
import { RETRANSMISSIONS } from "./timers.js";

/*
 * Clearing (Q.931 §5.3, figures A.3 sheets of states 11, 12 and 19).
 *
 *   active ... --DISCONNECT sent-> disconnect-sent (U11, N12) --RELEASE--> null
 *   active ... --DISCONNECT received-> [disconnect-received (U12) while tones are heard]
 *              -> release-sent (U19, N19) --RELEASE COMPLETE--> null
 */

/** The call is gone: its last event goes up, its reference and its channel are free. */
export function end(state: CallState, cause: Cause, ...before: readonly CallOutput[]): CallStep {
  const last = report({ kind: "release", cause: state.cause ?? cause });
  return go(state, { phase: "null", timers: {} }, ...before, last);
}

/** §5.3.2 a): the answer to SETUP that refuses it, or to RELEASE. */
export function releaseComplete(
  state: CallState,
  cause: Cause,
  more: readonly Element[] = [],
): CallStep {
  return end(state, cause, send("release-complete", [causeElement(cause), ...more]));
}

/** §5.3.3, §5.3.4: begins clearing toward the far end. */
export function disconnect(
  state: CallState,
  cause: Cause,
  context: CallContext,
  more: readonly Element[] = [],
): CallStep {
  const timers = arm({}, "T305", context);
  const message = send("disconnect", [causeElement(cause), ...more]);
  return go(state, { phase: "disconnect-sent", timers, cause: state.cause ?? cause }, message);
}

/** §5.3.3: RELEASE, once the channel is disconnected. */
export function release(
  state: CallState,
  cause: Cause,
  context: CallContext,
  sent: readonly Element[] = [causeElement(cause)],
): CallStep {
  const timers = arm({}, "T308", context);
  const patch = { phase: "release-sent", timers, lastSent: sent } as const;
  return go(state, { ...patch, cause: state.cause ?? cause }, send("release", sent));
}

/** We end the call for a reason of our own: the user of the leg is told, the far end too. */
export function clear(
  state: CallState,
  toward: { readonly far: Cause; readonly user: Cause },
  context: CallContext,
): CallStep {
  const ended = { ...state, cause: toward.user };
  if (state.phase === "initiated" && state.origin === "theirs")
    return releaseComplete(ended, toward.far);
  const step = disconnect(ended, toward.far, context);
  const told = report({ kind: "disconnect", cause: toward.user });
  return { state: step.state, outputs: [told, ...step.outputs] };
}

/** A timer of the standard has expired: 102 toward the far end, `value` toward our user. */
export function clearOnExpiry(name: string, value: (context: CallContext) => number): TimerHandler {
  return (state, context) => {
    const far = timerCause(name, context.location);
    const user = timerCause(name, context.location, value(context));
    const step = clear(state, { far, user }, context);
    return { ...step, outputs: [anomaly(`${name} expired`, user), ...step.outputs] };
  };
}

/** The leg's user wants to end the call, whatever its state. */
const requestClearing: RequestHandler<"disconnect" | "release"> = (state, event, context) => {
  const more = releaseElements(event, context);
  if (state.phase === "initiated" && state.origin === "theirs")
    // §5.3.2 a): nothing was answered yet
    return releaseComplete(state, event.cause, more);
  if (state.phase === "disconnect-received")
    return release(state, event.cause, context, [causeElement(event.cause), ...more]);
  if (isClearing(state)) return stay(state);
  if (state.linkLost) return stay({ ...state, cause: state.cause ?? event.cause });
  const step = disconnect(state, event.cause, context, extrasElements(event, context));
  // §5.3.4.1: only the network provides tones with DISCONNECT, and T306 bounds them.
  const tones =
    context.side === "network" && event.kind === "disconnect" && isInBand(event.progress);
  return tones ? go(step.state, { timers: arm({}, "T306", context) }, ...step.outputs) : step;
};

export const clearingRequests = { disconnect: requestClearing, release: requestClearing } as const;

/** §5.3.3, §5.3.4, and §5.3.5 when both sides disconnect at once. */
const disconnected: MessageHandler = (state, received, context) => {
  const { message, verdict } = received;
  if (state.phase === "release-sent") return stay(state);
  // §5.8.6: as if cause 31 had come, but RELEASE carries 96 or 100.
  const cause = causeOf(message, context, 31);
  const fault = verdictCause(verdict, context);
  const answer = fault === undefined ? [causeElement(cause)] : [fault];
  if (state.phase === "disconnect-sent") return release(state, cause, context, answer);
  if (state.phase === "disconnect-received") return stay(state);
  const extras = extrasOf(message);
  const told = report({ kind: "disconnect", cause, ...extras });
  const ended = { ...state, cause };
  // §5.3.4.1: a user may stay connected to hear the tones; a network has none to hear.
  if (context.side === "user" && isInBand(extras.progress) && verdict.action === "accept")
    return go(ended, { phase: "disconnect-received", timers: arm({}, "T306", context) }, told);
  const step = release(ended, cause, context, answer);
  return { state: step.state, outputs: [told, ...step.outputs] };
};

/** RELEASE in any state; crossing with ours it needs no answer (§5.3.5). */
const released: MessageHandler = (state, { message, verdict }, context) => {
  const cause = causeOf(message, context, 31);
  const last = { ...extrasOf(message), kind: "release", cause: state.cause ?? cause } as const;
  const patch = { phase: "null", timers: {} } as const;
  if (state.phase === "release-sent") return go(state, patch, report(last));
  const missing = !isClearing(state) && element(message, "cause") === undefined;
  const fault = verdictCause(
    missing ? { action: "reject", cause: 96, diagnostics: CAUSE_CODE } : verdict,
    context,
  );
  const answer = fault === undefined ? [] : [fault];
  return go(state, patch, send("release-complete", answer), report(last));
};

/** RELEASE COMPLETE in any state: expected after RELEASE, a refusal after SETUP, else §5.8.4. */
const releaseCompleted: MessageHandler = (state, { message }, context) => {
  const cause = causeOf(message, context, 31);
  const last = { ...extrasOf(message), kind: "release", cause: state.cause ?? cause } as const;
  return go(state, { phase: "null", timers: {} }, report(last));
};

/** Messages that clear are heard in every state. */
export const clearingMessages = {
  disconnect: disconnected,
  release: released,
  "release-complete": releaseCompleted,
} as const;

/** RELEASE was not answered: once more, then the reference is freed and the channel maintained. */
const releaseUnanswered: TimerHandler = (state, context) => {
  const sent = state.repeated.T308 ?? 0;
  if (sent < RETRANSMISSIONS.T308) {
    const repeated = { ...state.repeated, T308: sent + 1 };
    const timers = arm(state.timers, "T308", context);
    return go(state, { repeated, timers }, send("release", state.lastSent));
  }
  const cause = timerCause("T308", context.location);
  const maintenance: readonly CallOutput[] =
    state.channel === undefined ? [] : [{ kind: "maintenance", timeslot: state.channel.timeslot }];
  return end(state, cause, anomaly("T308 expired twice", cause), ...maintenance);
};

/** Tones have been heard or played long enough, or DISCONNECT was not answered (§5.3.3, §5.3.4.1). */
const releaseNow: TimerHandler = (state, context) =>
  release(state, state.cause ?? ownCause(31, context.location, "clearing"), context);

export const clearingTimers = {
  T305: releaseNow,
  T306: releaseNow,
  T308: releaseUnanswered,
} as const;

const CAUSE_CODE = Uint8Array.of(0x08);
