import { after, type Instant } from "../core/index.js";
import type { Body, SessionEvent } from "../sip/index.js";
import { header, printNameAddr } from "../sip/message/index.js";
import { clear, reject } from "./call-clearing.js";
import {
  giveDescription,
  hear,
  incompatible,
  mediaOffered,
  milestone,
  receiveDescription,
} from "./call-descriptions.js";
import type { AnswerPlan, CallInput, CallOutput, CallParameters } from "./call-events.js";
import { answer, offer, receiveOffer, startMedia } from "./call-media.js";
import {
  type CallState,
  type CallStep,
  chain,
  go,
  type Invite,
  type MediaStep,
  type StateOf,
} from "./call-state.js";
import { connect } from "./talking.js";

type EventOf<Kind extends SessionEvent["kind"]> = Extract<SessionEvent, { readonly kind: Kind }>;

/** A new INVITE: refused by plan or for 100rel, or a port is opened for it. */
export function receiveInvite(
  state: CallState,
  event: EventOf<"invite-received">,
  { answer: plan, reliability }: CallParameters,
  now: Instant,
): CallStep {
  const caller = event.request.headers.value(header.from);
  const from = caller === undefined ? "" : printNameAddr({ ...caller, parameters: [] });
  const said = go(state, milestone({ kind: "incoming", from, target: event.request.uri }));
  if (plan.kind === "reject") {
    const why = `refused with ${plan.status}`;
    return chain(said, reject(state, now, plan.status, why, plan.headers));
  }
  // RFC 3261 §8.2.2.3
  if (reliability === "none" && event.reliability === "required") {
    const headers = [{ name: "Unsupported", value: "100rel" }];
    return chain(said, reject(state, now, 420, "the caller requires 100rel", headers));
  }
  // RFC 3261 §21.4.16
  if (reliability === "required" && event.reliability === "none") {
    const headers = [{ name: "Require", value: "100rel" }];
    return chain(said, reject(state, now, 421, "the caller does not support 100rel", headers));
  }
  const { dialog } = event;
  const invite: Invite = {
    ...{ dialog, required: event.reliability === "required" },
    reliable: reliability !== "none" && event.reliability !== "none",
    ...(event.offer === undefined ? {} : { offer: event.offer }),
  };
  const invited: CallState = { name: "invited", session: state.session, invite, timers: {} };
  return chain(said, go(invited, { kind: "open-media" }));
}

/** The port is there: rings, or answers at once. */
export function takeCall(
  state: StateOf<"invited">,
  at: Extract<CallInput, { kind: "media-opened" }>,
  { policy, answer: plan }: CallParameters,
  now: Instant,
  sessionId: string,
): CallStep {
  const { session, invite } = state;
  const { dialog } = invite;
  const alerting: StateOf<"alerting"> = {
    ...{ name: "alerting", session, dialog, timers: {} },
    ...{ media: startMedia(at, policy, sessionId), description: NO_DESCRIPTION },
  };
  const described = describeFirst(alerting, invite.offer);
  if (typeof described === "string") {
    return reject(state, now, 488, described, [incompatible(described)]);
  }
  if (plan.kind === "answer" && (plan.ringMs > 0 || plan.earlyMedia)) {
    return chain(described, ring(described.state, invite, plan, now));
  }
  return chain(described, acceptCall(described.state));
}

export function acceptCall(state: StateOf<"alerting">): CallStep {
  const heard = hear(state, state.media, state.dialog);
  const { session, dialog, media, description } = heard.state;
  const accepting: CallState = { name: "accepting", session, dialog, media, timers: {} };
  return chain(
    heard,
    go(accepting, {
      kind: "session",
      command: { kind: "accept", session, headers: [], bodies: [description] },
    }),
  );
}

/** Events of the session until the ACK. */
export function receiveCallee(
  state: StateOf<"alerting" | "accepting">,
  event: SessionEvent,
  parameters: CallParameters,
  now: Instant,
): CallStep {
  switch (event.kind) {
    case "description-received":
      return receiveDescription(state, event);
    case "description-wanted":
      return giveDescription(state, event);
    case "acknowledged":
      return receiveAcknowledged(state, parameters, now);
    default:
      return go(state);
  }
}

function ring(
  state: StateOf<"alerting">,
  invite: Invite,
  plan: Extract<AnswerPlan, { kind: "answer" }>,
  now: Instant,
): CallStep {
  const { session } = state;
  const delayed = invite.offer === undefined;
  const described = plan.earlyMedia || (delayed && invite.required);
  // RFC 3261 §13.2.1: an offer of ours goes in the first reliable response, and in no other kind.
  const reliable = invite.reliable && (described || !delayed);
  const carries = described && (reliable || !delayed);
  const early = plan.earlyMedia && carries;
  const provisional: CallOutput = {
    kind: "session",
    command: {
      ...{ kind: "provisional", session, status: early ? 183 : 180, headers: [] },
      reliable: reliable ? "if-possible" : "never",
      bodies: carries ? [state.description] : [],
    },
  };
  const ringing = { ...state, timers: { answer: after(now, plan.ringMs) } };
  // No sound before the caller was told of it.
  if (!carries) return go(ringing, provisional);
  const heard = hear(ringing, ringing.media, state.dialog);
  return chain(heard, go(heard.state, provisional, ...(early ? [SPEAK] : [])));
}

/** Our first description: the answer to the offer in the INVITE, or an offer; or why there is none. */
function describeFirst(
  state: StateOf<"alerting">,
  theirs: Body | undefined,
): MediaStep<"alerting"> | string {
  const { dialog } = state;
  if (theirs === undefined) {
    const { media, body, offered } = offer(state.media, dialog);
    return { state: { ...state, media, description: body }, outputs: [mediaOffered(offered)] };
  }
  const taken = receiveOffer(state.media, dialog, theirs);
  if (!taken.ok) return `malformed SDP: ${taken.error.reason}`;
  const answered = answer(taken.value, dialog);
  if (!answered.ok) return answered.error;
  const { media, body } = answered.value;
  return { state: { ...state, media, description: body }, outputs: [] };
}

function receiveAcknowledged(
  state: StateOf<"alerting" | "accepting">,
  parameters: CallParameters,
  now: Instant,
): CallStep {
  if (state.media.active === undefined) {
    return clear(state, "the caller's ACK had no usable SDP", now);
  }
  return connect(state, state.dialog, parameters, now);
}

const SPEAK: CallOutput = { kind: "speak" };
const NO_DESCRIPTION: Body = { type: "application/sdp", content: new Uint8Array(0) };
