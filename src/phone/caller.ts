import { after, type Instant } from "../core/index.js";
import type { DialogId, SessionEvent } from "../sip/index.js";
import { clear, finish } from "./call-clearing.js";
import {
  differences,
  giveDescription,
  hear,
  mediaOffered,
  milestone,
  receiveDescription,
} from "./call-descriptions.js";
import type { CallInput, CallOutput, CallParameters, PlaceOrder } from "./call-events.js";
import { dialogMedia, dropDialog, offer, startMedia } from "./call-media.js";
import { type CallState, type CallStep, chain, go, type StateOf } from "./call-state.js";
import { connect } from "./talking.js";

export function openCall(state: CallState, order: PlaceOrder): CallStep {
  const opening: CallState = { name: "opening", session: state.session, order, timers: {} };
  return go(opening, milestone({ kind: "placed", target: order.target }), { kind: "open-media" });
}

/** The port is there: the INVITE goes, with an offer or without. */
export function sendInvite(
  state: StateOf<"opening">,
  at: Extract<CallInput, { kind: "media-opened" }>,
  parameters: CallParameters,
  now: Instant,
  sessionId: string,
): CallStep {
  const { session, order } = state;
  const fresh = startMedia(at, parameters.policy, sessionId);
  const offering = order.delayedOffer ? undefined : offer(fresh, undefined);
  const { target, destination, from, to, headers } = order;
  const invite: CallOutput = {
    kind: "session",
    command: {
      ...{ kind: "invite", session, target, destination, from, to, headers },
      reliability: parameters.reliability,
      bodies: offering === undefined ? [] : [offering.body],
    },
  };
  const calling: CallState = {
    ...{ name: "calling", session, media: offering?.media ?? fresh, ringing: [] },
    timers: parameters.giveUpMs > 0 ? { giveUp: after(now, parameters.giveUpMs) } : {},
  };
  return offering === undefined
    ? go(calling, invite)
    : go(calling, mediaOffered(offering.offered), invite);
}

export function failOpening(state: CallState, what: string): CallStep {
  return finish(state, { by: "failure", causes: [], why: what });
}

export function giveUp(
  state: StateOf<"calling">,
  { giveUpMs }: CallParameters,
  now: Instant,
): CallStep {
  return clear(state, `no answer within ${giveUpMs / 1000} s`, now);
}

/** Events of the session until it is answered. */
export function receiveCalling(
  state: StateOf<"calling">,
  event: SessionEvent,
  parameters: CallParameters,
  now: Instant,
): CallStep {
  switch (event.kind) {
    case "description-received":
      return receiveDescription(state, event);
    case "description-wanted":
      return giveDescription(state, event);
    case "provisional-received":
      return receiveProvisional(state, event);
    case "early-dialog-ended":
      return loseDialog(state, event.dialog);
    case "answered":
      return receiveAnswered(state, event.dialog, parameters, now);
    default:
      return go(state);
  }
}

function receiveProvisional(
  state: StateOf<"calling">,
  { status, response, dialog }: Extract<SessionEvent, { kind: "provisional-received" }>,
): CallStep {
  if (status === 100) return go(state, milestone({ kind: "trying" }));
  if (status !== 180) {
    return go(state, milestone({ kind: "progress", status, reason: response.reason }));
  }
  const heard = dialog ?? "";
  if (state.ringing.includes(heard)) return go(state);
  const ringing = [...state.ringing, heard];
  const where = dialog === undefined ? {} : { dialog };
  return go({ ...state, ringing }, milestone({ kind: "ringing", ...where }));
}

function loseDialog(state: StateOf<"calling">, dialog: DialogId): CallStep {
  const media = dropDialog(state.media, dialog);
  return go(
    { ...state, media },
    milestone({ kind: "early-dialog-ended", dialog }),
    ...differences(state, media, true),
  );
}

/** The dialog that answered is heard from now on, whichever was before. */
function receiveAnswered(
  state: StateOf<"calling">,
  dialog: DialogId,
  parameters: CallParameters,
  now: Instant,
): CallStep {
  const { agreement, offer: waiting } = dialogMedia(state.media, dialog);
  if (agreement === undefined && waiting === undefined) {
    return clear(state, "the far end answered without usable SDP", now);
  }
  const heard = hear(state, state.media, dialog);
  return chain(heard, connect(heard.state, dialog, parameters, now));
}
