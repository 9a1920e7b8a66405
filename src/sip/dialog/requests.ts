import { header } from "../message/index.js";
import { receivePrack, refuseOffer, reportDescription, sendAccept } from "./callee.js";
import { composeResponse, descriptionIn, type ResponseContent, sendAck } from "./composition.js";
import { refreshTarget } from "./dialog.js";
import { failSession, isEnding, receiveBye, report } from "./lifecycle.js";
import { finishModification } from "./modification.js";
import { complete, findDescription, receiveOffer, sendOffer, withdraw } from "./offer-answer.js";
import { sendPrack } from "./provisional-receiver.js";
import type {
  CommandOf,
  Incoming,
  Session,
  SessionDialog,
  SessionPort,
  Wanted,
} from "./session.js";

/** A request of the peer within a dialog whose CSeq is in order; not ACK, CANCEL or OPTIONS. */
export function receiveRequest(port: SessionPort, session: Session, incoming: Incoming): void {
  const { dialog, request } = incoming;
  if (request.method === "BYE") {
    answer(port, incoming, 200);
    receiveBye(port, session, dialog, request);
  } else if (request.method === "PRACK") {
    receivePrack(port, session, incoming);
  } else if (isEnding(session) || dialog.over) {
    answer(port, incoming, 481);
  } else if (request.method === "INVITE") {
    receiveReinvite(port, session, incoming);
  } else if (request.method === "UPDATE") {
    receiveUpdate(port, session, incoming);
  } else {
    session.incoming.set(incoming.transaction, incoming);
    const { transaction } = incoming;
    report(port, session, { kind: "request-received", session: session.id, transaction, request });
  }
}

/** CANCEL of a re-INVITE that is not answered: the session is as it was (RFC 3261 §9.2, §14.1). */
export function cancelReinvite(port: SessionPort, session: Session, incoming: Incoming): void {
  const { dialog } = incoming;
  session.incoming.delete(incoming.transaction);
  answer(port, incoming, 487);
  if (dialog.wanted?.kind !== "response" || dialog.wanted.incoming !== incoming) return;
  dialog.wanted = undefined;
  dialog.negotiation = withdraw(dialog.negotiation);
  report(port, session, { kind: "offer-withdrawn", session: session.id, dialog: dialog.id });
}

/** The description that the user owed. */
export function describe(
  port: SessionPort,
  session: Session,
  command: CommandOf<"describe">,
): void {
  const dialog = session.dialogs.get(command.dialog);
  const wanted = dialog?.wanted;
  if (dialog === undefined || wanted === undefined) {
    port.anomaly("describe-out-of-place");
    return;
  }
  if (findDescription(command.bodies) === undefined) {
    port.anomaly("describe-without-description");
    refuseWanted(port, session, dialog, wanted, 500, { headers: [], bodies: [] });
    return;
  }
  dialog.wanted = undefined;
  if (wanted.kind === "response") {
    describeResponse(port, session, dialog, wanted, command);
    return;
  }
  dialog.negotiation = complete();
  if (wanted.kind === "prack") {
    sendPrack(port, session, dialog, wanted.response, command);
    return;
  }
  sendAck(port, session, dialog, wanted.sequence, command);
  const carrier = session.modification?.use;
  // Our re-INVITE without an offer is complete with this ACK.
  const ours = carrier?.purpose === "re-invite" && carrier.sequence === wanted.sequence;
  if (ours) finishModification(port, session, true, 200);
}

/** The user cannot take the offer, or make the one that was asked for. */
export function refuse(port: SessionPort, session: Session, command: CommandOf<"refuse">): void {
  const dialog = session.dialogs.get(command.dialog);
  const wanted = dialog?.wanted;
  if (dialog === undefined || wanted === undefined) {
    port.anomaly("refuse-out-of-place");
    return;
  }
  const status = command.status >= 300 && command.status <= 699 ? command.status : 488;
  refuseWanted(port, session, dialog, wanted, status, { headers: command.headers, bodies: [] });
}

/** RFC 3261 §14.2. */
function receiveReinvite(port: SessionPort, session: Session, incoming: Incoming): void {
  const { dialog, request } = incoming;
  const { caller, callee } = session;
  if (callee !== undefined && !callee.final) {
    refuseOffer(port, incoming, 500);
    return;
  }
  const ours = [...session.outgoing].some((use) => use.purpose === "re-invite" && !use.done);
  if (ours || (caller !== undefined && !caller.final)) {
    refuseOffer(port, incoming, 491);
    return;
  }
  const status = modifyingStatus(session, dialog);
  if (status !== undefined) {
    refuseOffer(port, incoming, status);
    return;
  }
  const body = descriptionIn(port, request);
  if (body !== undefined) {
    const offered = receiveOffer(dialog.negotiation, "INVITE");
    if ("state" in offered) dialog.negotiation = offered.state;
  }
  want(port, session, incoming, body);
}

