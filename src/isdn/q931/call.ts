import type { CallEvent } from "../../call/index.js";
import { type Instant, isDue, type Machine, soonest, type Wake } from "../../core/index.js";
import { activeMessages, commonMessages, commonRequests } from "./call-active.js";
import { clearingMessages, clearingRequests, clearingTimers, end } from "./call-clearing.js";
import { changeLink, linkTimers } from "./call-link.js";
import {
  disconnectWithTones,
  isDisconnectWithTones,
  receivedMessages,
  receivedRequests,
  receivedTimers,
} from "./call-received.js";
import { sentMessages, sentRequests, sentTimers } from "./call-sent.js";
import {
  arm,
  type CallContext,
  type CallInput,
  type CallOutput,
  type CallParams,
  type CallRequest,
  type CallState,
  type CallStep,
  type CallTimer,
  go,
  type HeldChannel,
  isClearing,
  type MessageHandler,
  type ReceivedMessage,
  type RequestHandler,
  type RequestHandlers,
  send,
  stay,
  stop,
  type TimerHandler,
} from "./call-state.js";
import { enquire, refuseMessage, status, statusMessages, statusTimers } from "./call-status.js";
import type { Element } from "./elements/element.js";
import type { MessageType, Verdict } from "./message.js";

/**
 * One call of the interface (Q.931 §5.1 to §5.3, §5.8; figures A.2 and A.3): a value that `callMachine`
 * steps. It begins with `beginSent` or `beginReceived` and is over when its phase is `null`.
 */
export function callMachine(params: CallParams): Machine<CallState, CallInput, CallOutput> {
  return {
    step: (state, input, now) => stepCall(state, input, { ...params, now }),
    deadline: (state) => soonest(state.timers),
  };
}

/** Our SETUP goes out: U1, N6 (§5.1.1, §5.2.1). */
export function beginSent(
  setup: readonly Element[],
  channel: HeldChannel | undefined,
  params: CallParams,
  now: Instant,
): CallStep {
  const timers = arm({}, "T303", { ...params, now });
  const state = { ...begun(params, "ours", channel), timers, lastSent: setup };
  return go(state, {}, send("setup", setup));
}

/** Their SETUP was found good: N1, U6. `overlap`: its number may grow. */
export function beginReceived(
  overlap: boolean,
  channel: HeldChannel | undefined,
  params: CallParams,
): CallState {
  return { ...begun(params, "theirs", channel), overlap };
}

function begun(
  { side }: CallParams,
  origin: CallState["origin"],
  channel: HeldChannel | undefined,
): CallState {
  return {
    phase: "initiated",
    side,
    origin,
    channel,
    timers: {},
    repeated: {},
    overlap: false,
    waiting: undefined,
    lastSent: [],
    cause: undefined,
    linkLost: false,
  };
}

function stepCall(state: CallState, input: CallInput | Wake, context: CallContext): CallStep {
  // Nothing comes after the end; the collection has let go of the state by then.
  if (state.phase === "null") return stay(state);
  switch (input.kind) {
    case "wake":
      return expire(state, context);
    case "message":
      return hear(state, input, context);
    case "unknown-message":
      return refuseMessage(state, 97, Uint8Array.of(input.code), context);
    case "request":
      return ask(state, input, context);
    case "status-enquiry":
      return enquire(state, context);
    case "data-link":
      return changeLink(state, input.change, context);
    case "channel-lost":
      return stay({ ...state, channel: undefined });
    case "faults":
      return stay(state, ...reportFaults(state, input.verdict, context));
    case "clear":
      return end(state, input.cause);
  }
}

/** Timers that are due, one after the other as the last one left them. */
function expire(state: CallState, context: CallContext): CallStep {
  let step = stay(state);
  for (const name of Object.keys(EXPIRY) as CallTimer[]) {
    if (!isDue(step.state.timers[name], context.now)) continue;
    const rest = { ...step.state, timers: stop(step.state.timers, name) };
    const next = EXPIRY[name](rest, context);
    step = { state: next.state, outputs: [...step.outputs, ...next.outputs] };
  }
  return step;
}

