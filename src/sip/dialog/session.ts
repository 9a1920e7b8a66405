import type { Instant, Stamp } from "../../core/index.js";
import type { HeaderField, SipRequest, SipResponse } from "../message/index.js";
import type {
  Body,
  DialogId,
  Flow,
  Reliability,
  Role,
  SessionCommand,
  SessionEnd,
  SessionEvent,
  SessionId,
} from "../session-events.js";
import type { TransactionId, TransactionTimers } from "../transaction/index.js";
import type { AcceptState } from "./accept-retransmission.js";
import type { Dialog } from "./dialog.js";
import type { Listeners } from "./next-hop.js";
import type { Negotiation } from "./offer-answer.js";
import type { ReliableState } from "./reliable-sender.js";

/** Commands by kind. */
export type CommandOf<Kind extends SessionCommand["kind"]> = Extract<
  SessionCommand,
  { readonly kind: Kind }
>;

/** One dialog of a session with what hangs on it. */
export interface SessionDialog {
  readonly id: DialogId;
  dialog: Dialog;
  negotiation: Negotiation;
  /** RSeq of the last reliable provisional response in order (RFC 3262 §4). */
  rseq: number | undefined;
  /** A description that the user owes. */
  wanted: Wanted | undefined;
  /** Our ACKs to 2xx by the INVITE's CSeq number: repeated for each repeated 2xx (RFC 3261 §13.2.2.4). */
  readonly acks: Map<number, SentAck>;
  /** An early dialog that ended, or a fork that lost: it is kept only to answer what still comes of it. */
  over: boolean;
  /** Our PRACKs under way. */
  pracks: number;
}

export interface SentAck {
  readonly request: SipRequest;
  /** Absent while the name of the next hop is being resolved. */
  readonly flow?: Flow;
}

/** A description the user was asked for: which, and what waits for it. */
export type Wanted =
  /** Our PRACK: the answer to an offer in a reliable 1xx. */
  | { readonly kind: "prack"; readonly role: Role; readonly response: SipResponse }
  /** Our ACK: the answer to an offer in a 2xx. */
  | { readonly kind: "ack"; readonly role: Role; readonly sequence: number }
  /** Our response to a PRACK, UPDATE or re-INVITE. */
  | { readonly kind: "response"; readonly role: Role; readonly incoming: Incoming };

/** A request of the peer within a dialog that is not answered yet. */
export interface Incoming {
  readonly transaction: TransactionId;
  readonly request: SipRequest;
  readonly dialog: SessionDialog;
}

/** A 2xx of ours that waits for its ACK. */
export interface PendingAccept {
  state: AcceptState;
  readonly transaction: TransactionId;
  readonly sequence: number;
  readonly response: SipResponse;
  readonly dialog: SessionDialog;
  /** Of the INVITE that began the session, not of a re-INVITE. */
  readonly initial: boolean;
  /** It carried an offer of ours: the answer is in its ACK. */
  readonly offered: boolean;
}

/** What is particular to the side that sent the INVITE. */
export interface Caller {
  readonly invite: SipRequest;
  transaction: TransactionId;
  readonly offered: boolean;
  /** A provisional response came: a CANCEL may go (RFC 3261 §9.1). */
  proceeding: boolean;
  /** A final response came. */
  final: boolean;
  cancelled: boolean;
}

/** What is particular to the side that got the INVITE. */
export interface Callee {
  readonly invite: SipRequest;
  readonly transaction: TransactionId;
  readonly sequence: number;
  readonly flow: Flow;
  readonly reliability: Reliability;
  reliable: ReliableState<CommandOf<"provisional">>;
  /** The reliable response as it was sent, and whether it carried a description. */
  sent: SentProvisional | undefined;
  /** The 2xx that the user ordered, held back while RFC 3262 §3 demands. */
  accepting: CommandOf<"accept"> | undefined;
  final: boolean;
  /** Our answer as first sent: repeated in each response until a reliable one is acknowledged. */
  answer: Body | undefined;
  /** A reliable response with our description was acknowledged: it is repeated no more. */
  settled: boolean;
}

export interface SentProvisional {
  readonly response: SipResponse;
  readonly described: boolean;
}

/** A modify of the user on its way. */
export interface Modification {
  readonly command: CommandOf<"modify">;
  /** `waiting`: until the rules let it go. `backing-off`: after 491 or 500 (RFC 3261 §14.1, RFC 3311 §5.3). */
  stage: "waiting" | "under-way" | "backing-off";
  attempts: number;
  /** The request that carries it, while under way. */
  use: ClientUse | undefined;
}

