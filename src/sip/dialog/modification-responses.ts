import { after } from "../../core/index.js";
import { header, type SipResponse } from "../message/index.js";
import type { Flow } from "../session-events.js";
import { descriptionIn, sendAck } from "./composition.js";
import { notePeer, refreshTarget } from "./dialog.js";
import { cancelReinvites, endEarlyDialog, failSession, report } from "./lifecycle.js";
import { finishModification } from "./modification.js";
import { complete, receiveOffer, withdraw } from "./offer-answer.js";
import { processProvisional } from "./provisional-receiver.js";
import type { ClientUse, Session, SessionDialog, SessionPort } from "./session.js";

/** A response to our PRACK that carried an offer, or to one that did not. */
export function receivePrackResponse(
  port: SessionPort,
  use: ClientUse,
  response: SipResponse | undefined,
  status: number,
): void {
  const { session, dialog } = use;
  if (dialog === undefined) return;
  dialog.pracks--;
  // A PRACK that failed ends nothing: the final response to the INVITE will tell.
  if (status >= 300) port.anomaly("prack-refused");
  if (session.modification?.use === use) concludeOffer(port, use, response, status);
}

/** A response to our re-INVITE (RFC 3261 §14.1). */
export function receiveReinviteResponse(
  port: SessionPort,
  use: ClientUse,
  response: SipResponse,
  flow: Flow,
): void {
  const { session, dialog } = use;
  if (dialog === undefined) return;
  dialog.dialog = notePeer(dialog.dialog, response, flow);
  if (response.status < 200) {
    if (use.cancel === "not-yet") use.cancel = "possible";
    if (session.phase === "over") cancelReinvites(port, session);
    if (!use.done && response.status > 100) {
      processProvisional(port, session, dialog, response, false);
    }
    return;
  }
  const sent = dialog.acks.get(use.sequence);
  if (sent !== undefined) port.repeatAck(sent);
  if (use.done) return;
  use.done = true;
  if (response.status >= 300) {
    failModification(port, use, response.status, response);
    return;
  }
  dialog.dialog = refreshTarget(dialog.dialog, response);
  if (!use.offered && takeDelayedOffer(port, use, dialog, response)) return;
  sendAck(port, session, dialog, use.sequence);
  concludeOffer(port, use, response, response.status);
}

/** The final response to our UPDATE (RFC 3311 §5.1). */
export function receiveUpdateResponse(
  port: SessionPort,
  use: ClientUse,
  response: SipResponse,
): void {
  const dialog = use.dialog;
  if (dialog === undefined) return;
  if (response.status >= 300) {
    failModification(port, use, response.status, response);
    return;
  }
  dialog.dialog = refreshTarget(dialog.dialog, response);
  concludeOffer(port, use, response, response.status);
}

/** Our re-INVITE or UPDATE failed: the session is as it was, or it is over (RFC 3261 §12.2.1.2). */
export function failModification(
  port: SessionPort,
  use: ClientUse,
  status: number,
  response?: SipResponse,
): void {
  const { session, dialog } = use;
  if (dialog === undefined) return;
  if (use.offered) dialog.negotiation = withdraw(dialog.negotiation);
  const modification = session.modification;
  if (modification?.use !== use) return;
  if (status === 481 || status === 408) {
    loseDialog(port, session, dialog, status, `${use.method} in the dialog answered ${status}`);
    return;
  }
  const wait = backOff(port, session, status, response);
  if (wait === undefined || modification.attempts >= MAXIMUM_ATTEMPTS) {
    finishModification(port, session, false, status);
    return;
  }
  modification.stage = "backing-off";
  modification.use = undefined;
  port.arm(session, "back-off", after(port.stamp.now, wait));
}

/** 481 or 408 within a dialog: it is over; of an early one of several only that. */
export function loseDialog(
  port: SessionPort,
  session: Session,
  dialog: SessionDialog,
  status: number,
  what: string,
): void {
  if (session.caller !== undefined && session.dialog !== dialog) {
    endEarlyDialog(port, session, dialog);
    const carried = session.modification?.use?.dialog === dialog;
    if (carried) finishModification(port, session, false, status);
    return;
  }
  failSession(port, session, status, what);
}

/** The 2xx to a re-INVITE without an offer has it; its answer goes in the ACK. */
function takeDelayedOffer(
  port: SessionPort,
  use: ClientUse,
  dialog: SessionDialog,
  response: SipResponse,
): boolean {
  const session = use.session;
  const body = descriptionIn(port, response);
  const offered = receiveOffer(dialog.negotiation, "2xx");
  if (body === undefined || "status" in offered || session.phase !== "confirmed") return false;
  dialog.negotiation = offered.state;
  dialog.wanted = { kind: "ack", role: "answer", sequence: use.sequence };
  const named = { session: session.id, dialog: dialog.id };
  report(port, session, {
    kind: "description-received",
    ...named,
    role: "offer",
    body,
    carrier: response,
  });
  report(port, session, { kind: "description-wanted", ...named, role: "answer", method: "ACK" });
  return true;
}

/** The answer to our offer, in the response to the request that carried it. */
function concludeOffer(
  port: SessionPort,
  use: ClientUse,
  response: SipResponse | undefined,
  status: number,
): void {
  const { session, dialog } = use;
  if (dialog === undefined) return;
  const open = use.offered && dialog.negotiation.name === "offer-sent";
  const succeeded = status < 300 && response !== undefined;
  const body = open && succeeded ? descriptionIn(port, response) : undefined;
  if (body !== undefined && response !== undefined) {
    const carrier = response;
    dialog.negotiation = complete();
    report(port, session, {
      kind: "description-received",
      session: session.id,
      dialog: dialog.id,
      role: "answer",
      body,
      carrier,
    });
  } else if (open) {
    dialog.negotiation = withdraw(dialog.negotiation);
    if (succeeded) port.anomaly("answer-missing");
  }
  if (session.modification?.use !== use) return;
  finishModification(port, session, succeeded && (!open || body !== undefined), status);
}

/** How long to wait before the next try, in ms; undefined: there is none. */
function backOff(
  port: SessionPort,
  session: Session,
  status: number,
  response: SipResponse | undefined,
): number | undefined {
  const entropy = port.stamp.entropy;
  if (status === 491) {
    // RFC 3261 §14.1: in units of 10 ms; the owner of the Call-ID waits longer.
    if (session.caller !== undefined) return entropy.between(210, 400) * 10;
    return entropy.between(0, 200) * 10;
  }
  const retryAfter = response?.headers.value(header.retryAfter)?.seconds;
  if (status !== 500 || retryAfter === undefined || retryAfter > 10) return undefined;
  return Math.max(retryAfter * 1000, 10);
}

/** Tries before a modify that always meets another is given up. */
const MAXIMUM_ATTEMPTS = 8;
