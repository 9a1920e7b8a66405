import { after } from "../../core/index.js";
import type { HeaderField, SipRequest } from "../message/index.js";
import type { SessionEnd, SessionEvent, SessionId } from "../session-events.js";
import { composeResponse, sendAck, sendRequest } from "./composition.js";
import type { Dialog } from "./dialog.js";
import type { Negotiation } from "./offer-answer.js";
import { stepReliable } from "./reliable-sender.js";
import type { Callee, Caller, ClientUse, Session, SessionDialog, SessionPort } from "./session.js";

export function createSession(
  id: SessionId,
  side: { readonly caller?: Caller; readonly callee?: Callee },
): Session {
  return {
    id,
    phase: "inviting",
    caller: side.caller,
    callee: side.callee,
    dialogs: new Map(),
    dialog: undefined,
    dialogCount: 0,
    outgoing: new Set(),
    incoming: new Map(),
    accepts: new Set(),
    modification: undefined,
    nextModification: undefined,
    farewell: undefined,
    byeSent: false,
    end: undefined,
  };
}

export function addDialog(
  port: SessionPort,
  session: Session,
  dialog: Dialog,
  negotiation: Negotiation,
): SessionDialog {
  const added: SessionDialog = {
    id: `${session.id}.${session.dialogCount++}`,
    dialog,
    negotiation,
    rseq: undefined,
    wanted: undefined,
    acks: new Map(),
    over: false,
    pracks: 0,
  };
  session.dialogs.set(added.id, added);
  port.register(session, added);
  return added;
}

/** The user is told nothing any more but the end. */
export function isEnding(session: Session): boolean {
  return session.phase === "terminating" || session.phase === "over";
}

/** Tells the user, unless it ended the session and waits only for `ended`. */
export function report(port: SessionPort, session: Session, event: SessionEvent): void {
  if (!isEnding(session)) port.emit(event);
}

/** The session is over: what the peer still waits for gets 487 (RFC 3261 §15.1.2). */
export function endSession(port: SessionPort, session: Session, by: SessionEnd): void {
  if (session.phase === "over") return;
  session.phase = "over";
  for (const { transaction, request, dialog } of session.incoming.values()) {
    port.respond(transaction, composeResponse(port, request, dialog, 487));
  }
  session.incoming.clear();
  session.accepts.clear();
  session.modification = undefined;
  session.nextModification = undefined;
  for (const dialog of session.dialogs.values()) dialog.wanted = undefined;
  cancelReinvites(port, session);
  for (const timer of ["reliable", "accept", "back-off"] as const) {
    port.arm(session, timer, undefined);
  }
  port.emit({ kind: "ended", session: session.id, by });
}

/** A re-INVITE of a dialog that is over may never get its final response: it is cancelled, once. */
export function cancelReinvites(port: SessionPort, session: Session): void {
  for (const use of [...session.outgoing]) {
    const open = use.purpose === "re-invite" && use.cancel === "possible" && !use.done;
    if (!open || use.transaction === undefined) continue;
    use.cancel = "sent";
    port.cancel(session, use.transaction, []);
  }
}

/** Ends the session at once for a failure; the peer is told by BYE, or by a final response. */
export function failSession(
  port: SessionPort,
  session: Session,
  status: number,
  what: string,
): void {
  const end: SessionEnd = { kind: "failure", status, what };
  const { caller, callee } = session;
  if (isEnding(session)) return;
  if (caller !== undefined && !caller.final) {
    // CANCEL goes as soon as it may; the end is reported with its outcome.
    session.phase = "terminating";
    session.farewell = [];
    session.end = end;
    return;
  }
  if (callee !== undefined && !callee.final) {
    refuseInvite(port, session, callee, Math.max(status, 500));
  } else {
    sendBye(port, session, []);
  }
  endSession(port, session, end);
}

/** A final failure to the INVITE (300 to 699). */
export function refuseInvite(
  port: SessionPort,
  session: Session,
  callee: Callee,
  status: number,
  headers: readonly HeaderField[] = [],
  reason?: string,
): void {
  const dialog = session.dialog;
  if (callee.final || dialog === undefined) return;
  callee.final = true;
  callee.accepting = undefined;
  const params = reliableParams(port, callee);
  callee.reliable = stepReliable(callee.reliable, { kind: "final" }, port.stamp.now, params).state;
  if (callee.reliable.outstanding !== undefined) {
    port.arm(session, "linger", afterT1(port, 64));
  }
  const content = { reason, headers, bodies: [] };
  port.respond(callee.transaction, composeResponse(port, callee.invite, dialog, status, content));
}

export function sendBye(
  port: SessionPort,
  session: Session,
  headers: readonly HeaderField[],
  dialog = session.dialog,
): void {
  if (dialog === undefined) return;
  if (dialog === session.dialog) session.byeSent = true;
  sendRequest(port, session, dialog, { purpose: "bye", method: "BYE", headers, bodies: [] });
}

/** What the user ordered with `terminate` goes out as soon as the rules let it. */
export function releaseFarewell(port: SessionPort, session: Session): void {
  const { caller, callee, farewell, dialog } = session;
  if (session.phase !== "terminating" || farewell === undefined || session.byeSent) return;
  if (caller !== undefined && !caller.final) {
    // RFC 3261 §9.1: no CANCEL before a provisional response.
    if (!caller.proceeding || caller.cancelled) return;
    caller.cancelled = true;
    port.cancel(session, caller.transaction, farewell);
    return;
  }
  if (dialog === undefined) return;
  // RFC 3261 §15: the callee sends no BYE before the ACK came, or its time is over.
  if (callee !== undefined && [...session.accepts].some((accept) => accept.initial)) return;
  if (dialog.wanted?.kind === "ack") sendAck(port, session, dialog, dialog.wanted.sequence);
  dialog.wanted = undefined;
  sendBye(port, session, farewell);
}

/** The BYE of the user is answered, or nobody answers it. */
export function finishBye(port: SessionPort, use: ClientUse): void {
  const session = use.session;
  if (use.dialog !== session.dialog) return;
  if (session.phase === "terminating") endSession(port, session, session.end ?? local);
}

/** A request to end the dialog came (RFC 3261 §15.1.2); it is answered already. */
export function receiveBye(
  port: SessionPort,
  session: Session,
  dialog: SessionDialog,
  request: SipRequest,
): void {
  if (dialog !== session.dialog) {
    endEarlyDialog(port, session, dialog);
    return;
  }
  if (session.callee !== undefined) refuseInvite(port, session, session.callee, 487);
  if (session.phase === "terminating") endSession(port, session, session.end ?? local);
  else endSession(port, session, { kind: "request", request });
}

/** One early dialog of several is over; the INVITE goes on. */
export function endEarlyDialog(port: SessionPort, session: Session, dialog: SessionDialog): void {
  if (dialog.over) return;
  dialog.over = true;
  dialog.wanted = undefined;
  report(port, session, { kind: "early-dialog-ended", session: session.id, dialog: dialog.id });
}

export function reliableParams(port: SessionPort, callee: Callee) {
  return {
    T1: port.settings.timers.T1,
    sequence: callee.sequence,
    maximumQueue: port.settings.maximumQueuedProvisionals,
  };
}

export const local: SessionEnd = { kind: "local" };

function afterT1(port: SessionPort, times: number) {
  return after(port.stamp.now, times * port.settings.timers.T1);
}
