import { type CallEvent, type Disconnect, isInBand, cause as ownCause } from "../../call/index.js";
import { clearOnExpiry, disconnect, releaseComplete } from "./call-clearing.js";
import {
  channelElement,
  connectElements,
  extrasElements,
  informationOf,
  progressElements,
  replyElements,
} from "./call-elements.js";
import {
  arm,
  type CallContext,
  type CallState,
  type CallStep,
  chain,
  go,
  type MessageHandler,
  type Phase,
  type RequestHandler,
  type RequestHandlers,
  report,
  send,
  stay,
  stop,
  type TimerHandler,
} from "./call-state.js";
import type { Element } from "./elements/element.js";
import type { MessageType } from "./message.js";

/*
 * They sent SETUP: U6 U25 U9 U7 U8 on the user side (figure A.2), N1 N2 N3 N4 on the network side.
 *
 *   initiated --SETUP ACK--> overlap --CALL PROC--> proceeding --ALERTING--> delivered
 *        |_______________________|____________________|____________________|--CONNECT--> U8 or N10
 */

/** SETUP ACKNOWLEDGE where digits may follow; a number that is whole needs CALL PROCEEDING. */
const askForDigits: RequestHandler<"setup-acknowledge"> = (state, event, context) => {
  if (!state.overlap) return proceed(state, { ...event, kind: "proceeding" }, context);
  const timers = arm(state.timers, "T302", context);
  return firstReply(state, context, (opened, channel) =>
    go(
      opened,
      { phase: "overlap", timers },
      send("setup-acknowledge", [...channel, ...replyElements(event, context)]),
    ),
  );
};

const proceed: RequestHandler<"proceeding"> = (state, event, context) =>
  firstReply(state, context, (opened, channel) =>
    go(
      opened,
      { phase: "proceeding", timers: stop(opened.timers, "T302") },
      send("call-proceeding", [...channel, ...replyElements(event, context)]),
    ),
  );

const alert: RequestHandler<"alerting"> = (state, event, context) =>
  firstReply(state, context, (opened, channel) =>
    go(
      opened,
      { phase: "delivered", timers: stop(opened.timers, "T302") },
      send("alerting", [...channel, ...extrasElements(event, context)]),
    ),
  );

/** CONNECT: a network is done, a user awaits CONNECT ACKNOWLEDGE (§5.2.7, §5.2.8). */
const connect: RequestHandler<"connect"> = (state, event, context) =>
  firstReply(state, context, (opened, channel) => {
    const timers = stop(opened.timers, "T302");
    const user = context.side === "user";
    return go(
      opened,
      { phase: user ? "answered" : "active", timers: user ? arm(timers, "T313", context) : timers },
      send("connect", [...channel, ...connectElements(event, context)]),
    );
  });

const progress: RequestHandler<"progress"> = (state, event, context) =>
  stay(state, send("progress", progressElements(event, context)));

/** A message that may not be the first response comes after CALL PROCEEDING (§5.1.5, annex A N1). */
function afterProceeding<Kind extends CallEvent["kind"]>(
  handler: RequestHandler<Kind>,
): RequestHandler<Kind> {
  return (state, event, context) =>
    chain(proceed(state, { kind: "proceeding" }, context), (next) =>
      next.phase === "null" ? stay(next) : handler(next, event, context),
    );
}

/** A calling user expects CALL PROCEEDING before ALERTING or CONNECT; a network does not. */
function afterProceedingByNetwork<Kind extends CallEvent["kind"]>(
  handler: RequestHandler<Kind>,
): RequestHandler<Kind> {
  return (state, event, context) =>
    (context.side === "network" ? afterProceeding(handler) : handler)(state, event, context);
}

/** The first reply names the channel; without one to give there is no call (§5.1.2, §5.2.3). */
function firstReply(
  state: CallState,
  context: CallContext,
  reply: (state: CallState, channel: readonly Element[]) => CallStep,
): CallStep {
  if (state.phase !== "initiated") return reply(state, []);
  if (state.channel === undefined)
    return releaseComplete(state, ownCause(34, context.location, "no channel is free"));
  return reply(state, [channelElement(state.channel, context)]);
}

/** Tones before anything was answered: the channel is given first (§5.4.1). */
export const disconnectWithTones: RequestHandler<"disconnect"> = afterProceeding(
  (state, event, context) => {
    const step = disconnect(state, event.cause, context, extrasElements(event, context));
    return go(step.state, { timers: arm({}, "T306", context) }, ...step.outputs);
  },
);

export function isDisconnectWithTones(
  state: CallState,
  event: Disconnect,
  { side }: CallContext,
): boolean {
  const unanswered = state.phase === "initiated" && state.origin === "theirs";
  return side === "network" && unanswered && isInBand(event.progress);
}

export const receivedRequests: Partial<Record<Phase, RequestHandlers>> = {
  initiated: {
    "setup-acknowledge": askForDigits,
    proceeding: proceed,
    alerting: afterProceedingByNetwork(alert),
    connect: afterProceedingByNetwork(connect),
    progress: afterProceeding(progress),
  },
  overlap: { proceeding: proceed, alerting: alert, connect, progress },
  proceeding: { alerting: alert, connect, progress },
  delivered: { connect, progress },
};

/** INFORMATION with digits (§5.1.3): T302 starts again unless the number is whole now. */
const digitsCame: MessageHandler = (state, { message }, context) => {
  const event = informationOf(message);
  const timers = event.sendingComplete
    ? stop(state.timers, "T302")
    : arm(state.timers, "T302", context);
  return go(state, { timers }, report(event));
};

/** CONNECT ACKNOWLEDGE: the call is ours (§5.2.8). */
const awarded: MessageHandler = (state) =>
  go(state, { phase: "active", timers: stop(state.timers, "T313") });

export const receivedMessages: Partial<
  Record<Phase, Readonly<Partial<Record<MessageType, MessageHandler>>>>
> = {
  overlap: { information: digitsCame },
  answered: { "connect-acknowledge": awarded },
};

/** No more digits came (§5.1.3): who knows the numbering plan answers, so it is told. */
const digitsEnded: TimerHandler = (state) =>
  go(
    state,
    { timers: stop(state.timers, "T302") },
    report({ kind: "information", digits: "", sendingComplete: true }),
  );

export const receivedTimers = {
  T302: digitsEnded,
  // §5.2.8: CONNECT was not acknowledged
  T313: clearOnExpiry("T313", () => 102),
} as const;