function hear(state: CallState, received: ReceivedMessage, context: CallContext): CallStep {
  const { message, verdict } = received;
  const always = ALWAYS[message.type];
  // Clearing messages and STATUS weigh their own faults (§5.8.6.1, §5.8.6.2).
  if (always !== undefined) return always(state, received, context);
  const handler = handlerOf(state, message.type);
  if (handler === undefined) return unexpected(state, message.type, context);
  const diagnostics = verdict.diagnostics ?? NONE;
  // §5.8.6: the message is not acted upon, the state does not change.
  if (verdict.action === "reject")
    return refuseMessage(state, verdict.cause ?? 100, diagnostics, context);
  const step = handler(state, received, context);
  const told = reportFaults(step.state, verdict, context);
  return told.length === 0 ? step : { state: step.state, outputs: [...step.outputs, ...told] };
}

/** §5.8.7: a message was acted upon; STATUS may say what of it was not understood. */
function reportFaults(
  state: CallState,
  { cause, diagnostics }: Verdict,
  context: CallContext,
): readonly CallOutput[] {
  if (cause === undefined || state.phase === "null" || !context.profile.reportsElements) return [];
  return [status(state, cause, context, diagnostics)];
}

function handlerOf(state: CallState, type: MessageType): MessageHandler | undefined {
  if (isClearing(state)) return CROSSING.has(type) ? ignore : undefined;
  const own = (state.origin === "ours" ? sentMessages : receivedMessages)[state.phase]?.[type];
  const unanswered = state.phase === "initiated" && state.origin === "theirs";
  return (
    own ?? activeMessages[state.phase]?.[type] ?? (unanswered ? undefined : commonMessages[type])
  );
}

const ignore: MessageHandler = (state) => stay(state);

/** §5.8.4: 97 for what a primary rate interface does not have, 101 for what does not fit the state. */
function unexpected(state: CallState, type: MessageType, context: CallContext): CallStep {
  // §5.8.3.2 e): SETUP for a call that there is, is ignored.
  if (type === "setup") return stay(state);
  const value = NOT_IMPLEMENTED.has(type) ? 97 : 101;
  return refuseMessage(state, value, NONE, context);
}

function ask(state: CallState, request: CallRequest, context: CallContext): CallStep {
  const { event, channel } = request;
  const given = channel === undefined ? state : { ...state, channel };
  if (event.kind === "disconnect" && isDisconnectWithTones(given, event, context))
    return disconnectWithTones(given, event, context);
  if (event.kind === "disconnect" || event.kind === "release")
    return clearingRequests[event.kind](given, event, context);
  if (isClearing(given) || given.linkLost) return stay(given);
  const own: RequestHandlers | undefined =
    given.origin === "ours" ? sentRequests[given.phase] : receivedRequests[given.phase];
  const common = given.phase === "initiated" ? undefined : commonRequests[event.kind];
  const handler = (own?.[event.kind] ?? common) as RequestHandler | undefined;
  return handler === undefined ? stay(given) : handler(given, event as CallEvent, context);
}

const EXPIRY: Readonly<Record<CallTimer, TimerHandler>> = {
  ...sentTimers,
  ...receivedTimers,
  ...clearingTimers,
  ...linkTimers,
  ...statusTimers,
};

const ALWAYS: Readonly<Partial<Record<MessageType, MessageHandler>>> = {
  ...clearingMessages,
  ...statusMessages,
};

/** What the far end may have sent before it heard that we clear: no fault, and of no use. */
const CROSSING: ReadonlySet<MessageType> = new Set<MessageType>([
  "alerting",
  "call-proceeding",
  "connect",
  "connect-acknowledge",
  "facility",
  "information",
  "notify",
  "progress",
  "setup-acknowledge",
  "user-information",
]);

/** §5.6 is basic rate's; flow control belongs to a service that is not offered; annex H comes before. */
const NOT_IMPLEMENTED: ReadonlySet<MessageType> = new Set<MessageType>([
  "congestion-control",
  "resume",
  "resume-acknowledge",
  "resume-reject",
  "suspend",
  "suspend-acknowledge",
  "suspend-reject",
]);

const NONE = new Uint8Array(0);
