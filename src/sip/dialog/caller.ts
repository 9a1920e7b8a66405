import { header, type SipResponse } from "../message/index.js";
import type { Flow } from "../session-events.js";
import { descriptionIn, sendAck } from "./composition.js";
import { confirmCallerDialog, createCallerDialog, notePeer, tagOf } from "./dialog.js";
import {
  addDialog,
  endEarlyDialog,
  endSession,
  failSession,
  local,
  report,
  sendBye,
} from "./lifecycle.js";
import { complete, noNegotiation, sendOffer } from "./offer-answer.js";
import { bookDescription, processProvisional } from "./provisional-receiver.js";
import type { Caller, Session, SessionDialog, SessionPort } from "./session.js";

/** A response to the INVITE that began the session (RFC 3261 §13.2.2). */
export function receiveInviteResponse(
  port: SessionPort,
  session: Session,
  caller: Caller,
  response: SipResponse,
  flow: Flow,
): void {
  if (response.status < 200) receiveProvisional(port, session, caller, response, flow);
  else if (response.status < 300) receiveAccept(port, session, caller, response, flow);
  else if (!caller.final) {
    caller.final = true;
    const ended = session.phase === "terminating";
    const by = ended ? ({ kind: "local", response } as const) : undefined;
    endSession(port, session, session.end ?? by ?? { kind: "response", response });
  }
}

/** No answer (408) or no way (503) to the INVITE; RFC 3261 §8.1.3.1. */
export function failInvite(
  port: SessionPort,
  session: Session,
  caller: Caller,
  status: number,
  what: string,
): void {
  if (caller.final) return;
  caller.final = true;
  const ended = session.phase === "terminating" ? (session.end ?? local) : undefined;
  endSession(port, session, ended ?? { kind: "failure", status, what });
}

function receiveProvisional(
  port: SessionPort,
  session: Session,
  caller: Caller,
  response: SipResponse,
  flow: Flow,
): void {
  caller.proceeding = true;
  if (caller.final) return;
  const tagged = response.status > 100 && tagOf(response.headers, header.to) !== "";
  if (!tagged) {
    const status = response.status;
    report(port, session, { kind: "provisional-received", session: session.id, status, response });
    return;
  }
  const dialog = dialogOf(port, session, caller, response, flow);
  if (dialog === undefined || dialog.over) return;
  dialog.dialog = notePeer(dialog.dialog, response, flow);
  processProvisional(port, session, dialog, response, true);
  // RFC 6228 §4: that early dialog is over, the others go on.
  if (response.status === 199) endEarlyDialog(port, session, dialog);
}

/** RFC 3261 §13.2.2.4: each 2xx gets its ACK; the first confirms, those of other forks get a BYE. */
function receiveAccept(
  port: SessionPort,
  session: Session,
  caller: Caller,
  response: SipResponse,
  flow: Flow,
): void {
  const sequence = response.headers.value(header.cSeq)?.number ?? 0;
  const dialog = dialogOf(port, session, caller, response, flow);
  if (dialog === undefined) return;
  const sent = dialog.acks.get(sequence);
  if (sent !== undefined) {
    port.repeatAck(sent);
    return;
  }
  if (dialog.wanted?.kind === "ack") return;
  dialog.dialog = confirmCallerDialog(dialog.dialog, response, flow);
  if (session.dialog !== undefined) {
    // Its end was reported with the first 2xx, or the user never heard of it.
    dialog.over = true;
    sendAck(port, session, dialog, sequence);
    sendBye(port, session, [], dialog);
    return;
  }
  caller.final = true;
  session.dialog = dialog;
  dialog.over = false;
  if (session.phase === "inviting") session.phase = "confirmed";
  for (const other of session.dialogs.values()) {
    if (other !== dialog) endEarlyDialog(port, session, other);
  }
  if (session.phase === "confirmed") concludeAccept(port, session, dialog, response, sequence);
  else sendAck(port, session, dialog, sequence);
}

function concludeAccept(
  port: SessionPort,
  session: Session,
  dialog: SessionDialog,
  response: SipResponse,
  sequence: number,
): void {
  const before = dialog.negotiation;
  const body = descriptionIn(port, response);
  const role = body === undefined ? undefined : bookDescription(port, dialog, body, true);
  const named = { session: session.id, dialog: dialog.id };
  // RFC 3261 §13.2.1 wants the answer in the 2xx; one that was shown before is taken for it.
  const shown = before.name === "offer-sent" && before.preview !== undefined;
  if (body === undefined && shown) dialog.negotiation = complete();
  if (body !== undefined && role !== undefined) {
    report(port, session, {
      kind: "description-received",
      ...named,
      role,
      body,
      carrier: response,
    });
  }
  const open = before.name === "offer-sent" && before.carrier === "INVITE";
  const missing = body === undefined && ((open && !shown) || isUnopened(before));
  if (role !== "offer") sendAck(port, session, dialog, sequence);
  if (missing) {
    failSession(port, session, 500, "2xx without a session description");
    return;
  }
  report(port, session, { kind: "answered", ...named, response });
  if (role !== "offer") return;
  dialog.wanted = { kind: "ack", role: "answer", sequence };
  report(port, session, { kind: "description-wanted", ...named, role: "answer", method: "ACK" });
}

function isUnopened(negotiation: SessionDialog["negotiation"]): boolean {
  return negotiation.name === "idle" && !negotiation.established;
}

/** The dialog of a response by its To tag, made when it is new (RFC 3261 §12.1.2). */
function dialogOf(
  port: SessionPort,
  session: Session,
  caller: Caller,
  response: SipResponse,
  flow: Flow,
): SessionDialog | undefined {
  const tag = tagOf(response.headers, header.to);
  for (const dialog of session.dialogs.values()) {
    if (dialog.dialog.remoteTag === tag) return dialog;
  }
  const isFull = session.dialogs.size >= port.settings.maximumEarlyDialogs;
  if (isFull) port.anomaly("early-dialogs-exhausted");
  if (isFull && response.status < 200) return undefined;
  const dialog = createCallerDialog(caller.invite, response, flow);
  if (dialog === undefined) return undefined;
  if (isFull) evictDialog(port, session);
  const books = caller.offered ? sendOffer(noNegotiation, "INVITE") : noNegotiation;
  return addDialog(port, session, dialog, books);
}

/** RFC 3261 §13.2.2.4: a 2xx always has its dialog; the oldest that is not confirmed makes room. */
function evictDialog(port: SessionPort, session: Session): void {
  const others = [...session.dialogs.values()].filter((one) => one !== session.dialog);
  const oldest = others.find(({ acks }) => acks.size === 0) ?? others[0];
  if (oldest === undefined) return;
  endEarlyDialog(port, session, oldest);
  session.dialogs.delete(oldest.id);
  port.unregister(oldest);
}
