import { isInBand, cause as ownCause, timerCause } from "../../call/index.js";
import { clearOnExpiry, end, release } from "./call-clearing.js";
import {
  connectOf,
  digitElements,
  extrasOf,
  informationElements,
  progressOf,
} from "./call-elements.js";
import {
  anomaly,
  arm,
  type CallContext,
  type CallState,
  type CallStep,
  go,
  type HeldChannel,
  type MessageHandler,
  type Phase,
  type ReceivedMessage,
  type RequestHandler,
  report,
  send,
  stay,
  stop,
  type TimerHandler,
} from "./call-state.js";
import { refuseMessage } from "./call-status.js";
import type { MessageType } from "./message.js";
import { causeElement } from "./neutral.js";
import { RETRANSMISSIONS } from "./timers.js";

/*
 * We sent SETUP: U1 U2 U3 U4 on the user side (figure A.2), N6 N25 N9 N7 on the network side (A.3).
 *
 *   initiated --SETUP ACK--> overlap --CALL PROC--> proceeding --ALERTING--> delivered
 *        |_______________________|____________________|____________________|--CONNECT--> active
 */

/** SETUP ACKNOWLEDGE (§5.1.3, §5.2.4): the digits that waited go out. */
const digitsWanted: MessageHandler = (state, { message }, context) => {
  const timers = arm(stop(state.timers, "T303"), "T304", context);
  const told = report({ kind: "setup-acknowledge", ...extrasOf(message) });
  const { waiting } = state;
  const next = { phase: "overlap", timers, waiting: undefined } as const;
  if (waiting === undefined) return go(state, next, told);
  return go(state, next, send("information", digitElements(waiting, context)), told);
};

const proceeding: MessageHandler = (state, { message }, context) => {
  const extras = extrasOf(message);
  const stopped = stop(state.timers, "T303", "T304");
  // Annex D: T310 is not started where the calling user hears what becomes of the call (§5.4.1).
  const listens = context.side === "user" && isInBand(extras.progress);
  const timers = listens ? stopped : arm(stopped, "T310", context);
  const told = report({ kind: "proceeding", ...extras });
  return go(state, { phase: "proceeding", timers, waiting: undefined }, told);
};

/** ALERTING; as first response as well (§5.2.5.1; from a network by annex D). */
const alerting: MessageHandler = (state, { message }, context) => {
  const timers = arm(stop(state.timers, "T303", "T304", "T310"), "T301", context);
  const told = report({ kind: "alerting", ...extrasOf(message) });
  return go(state, { phase: "delivered", timers, waiting: undefined }, told);
};

/** CONNECT (§5.1.8); the network awards the call by CONNECT ACKNOWLEDGE (§5.2.8). */
const connected: MessageHandler = (state, { message }, context) => {
  const timers = stop(state.timers, "T301", "T303", "T304", "T310");
  const acknowledges = context.side === "network" || context.profile.connectAcknowledge;
  const told = report(connectOf(message));
  const next = { phase: "active", timers, waiting: undefined } as const;
  return go(state, next, ...(acknowledges ? [send("connect-acknowledge")] : []), told);
};

/** PROGRESS: someone is at work on the call, T304 and T310 have done their duty (§5.1.6, table 9-2). */
const progressed: MessageHandler = (state, { message }, context) =>
  go(state, { timers: stop(state.timers, "T304", "T310") }, report(progressOf(message, context)));

/**
 * The first response settles the channel (§5.1.2, §5.2.3): the one asked for, or another where ours
 * was not exclusive. A far end that says nothing accepts what we named.
 */
