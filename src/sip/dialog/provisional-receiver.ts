import { type HeaderField, header, type SipResponse } from "../message/index.js";
import type { Body, Role } from "../session-events.js";
import { descriptionIn, sendRequest } from "./composition.js";
import { isEnding, report } from "./lifecycle.js";
import { takeOfferForPrack } from "./modification.js";
import { complete, preview, receiveOffer, sameDescription, sendOffer } from "./offer-answer.js";
import type { Session, SessionDialog, SessionPort } from "./session.js";

/**
 * A response with Require: 100rel within its dialog: books the RSeq. Undefined: a repetition or
 * out of order, to be dropped (RFC 3262 §4).
 */
export function takeReliability(
  port: SessionPort,
  dialog: SessionDialog,
  response: SipResponse,
): "reliable" | "unreliable" | undefined {
  const required = response.headers.values(header.require);
  if (!required.some((tag) => tag.toLowerCase() === "100rel")) return "unreliable";
  const rseq = response.headers.value(header.rSeq);
  if (rseq === undefined) {
    port.anomaly("rseq-missing");
    return "unreliable";
  }
  if (dialog.rseq !== undefined && rseq !== dialog.rseq + 1) {
    if (rseq > dialog.rseq) port.anomaly("rseq-out-of-order");
    return undefined;
  }
  dialog.rseq = rseq;
  return "reliable";
}

/** Acknowledges a reliable provisional response (RFC 3262 §4), with the answer when it had an offer. */
export function sendPrack(
  port: SessionPort,
  session: Session,
  dialog: SessionDialog,
  response: SipResponse,
  content?: { readonly headers: readonly HeaderField[]; readonly bodies: readonly Body[] },
): void {
  const cseq = response.headers.value(header.cSeq);
  const rseq = response.headers.value(header.rSeq);
  if (cseq === undefined || rseq === undefined) return;
  const rack = header.rAck.print({ rseq, cseq: cseq.number, method: cseq.method });
  const offer = content === undefined ? takeOfferForPrack(session, dialog) : undefined;
  if (offer !== undefined) dialog.negotiation = sendOffer(dialog.negotiation, "PRACK");
  const carried = content ?? offer?.command ?? { headers: [], bodies: [] };
  dialog.pracks++;
  const use = sendRequest(port, session, dialog, {
    purpose: "prack",
    method: "PRACK",
    headers: [{ name: "RAck", value: rack }, ...carried.headers],
    bodies: carried.bodies,
  });
  if (offer === undefined) return;
  offer.stage = "under-way";
  offer.use = use;
}

/** What a description in a response to an INVITE is; undefined: it says nothing new. */
export function bookDescription(
  port: SessionPort,
  dialog: SessionDialog,
  body: Body,
  reliable: boolean,
): Role | undefined {
  const negotiation = dialog.negotiation;
  if (negotiation.name === "offer-sent" && negotiation.carrier === "INVITE") {
    const shown = negotiation.preview;
    dialog.negotiation = reliable ? complete() : preview(negotiation, body);
    // RFC 3261 §13.2.1: the first description is the answer, those after it are ignored.
    if (shown === undefined) return "answer";
    if (!sameDescription(shown, body)) port.anomaly("answer-differs-from-preview");
    return undefined;
  }
  if (negotiation.name !== "idle" || negotiation.established || !reliable) return undefined;
  const offered = receiveOffer(negotiation, "1xx");
  if ("state" in offered) dialog.negotiation = offered.state;
  return "offer";
}

/** Reports a provisional response and what it described, and acknowledges it when it is reliable. */
export function processProvisional(
  port: SessionPort,
  session: Session,
  dialog: SessionDialog,
  response: SipResponse,
  initial: boolean,
): void {
  const reliability = takeReliability(port, dialog, response);
  if (reliability === undefined) return;
  const reliable = reliability === "reliable";
  const body = descriptionIn(port, response);
  const role = body === undefined ? undefined : bookDescription(port, dialog, body, reliable);
  const named = { session: session.id, dialog: dialog.id };
  if (body !== undefined && role !== undefined) {
    report(port, session, {
      kind: "description-received",
      ...named,
      role,
      body,
      carrier: response,
    });
  }
  if (initial) {
    const status = response.status;
    report(port, session, { kind: "provisional-received", ...named, status, response });
  }
  if (!reliable) return;
  if (role === "offer") {
    // While the CANCEL is under way nobody answers an offer, and a PRACK must have its answer.
    if (isEnding(session)) return;
    dialog.wanted = { kind: "prack", role: "answer", response };
    report(port, session, {
      kind: "description-wanted",
      ...named,
      role: "answer",
      method: "PRACK",
    });
  } else {
    sendPrack(port, session, dialog, response);
  }
}
