import { type HeaderField, header, type SipRequest } from "../message/index.js";
import type { Body } from "../session-events.js";
import { startAccept } from "./accept-retransmission.js";
import { composeResponse, descriptionIn, retrySoon } from "./composition.js";
import {
  endSession,
  failSession,
  isEnding,
  local,
  refuseInvite,
  reliableParams,
  report,
} from "./lifecycle.js";
import {
  complete,
  findDescription,
  receiveOffer,
  sendOffer,
  withoutDescription,
} from "./offer-answer.js";
import { sameAnswer, stepSender } from "./provisional-sender.js";
import { matchesOutstanding } from "./reliable-sender.js";
import type {
  Callee,
  CommandOf,
  Incoming,
  Session,
  SessionDialog,
  SessionPort,
} from "./session.js";

/** Orders the 2xx; it goes when RFC 3262 §3 lets it. */
export function accept(
  port: SessionPort,
  session: Session,
  callee: Callee,
  command: CommandOf<"accept">,
): void {
  if (session.phase !== "inviting" || callee.final || callee.accepting !== undefined) {
    port.anomaly("accept-out-of-place");
    return;
  }
  callee.accepting = command;
}

/** A final failure of the user. */
export function reject(
  port: SessionPort,
  session: Session,
  callee: Callee,
  command: CommandOf<"reject">,
): void {
  if (session.phase !== "inviting" || callee.final) {
    port.anomaly("reject-out-of-place");
    return;
  }
  const status = command.status >= 300 && command.status <= 699 ? command.status : 500;
  refuseInvite(port, session, callee, status, command.headers, command.reason);
  endSession(port, session, local);
}

/** Sends the 2xx that is held back, when no reliable 1xx with a description and no offer is open. */
export function releaseAccept(port: SessionPort, session: Session): void {
  const { callee, dialog } = session;
  const command = callee?.accepting;
  if (callee === undefined || dialog === undefined || command === undefined) return;
  if (session.phase !== "inviting" || callee.final) return;
  if (callee.reliable.outstanding !== undefined && callee.sent?.described === true) return;
  const { negotiation } = dialog;
  const due = negotiation.name === "offer-received" && negotiation.carrier === "INVITE";
  if (negotiation.name !== "idle" && !due) return;
  if (negotiation.name === "idle" && dialog.wanted !== undefined) return;
  const bodies = bodiesOfAccept(port, callee, dialog, command.bodies);
  if (bodies === undefined) {
    port.anomaly("accept-without-description");
    failSession(port, session, 500, "accepted without a session description");
    return;
  }
  sendAccept(port, session, callee, dialog, { headers: command.headers, bodies });
}

/** PRACK (RFC 3262 §3, §5). */
export function receivePrack(port: SessionPort, session: Session, incoming: Incoming): void {
  const { callee } = session;
  const { dialog, request } = incoming;
  const rack = request.headers.value(header.rAck);
  if (rack === undefined) {
    answer(port, incoming, 400);
    return;
  }
  if (callee === undefined) {
    answer(port, incoming, 481);
    return;
  }
  if (!matchesOutstanding(callee.reliable, rack, reliableParams(port, callee))) {
    answer(port, incoming, 481);
    return;
  }
  const body = isEnding(session) ? undefined : descriptionIn(port, request);
  const { negotiation } = dialog;
  const awaited = negotiation.name === "offer-sent" && negotiation.carrier === "1xx";
  if (awaited && body === undefined && !isEnding(session)) {
    port.anomaly("answer-missing");
    answer(port, incoming, 400);
    return;
  }
  if (awaited && body !== undefined) {
    dialog.negotiation = complete();
    reportDescription(port, session, dialog, "answer", body, request);
  }
  callee.settled ||= callee.sent?.described === true;
  if (awaited || body === undefined) answer(port, incoming, 200);
  else takeOffer(port, session, incoming, body);
  stepSender(port, session, callee, { kind: "prack", rack });
}