function settling(handler: MessageHandler): MessageHandler {
  return (state, received, context) => {
    const asked = state.channel;
    const answer = received.channel;
    if (answer.kind === "absent" && asked === undefined)
      return refuseMessage(state, 96, CHANNEL_CODE, context);
    if (answer.kind === "unusable") return refuseMessage(state, 100, CHANNEL_CODE, context);
    const changed = answer.kind === "named" && answer.timeslot !== asked?.timeslot;
    if (changed && (asked?.exclusive === true || !answer.available))
      return unacceptable(state, received, context);
    const channel: HeldChannel | undefined =
      answer.kind === "named" ? { timeslot: answer.timeslot, exclusive: answer.exclusive } : asked;
    const step = handler({ ...state, channel }, received, context);
    return channel === undefined ? step : withChannel(step, channel);
  };
}

/** §5.1.2, §5.2.3.1: the channel in the first response cannot be had: RELEASE with cause 6. */
function unacceptable(
  state: CallState,
  _received: ReceivedMessage,
  context: CallContext,
): CallStep {
  const cause = ownCause(6, context.location, "channel in the first response");
  const step = release(state, cause, context, [causeElement(cause)]);
  const told = report({ kind: "disconnect", cause });
  return { state: step.state, outputs: [told, ...step.outputs] };
}

function withChannel(step: CallStep, channel: HeldChannel): CallStep {
  const outputs = step.outputs.map((output) =>
    output.kind === "report" ? { ...output, channel } : output,
  );
  return { state: step.state, outputs };
}

/** What each state hears beside the messages that every state hears. */
export const sentMessages: Partial<
  Record<Phase, Readonly<Partial<Record<MessageType, MessageHandler>>>>
> = {
  initiated: {
    "setup-acknowledge": settling(digitsWanted),
    "call-proceeding": settling(proceeding),
    alerting: settling(alerting),
    connect: settling(connected),
  },
  overlap: { "call-proceeding": proceeding, alerting, connect: connected, progress: progressed },
  proceeding: { alerting, connect: connected, progress: progressed },
  delivered: { connect: connected, progress: progressed },
};

/** More digits (§5.1.3): kept until SETUP ACKNOWLEDGE, sent in overlap, too late afterwards. */
const moreDigits: RequestHandler<"information"> = (state, event, context) => {
  if (state.phase === "initiated") {
    const digits = (state.waiting?.digits ?? "") + event.digits;
    return stay({ ...state, waiting: { digits, sendingComplete: event.sendingComplete } });
  }
  const message = send("information", informationElements(event, context));
  if (state.phase !== "overlap") return stay(state, message);
  return go(state, { timers: arm(state.timers, "T304", context) }, message);
};

export const sentRequests: Partial<Record<Phase, { readonly information: typeof moreDigits }>> = {
  initiated: { information: moreDigits },
  overlap: { information: moreDigits },
};

/** No response to SETUP: once more, then given up (§5.1.1, §5.2.1, §5.2.5.4). */
const setupUnanswered: TimerHandler = (state, context) => {
  const sent = state.repeated.T303 ?? 0;
  if (sent < RETRANSMISSIONS.T303) {
    const repeated = { ...state.repeated, T303: sent + 1 };
    const timers = arm(state.timers, "T303", context);
    return go(state, { repeated, timers }, send("setup", state.lastSent));
  }
  const far = timerCause("T303", context.location);
  const user = timerCause("T303", context.location, context.side === "network" ? 18 : 102);
  // Table 9-2: RELEASE COMPLETE, so that a far end that did hear it holds nothing.
  const message = send("release-complete", [causeElement(far)]);
  return end({ ...state, cause: user }, user, anomaly("T303 expired twice", user), message);
};

export const sentTimers = {
  // §5.2.5.4 b): user alerted, no answer
  T301: clearOnExpiry("T301", () => 19),
  T303: setupUnanswered,
  // §5.2.4: the number stays incomplete for the far end
  T304: clearOnExpiry("T304", ({ side }) => (side === "network" ? 28 : 102)),
  // §5.2.5.4 a): no user responding
  T310: clearOnExpiry("T310", ({ side }) => (side === "network" ? 18 : 102)),
} as const;

const CHANNEL_CODE = Uint8Array.of(0x18);