/**
 * One INVITE session. `phase`: `inviting` until a 2xx came or went; `confirmed`; `terminating` once
 * the user ended it and CANCEL or BYE are on their way; `over` when `ended` was reported and only
 * transactions are left to finish.
 */
export interface Session {
  readonly id: SessionId;
  phase: "inviting" | "confirmed" | "terminating" | "over";
  readonly caller: Caller | undefined;
  readonly callee: Callee | undefined;
  readonly dialogs: Map<DialogId, SessionDialog>;
  /** The confirmed dialog; the callee's only one from the beginning. */
  dialog: SessionDialog | undefined;
  dialogCount: number;
  /** Requests of ours that have not come to their end, those that wait for a name included. */
  readonly outgoing: Set<ClientUse>;
  /** Requests of the peer that are not answered yet. */
  readonly incoming: Map<TransactionId, Incoming>;
  readonly accepts: Set<PendingAccept>;
  modification: Modification | undefined;
  nextModification: CommandOf<"modify"> | undefined;
  /** Headers of the BYE or CANCEL that the user ordered. */
  farewell: readonly HeaderField[] | undefined;
  byeSent: boolean;
  /** What `ended` will say when the BYE under way is answered. */
  end: SessionEnd | undefined;
}

/** A request of ours and what it is for. */
export interface ClientUse {
  readonly purpose: "invite" | "re-invite" | "update" | "prack" | "bye" | "cancel" | "other";
  readonly session: Session;
  readonly dialog: SessionDialog | undefined;
  readonly method: string;
  /** CSeq number. */
  readonly sequence: number;
  /** A description went with it: an offer (an answer in a PRACK is not counted). */
  readonly offered: boolean;
  transaction: TransactionId | undefined;
  /** A re-INVITE got a provisional response, so that it may be cancelled; and was. */
  cancel: "not-yet" | "possible" | "sent";
  /** Answered or failed: what still comes is a repetition. */
  done: boolean;
}

/** Timers of a session, all in the stack's heap. */
export type SessionTimer =
  /** RFC 3262 §3: T1 doubling, and 64*T1. */
  | "reliable"
  /** RFC 3261 §13.3.1.4. */
  | "accept"
  /** RFC 3261 §14.1: the 491 back-off. */
  | "back-off"
  /** RFC 3262 §3: PRACKs that may come after a final failure. */
  | "linger"
  /** RFC 3261 §13.3.1: Expires of an INVITE of the peer. */
  | "expires";

/** What sessions are told about the element they are in. */
export interface SessionSettings {
  readonly listeners: Listeners;
  readonly timers: TransactionTimers;
  /** Methods that are answered, in Allow. */
  readonly allow: readonly string[];
  /** Option tags. */
  readonly supported: readonly string[];
  /** User-Agent and Server. */
  readonly product: string | undefined;
  /** What OPTIONS and 415 say: Accept, Accept-Encoding, Accept-Language. */
  readonly accept: readonly string[];
  readonly acceptEncoding: readonly string[];
  readonly acceptLanguage: readonly string[];
  readonly maximumSessions: number;
  readonly maximumEarlyDialogs: number;
  readonly maximumQueuedProvisionals: number;
}

/** What the procedures of a session may ask for during one step. */
export interface SessionPort {
  readonly stamp: Stamp;
  readonly settings: SessionSettings;
  emit(event: SessionEvent): void;
  anomaly(what: string): void;
  arm(session: Session, timer: SessionTimer, at: Instant | undefined): void;
  register(session: Session, dialog: SessionDialog): void;
  unregister(dialog: SessionDialog): void;
  /** Sends a request within a dialog by a client transaction, when its next hop is known. */
  send(use: ClientUse, request: SipRequest, nextHop: string): void;
  /** Sends the ACK to a 2xx and remembers it. */
  acknowledge(
    session: Session,
    dialog: SessionDialog,
    sequence: number,
    ack: SipRequest,
    nextHop: string,
  ): void;
  repeatAck(ack: SentAck): void;
  respond(transaction: TransactionId, response: SipResponse): void;
  /** Sends a CANCEL for an INVITE of ours (RFC 3261 §9.1). */
  cancel(session: Session, invite: TransactionId, headers: readonly HeaderField[]): void;
}