/** RFC 3311 §5.2. */
function receiveUpdate(port: SessionPort, session: Session, incoming: Incoming): void {
  const { dialog, request } = incoming;
  const body = descriptionIn(port, request);
  const second = [...session.incoming.values()].some(
    ({ request: { method } }) => method === "UPDATE",
  );
  if (second) {
    refuseOffer(port, incoming, 500);
    return;
  }
  if (body === undefined) {
    dialog.dialog = refreshTarget(dialog.dialog, request);
    answer(port, incoming, 200);
    const named = { session: session.id, dialog: dialog.id };
    report(port, session, { kind: "refreshed", ...named, request });
    return;
  }
  const status = modifyingStatus(session, dialog);
  if (status !== undefined) {
    refuseOffer(port, incoming, status);
    return;
  }
  // No offer by UPDATE before the first exchange is complete (RFC 3311 §5.1).
  if (!dialog.negotiation.established) {
    refuseOffer(port, incoming, 500);
    return;
  }
  const offered = receiveOffer(dialog.negotiation, "UPDATE");
  if ("state" in offered) dialog.negotiation = offered.state;
  want(port, session, incoming, body);
}

/** What refuses an offer now: ours is out (491), or theirs is not answered yet (500). */
function modifyingStatus(session: Session, dialog: SessionDialog): 491 | 500 | undefined {
  const offered = receiveOffer(dialog.negotiation, "UPDATE");
  if ("status" in offered) return offered.status;
  const asked = [...session.incoming.values()].some(
    ({ request: { method } }) => method === "INVITE",
  );
  return asked || dialog.wanted !== undefined ? 500 : undefined;
}

function want(
  port: SessionPort,
  session: Session,
  incoming: Incoming,
  body: ReturnType<typeof descriptionIn>,
): void {
  const { dialog, request, transaction } = incoming;
  const role = body === undefined ? "offer" : "answer";
  session.incoming.set(transaction, incoming);
  dialog.wanted = { kind: "response", role, incoming };
  if (body !== undefined) reportDescription(port, session, dialog, "offer", body, request);
  const method = request.method === "INVITE" ? "INVITE" : "UPDATE";
  const named = { session: session.id, dialog: dialog.id };
  report(port, session, { kind: "description-wanted", ...named, role, method });
}

function describeResponse(
  port: SessionPort,
  session: Session,
  dialog: SessionDialog,
  wanted: Extract<Wanted, { kind: "response" }>,
  content: ResponseContent,
): void {
  const { transaction, request } = wanted.incoming;
  session.incoming.delete(transaction);
  dialog.negotiation = wanted.role === "answer" ? complete() : sendOffer(dialog.negotiation, "2xx");
  if (request.method !== "PRACK") dialog.dialog = refreshTarget(dialog.dialog, request);
  if (request.method !== "INVITE") {
    port.respond(transaction, composeResponse(port, request, dialog, 200, content));
    return;
  }
  const sequence = request.headers.value(header.cSeq)?.number ?? 0;
  sendAccept(port, session, { transaction, sequence, invite: request }, dialog, content);
}

function refuseWanted(
  port: SessionPort,
  session: Session,
  dialog: SessionDialog,
  wanted: Wanted,
  status: number,
  content: ResponseContent,
): void {
  dialog.wanted = undefined;
  dialog.negotiation = withdraw(dialog.negotiation);
  if (wanted.kind === "response") {
    const { transaction, request } = wanted.incoming;
    session.incoming.delete(transaction);
    port.respond(transaction, composeResponse(port, request, dialog, status, content));
    return;
  }
  // An offer in a response cannot be refused but by the end of what it is for (RFC 6337 §3.3).
  const what = "the peer's offer was refused";
  if (wanted.kind === "ack") sendAck(port, session, dialog, wanted.sequence);
  failSession(port, session, status, what);
}

function answer(port: SessionPort, incoming: Incoming, status: number): void {
  const { transaction, request, dialog } = incoming;
  port.respond(transaction, composeResponse(port, request, dialog, status));
}
