import { type CallEvent, cause as ownCause } from "../call/index.js";
import type { Machine, Wake } from "../core/index.js";
import type { SessionEvent } from "../sip/index.js";
import type { SipProfile } from "./profile.js";
import type { SipLegInput, SipLegOutput } from "./sip-leg.js";
import { clear, endOfSession, finish } from "./sip-leg-clearing.js";
import * as incoming from "./sip-leg-incoming.js";
import { dropOffer, forgetDialog, giveDescription, receiveDescription } from "./sip-leg-media.js";
import * as outgoing from "./sip-leg-outgoing.js";
import * as renegotiation from "./sip-leg-renegotiation.js";
import {
  anomaly,
  change,
  command,
  type EventOf,
  type InputOf,
  type Run,
  type SipLegState,
} from "./sip-leg-state.js";

/** The machine of the legs of one peer. It has no timers: those of a SIP call are the stack's. */
export function sipLeg(profile: SipProfile): Machine<SipLegState, SipLegInput, SipLegOutput> {
  return {
    step(state: SipLegState, input: SipLegInput | Wake) {
      const run: Run = { state, profile, outputs: [] };
      if (state.phase !== "ended") take(run, input);
      return { state: run.state, outputs: run.outputs };
    },
    deadline: () => undefined,
  };
}

function take(run: Run, input: SipLegInput | Wake): void {
  switch (input.kind) {
    case "session":
      takeSession(run, input.event);
      break;
    case "call":
      takeCall(run, input.event);
      break;
    case "media-opened":
      takeOpened(run, input);
      break;
    case "media-failed":
      takeFailed(run, input);
      break;
    case "renegotiate":
      // Who wants other media has said what comes first.
      change(run, { preferred: [] });
      renegotiation.renegotiate(run);
      break;
    case "data-heard":
      renegotiation.hearData(run);
      break;
    case "prefer":
      renegotiation.prefer(run, input);
      break;
    case "wake":
      break;
  }
}

function takeOpened(run: Run, { address, port, rtcpPort }: InputOf<"media-opened">): void {
  if (!run.state.opening) {
    anomaly(run, "media port opened out of place");
    return;
  }
  change(run, { local: { address, port, rtcpPort }, opening: false });
  const { over, cause, phase, role } = run.state;
  if (over && cause !== undefined) finish(run, cause);
  else if (phase === "opening" && role === "incoming") incoming.beginIncoming(run);
  else if (phase === "opening") outgoing.invite(run);
}

function takeFailed(run: Run, { what }: InputOf<"media-failed">): void {
  if (!run.state.opening) return;
  change(run, { opening: false });
  const { over, cause } = run.state;
  if (over && cause !== undefined) finish(run, cause);
  // RFC 3398 §7.2.4.1: 47 is 503
  else clear(run, ownCause(47, "private-network-local", `no media port: ${what}`));
}

function takeSession(run: Run, event: SessionEvent): void {
  switch (event.kind) {
    case "ended":
      endOfSession(run, event);
      break;
    case "early-dialog-ended":
      forgetDialog(run, event.dialog);
      break;
    case "request-received":
      respond(run, event);
      break;
    case "invite-received":
      if (run.state.phase === "idle") incoming.receiveInvite(run, event);
      break;
    case "description-received":
      if (run.state.phase !== "ending") receiveDescription(run, event);
      break;
    case "description-wanted":
      giveDescription(run, event);
      renegotiation.resume(run);
      break;
    case "offer-withdrawn":
      dropOffer(run, event.dialog);
      break;
    case "provisional-received":
      outgoing.receiveProvisional(run, event);
      break;
    case "answered":
      outgoing.receiveAnswer(run, event);
      renegotiation.resume(run);
      break;
    case "acknowledged":
      renegotiation.resume(run);
      break;
    case "modified":
      renegotiation.endModification(run, event);
      break;
    case "refreshed":
    case "request-answered":
      break;
  }
}

function takeCall(run: Run, event: CallEvent): void {
  const { role, phase } = run.state;
  if (event.kind === "disconnect" || event.kind === "release") {
    clear(run, event.cause, event.userUser);
  } else if (role === "outgoing") {
    if (event.kind === "setup" && phase === "idle") outgoing.beginOutgoing(run, event);
  } else if (phase === "inviting") {
    takeReply(run, event);
  }
}

/** What the called side says of an incoming call. */
function takeReply(run: Run, event: CallEvent): void {
  switch (event.kind) {
    case "alerting":
      incoming.alert(run, event);
      break;
    case "progress":
    case "proceeding":
      incoming.progress(run, event);
      break;
    case "notify":
      incoming.notify(run, event);
      break;
    case "connect":
      incoming.accept(run, event);
      break;
    default:
      break;
  }
}

/** Requests within the dialog that no part of the call is behind. */
function respond(run: Run, { transaction, request }: EventOf<"request-received">): void {
  const status = STATUS_OF_METHOD.get(request.method) ?? 405;
  // RFC 6086 §4.2.2: an INFO without a body is harmless, one with a body is not understood
  const isEmptyInfo = request.method === "INFO" && request.body.length === 0;
  const answer = isEmptyInfo ? 200 : status;
  const headers = answer === 405 ? [{ name: "Allow", value: METHODS }] : [];
  command(run, { kind: "respond", transaction, status: answer, headers, bodies: [] });
}

const METHODS = "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO";
const STATUS_OF_METHOD: ReadonlyMap<string, number> = new Map([
  ["INFO", 415],
  ["NOTIFY", 481], // RFC 6665 §4.1.3: no subscription
  ["REFER", 603],
]);
