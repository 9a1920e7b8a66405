import {
  type BookMachine,
  type Entropy,
  type Instant,
  isDue,
  soonest,
  type Wake,
} from "../core/index.js";
import { clear, endClearing, finish, reject } from "./call-clearing.js";
import { callEnd } from "./call-end.js";
import type { CallInput, CallOutput, CallParameters } from "./call-events.js";
import { type CallState, type CallStep, go } from "./call-state.js";
import { acceptCall, receiveCallee, receiveInvite, takeCall } from "./callee.js";
import { failOpening, giveUp, openCall, receiveCalling, sendInvite } from "./caller.js";
import { answerRequest } from "./requests.js";
import { endTalking, key, keyNext, modify, receiveConnected } from "./talking.js";

type InputOf<Kind extends CallInput["kind"]> = Extract<CallInput, { readonly kind: Kind }>;

/**
 * One call of the phone, in either role: from `place` or `invite-received` to `ended`. Inputs that
 * a state does not know change nothing.
 */
export function callMachine(
  parameters: CallParameters,
): BookMachine<CallState, CallInput, CallOutput> {
  return {
    step(state, input, now, entropy) {
      return stepCall({ parameters, now, entropy }, state, input);
    },
    deadline: (state) => soonest(state.timers),
  };
}

interface Context {
  readonly parameters: CallParameters;
  readonly now: Instant;
  readonly entropy: Entropy;
}

function stepCall(context: Context, state: CallState, input: CallInput | Wake): CallStep {
  const { now } = context;
  switch (input.kind) {
    case "wake":
      return wakeCall(context, state);
    case "session":
      return receiveEvent(context, state, input);
    case "place":
      return state.name === "idle" ? openCall(state, input.order) : go(state);
    case "media-opened":
      return receivePort(context, state, input);
    case "media-failed":
      if (state.name === "opening") return failOpening(state, input.what);
      return state.name === "invited" ? reject(state, now, 500, input.what) : go(state);
    case "hold":
      return state.name === "connected" ? modify(state, "sendonly") : go(state);
    case "retrieve":
      return state.name === "connected" ? modify(state, "sendrecv") : go(state);
    case "key":
      return state.name === "connected" ? key(state, input.digits, now) : go(state);
    case "hang-up":
      return hangUp(state, input, now);
  }
}

/** What is due. An early wake finds nothing so. */
function wakeCall({ parameters, now }: Context, state: CallState): CallStep {
  switch (state.name) {
    case "calling":
      return isDue(state.timers.giveUp, now) ? giveUp(state, parameters, now) : go(state);
    case "alerting":
      return isDue(state.timers.answer, now) ? acceptCall(state) : go(state);
    case "connected":
      if (isDue(state.timers.talk, now)) return endTalking(state, parameters, now);
      return isDue(state.timers.digit, now) ? keyNext(state, now) : go(state);
    case "clearing":
      return isDue(state.timers.clearing, now) ? endClearing(state) : go(state);
    default:
      return go(state);
  }
}

function receiveEvent(context: Context, state: CallState, input: InputOf<"session">): CallStep {
  const { parameters, now } = context;
  const { event } = input;
  if (state.name === "over") return go(state);
  if (event.kind === "ended") {
    return finish(state, callEnd(event.by, state.name === "clearing" ? state.why : undefined));
  }
  if (event.kind === "request-received") return go(state, answerRequest(event));
  switch (state.name) {
    case "idle":
      return event.kind === "invite-received"
        ? receiveInvite(state, event, parameters, now)
        : go(state);
    case "calling":
      return receiveCalling(state, event, parameters, now);
    case "alerting":
    case "accepting":
      return receiveCallee(state, event, parameters, now);
    case "connected":
      return receiveConnected(state, event);
    default:
      return go(state);
  }
}

function receivePort(context: Context, state: CallState, at: InputOf<"media-opened">): CallStep {
  const { parameters, now, entropy } = context;
  if (state.name !== "opening" && state.name !== "invited") return go(state);
  // RFC 8866 §5.2: sess-id is digits
  const sessionId = String(entropy.uint32());
  return state.name === "opening"
    ? sendInvite(state, at, parameters, now, sessionId)
    : takeCall(state, at, parameters, now, sessionId);
}

function hangUp(state: CallState, { why, headers }: InputOf<"hang-up">, now: Instant): CallStep {
  switch (state.name) {
    case "idle":
    case "opening":
      return finish(state, { by: "us", causes: [], why });
    case "invited":
    case "alerting":
      return reject(state, now, 480, why, headers);
    case "calling":
    case "accepting":
    case "connected":
      return clear(state, why, now, headers);
    default:
      return go(state);
  }
}
