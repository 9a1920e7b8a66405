import { sendRequest } from "./composition.js";
import { allows } from "./dialog.js";
import { report } from "./lifecycle.js";
import { findDescription, mayOffer, sendOffer } from "./offer-answer.js";
import type { CommandOf, Modification, Session, SessionDialog, SessionPort } from "./session.js";

/** Takes a modify of the user: one under way, one more that waits; a third displaces the second. */
export function orderModification(
  port: SessionPort,
  session: Session,
  command: CommandOf<"modify">,
): void {
  if (session.modification === undefined) {
    session.modification = begin(command);
    return;
  }
  if (session.nextModification !== undefined) {
    report(port, session, { kind: "modified", session: session.id, ok: false, status: 491 });
  }
  session.nextModification = command;
}

/** Sends the modify that waits as soon as the rules let it. */
export function releaseModification(port: SessionPort, session: Session): void {
  const modification = session.modification;
  if (modification?.stage !== "waiting") return;
  if (session.phase !== "inviting" && session.phase !== "confirmed") return;
  const dialog = dialogFor(session, modification.command);
  if (dialog === undefined) return;
  const method = methodFor(session, dialog, modification.command);
  if (method === "refused") finishModification(port, session, false, 405);
  else if (method !== undefined) sendModification(port, session, dialog, modification, method);
}

/** The offer that waits for a PRACK to ride in (RFC 3262 §5), when it may go now. */
export function takeOfferForPrack(
  session: Session,
  dialog: SessionDialog,
): Modification | undefined {
  const modification = session.modification;
  if (modification?.stage !== "waiting" || modification.command.method !== "PRACK")
    return undefined;
  if (session.phase !== "inviting" || !mayOffer(dialog.negotiation)) return undefined;
  if (findDescription(modification.command.bodies) === undefined) return undefined;
  if (dialogFor(session, modification.command) !== dialog) return undefined;
  return modification;
}

/** The wait after a 491 or 500 is over. */
export function retryModification(session: Session): void {
  if (session.modification?.stage === "backing-off") session.modification.stage = "waiting";
}

/** Ends the modify at hand and lets the next one come up. */
export function finishModification(
  port: SessionPort,
  session: Session,
  ok: boolean,
  status: number,
): void {
  if (session.modification === undefined) return;
  const next = session.nextModification;
  session.modification = next === undefined ? undefined : begin(next);
  session.nextModification = undefined;
  port.arm(session, "back-off", undefined);
  report(port, session, { kind: "modified", session: session.id, ok, status });
}

function begin(command: CommandOf<"modify">): Modification {
  return { command, stage: "waiting", attempts: 0, use: undefined };
}

/** The confirmed dialog, the one that was asked for, or the early one that was made last. */
function dialogFor(session: Session, command: CommandOf<"modify">): SessionDialog | undefined {
  if (command.dialog !== undefined && session.dialog === undefined) {
    return session.dialogs.get(command.dialog);
  }
  return session.dialog ?? [...session.dialogs.values()].findLast((dialog) => !dialog.over);
}

function methodFor(
  session: Session,
  dialog: SessionDialog,
  command: CommandOf<"modify">,
): "INVITE" | "UPDATE" | "refused" | undefined {
  const confirmed = session.phase === "confirmed";
  if (dialog.over) return "refused";
  if (command.method === "UPDATE" && !allows(dialog.dialog, "UPDATE")) return "refused";
  const update =
    command.method === "UPDATE" ||
    (command.method === "auto" && !confirmed && allows(dialog.dialog, "UPDATE"));
  if (update) return mayUpdate(session, dialog, command) ? "UPDATE" : undefined;
  return confirmed && mayReinvite(session, dialog) ? "INVITE" : undefined;
}

/** RFC 3261 §14.1: no INVITE transaction is under way in either direction, and no offer is open. */
function mayReinvite(session: Session, dialog: SessionDialog): boolean {
  const busy = [...session.outgoing].some((use) => use.purpose === "re-invite" && !use.done);
  const asked = [...session.incoming.values()].some(isModifying);
  return !busy && !asked && isSettled(session, dialog);
}

/** RFC 3311 §5.1. */
function mayUpdate(session: Session, dialog: SessionDialog, command: CommandOf<"modify">): boolean {
  const callee = session.callee;
  const busy = [...session.outgoing].some((use) => use.purpose === "update" && !use.done);
  const asked = [...session.incoming.values()].some(isModifying);
  if (busy || asked) return false;
  // The peer has no dialog before it acknowledged a reliable response of ours.
  if (callee !== undefined && !callee.final) {
    if (callee.reliable.acknowledged === 0 || callee.accepting !== undefined) return false;
    if (callee.reliable.outstanding !== undefined || callee.reliable.queue.length > 0) return false;
  }
  if (findDescription(command.bodies) === undefined) return session.accepts.size === 0;
  return isSettled(session, dialog);
}

function isModifying(incoming: { readonly request: { readonly method: string } }): boolean {
  return incoming.request.method === "INVITE" || incoming.request.method === "UPDATE";
}

function isSettled(session: Session, dialog: SessionDialog): boolean {
  const open = dialog.wanted !== undefined || dialog.pracks > 0 || session.accepts.size > 0;
  return !open && mayOffer(dialog.negotiation);
}

function sendModification(
  port: SessionPort,
  session: Session,
  dialog: SessionDialog,
  modification: Modification,
  method: "INVITE" | "UPDATE",
): void {
  const { headers, bodies } = modification.command;
  if (findDescription(bodies) !== undefined) {
    dialog.negotiation = sendOffer(dialog.negotiation, method);
  }
  // RFC 3262 §3: the RSeq of each INVITE counts for itself.
  if (method === "INVITE") dialog.rseq = undefined;
  modification.stage = "under-way";
  modification.attempts++;
  const purpose = method === "INVITE" ? "re-invite" : "update";
  modification.use = sendRequest(port, session, dialog, { purpose, method, headers, bodies });
}