/** The ACK to a 2xx of ours (RFC 3261 §13.3.1.4), with the answer to an offer in it. */
export function receiveAck(
  port: SessionPort,
  session: Session,
  dialog: SessionDialog,
  request: SipRequest,
): void {
  const sequence = request.headers.value(header.cSeq)?.number;
  const accepted = [...session.accepts].find((pending) => pending.sequence === sequence);
  if (accepted === undefined) return;
  session.accepts.delete(accepted);
  if (accepted.offered && !isEnding(session)) {
    const body = descriptionIn(port, request);
    dialog.negotiation = complete();
    if (body !== undefined) {
      reportDescription(port, session, dialog, "answer", body, request);
    } else if (accepted.initial) {
      failSession(port, session, 500, "ACK without the answer to the offer in the 2xx");
      return;
    } else {
      port.anomaly("answer-missing");
    }
  }
  report(port, session, { kind: "acknowledged", session: session.id, dialog: dialog.id });
}

export function reportDescription(
  port: SessionPort,
  session: Session,
  dialog: SessionDialog,
  role: "offer" | "answer",
  body: Body,
  carrier: SipRequest,
): void {
  const named = { session: session.id, dialog: dialog.id };
  report(port, session, { kind: "description-received", ...named, role, body, carrier });
}

/** 2xx to an INVITE or a re-INVITE, repeated until its ACK. */
export function sendAccept(
  port: SessionPort,
  session: Session,
  invite: { readonly transaction: string; readonly sequence: number; readonly invite: SipRequest },
  dialog: SessionDialog,
  content: { readonly headers: readonly HeaderField[]; readonly bodies: readonly Body[] },
): void {
  const response = composeResponse(port, invite.invite, dialog, 200, content);
  const { callee } = session;
  const initial = callee !== undefined && invite.transaction === callee.transaction;
  if (initial) {
    callee.final = true;
    callee.accepting = undefined;
    session.phase = "confirmed";
    stepSender(port, session, callee, { kind: "final" });
  }
  dialog.dialog = { ...dialog.dialog, confirmed: true };
  session.accepts.add({
    state: startAccept(port.stamp.now, port.settings.timers),
    transaction: invite.transaction,
    sequence: invite.sequence,
    response,
    dialog,
    initial,
    offered: dialog.negotiation.name === "offer-sent" && dialog.negotiation.carrier === "2xx",
  });
  port.respond(invite.transaction, response);
}

/** An offer in a PRACK (RFC 3262 §5): the user answers it, or it comes at the wrong time. */
function takeOffer(port: SessionPort, session: Session, incoming: Incoming, body: Body): void {
  const { dialog, request, transaction } = incoming;
  const offered = receiveOffer(dialog.negotiation, "PRACK");
  const early = !dialog.negotiation.established || dialog.wanted !== undefined;
  if ("status" in offered || early) {
    refuseOffer(port, incoming, "status" in offered ? offered.status : 500);
    return;
  }
  dialog.negotiation = offered.state;
  dialog.wanted = { kind: "response", role: "answer", incoming };
  session.incoming.set(transaction, incoming);
  reportDescription(port, session, dialog, "offer", body, request);
  const named = { session: session.id, dialog: dialog.id };
  report(port, session, { kind: "description-wanted", ...named, role: "answer", method: "PRACK" });
}

function answer(port: SessionPort, incoming: Incoming, status: number): void {
  const response = composeResponse(port, incoming.request, incoming.dialog, status);
  port.respond(incoming.transaction, response);
}

export function refuseOffer(port: SessionPort, incoming: Incoming, status: number): void {
  const headers = status === 500 ? [retrySoon(port)] : [];
  const content = { headers, bodies: [] };
  const response = composeResponse(port, incoming.request, incoming.dialog, status, content);
  port.respond(incoming.transaction, response);
}

function bodiesOfAccept(
  port: SessionPort,
  callee: Callee,
  dialog: SessionDialog,
  bodies: readonly Body[],
): readonly Body[] | undefined {
  const { negotiation } = dialog;
  const queued = callee.reliable.queue.map((command) => findDescription(command.bodies));
  const own = findDescription(bodies) ?? queued.find((body) => body !== undefined);
  const others = withoutDescription(bodies);
  if (negotiation.name === "idle" && negotiation.established) return others;
  if (negotiation.name === "idle") {
    if (own === undefined) return undefined;
    dialog.negotiation = sendOffer(negotiation, "2xx");
    return [own, ...others];
  }
  const described = sameAnswer(port, callee, own);
  if (described === undefined) return undefined;
  dialog.negotiation = complete();
  return [described, ...others];
}
