import type { Body } from "../session-events.js";

/** Which message carried the open offer; says where its answer travels (RFC 6337 table 1). */
export type OfferCarrier = "INVITE" | "1xx" | "2xx" | "PRACK" | "UPDATE";

/**
 * The books of offer and answer of one dialog (RFC 3264 §4, RFC 6337 §2.2). `established`: an
 * exchange was completed once, to which a failed one falls back.
 */
export type Negotiation =
  | { readonly name: "idle"; readonly established: boolean }
  | {
      readonly name: "offer-sent";
      readonly established: boolean;
      readonly carrier: OfferCarrier;
      /** The answer as an unreliable 1xx showed it (RFC 6337 §3.1.1): it counts, and a 2xx repeats it. */
      readonly preview?: Body;
    }
  | {
      readonly name: "offer-received";
      readonly established: boolean;
      readonly carrier: OfferCarrier;
    };

export const noNegotiation: Negotiation = { name: "idle", established: false };

export function sendOffer(state: Negotiation, carrier: OfferCarrier): Negotiation {
  return { name: "offer-sent", established: state.established, carrier };
}

/**
 * The peer's offer: taken, or the status that refuses it. We have one out: 491; theirs is open:
 * 500 with Retry-After (RFC 3311 §5.2, RFC 3261 §14.2).
 */
export function receiveOffer(
  state: Negotiation,
  carrier: OfferCarrier,
): { readonly state: Negotiation } | { readonly status: 491 | 500 } {
  if (state.name === "offer-sent") return { status: 491 };
  if (state.name === "offer-received") return { status: 500 };
  return { state: { name: "offer-received", established: state.established, carrier } };
}

/** An answer in an unreliable 1xx; the books stay open until it comes reliably. */
export function preview(state: Negotiation, answer: Body): Negotiation {
  if (state.name !== "offer-sent" || state.preview !== undefined) return state;
  return { ...state, preview: answer };
}

/** The answer went or came by a reliable message: the exchange is complete. */
export function complete(): Negotiation {
  return { name: "idle", established: true };
}

/** The open offer was refused or its carrier failed: the session is as it was (RFC 3261 §14.1). */
export function withdraw(state: Negotiation): Negotiation {
  return { name: "idle", established: state.established };
}

/** Whether a new offer of ours may go out now (RFC 3311 §5.1, RFC 3264 §4). */
export function mayOffer(state: Negotiation): boolean {
  return state.name === "idle" && state.established;
}

/** The session description among the bodies: application/sdp with disposition session (RFC 3261 §20.11). */
export function findDescription(bodies: readonly Body[]): Body | undefined {
  return bodies.find(isDescription);
}

export function withoutDescription(bodies: readonly Body[]): readonly Body[] {
  return bodies.filter((body) => !isDescription(body));
}

export function sameDescription(a: Body, b: Body): boolean {
  return (
    a.content.length === b.content.length &&
    a.content.every((octet, index) => octet === b.content[index])
  );
}

function isDescription(body: Body): boolean {
  if (body.type !== "application/sdp") return false;
  return body.disposition === undefined || /^session\b(?!-)/i.test(body.disposition.trim());
}
