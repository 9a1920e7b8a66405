import type { SipRequest, SipResponse } from "./message/index.js";

/**
 * What the stack and its user (a leg in interworking/, the phone) say to each other about INVITE
 * sessions. Bodies are opaque here: the stack keeps the books of offer and answer (RFC 3261 §13.2.1,
 * RFC 3262 §5, RFC 3311 §5, RFC 6337) and says which role a description has; what is in it is for
 * sdp/ and the user.
 */

/** One INVITE session of ours: a call leg. Unique in the stack; chosen by who begins it. */
export type SessionId = string;

/** One dialog of a session, early or confirmed; a forked INVITE has several (RFC 3261 §12). */
export type DialogId = string;

export type TransportKind = "udp" | "tcp" | "tls" | "ws" | "wss";

/** Where a message came from or shall go; `flow` names a connection of a stream transport. */
export interface Flow {
  readonly transport: TransportKind;
  readonly address: string;
  readonly port: number;
  /** The name of our listener that received it or shall send it. */
  readonly listener: string;
  readonly flow?: string;
}

export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

export interface Body {
  /** Media type without parameters, lower case. */
  readonly type: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Content-Disposition as written; absent means the default of the type. */
  readonly disposition?: string;
  readonly content: Uint8Array;
}

export type Role = "offer" | "answer";

/** How far reliable provisional responses are wanted (RFC 3262). */
export type Reliability = "none" | "supported" | "required";

/** What the user asks of the stack. */
export type SessionCommand =
  | {
      readonly kind: "invite";
      readonly session: SessionId;
      /** Request-URI. */
      readonly target: string;
      readonly destination: Flow;
      /** Preloaded route set, topmost first (RFC 3261 §8.1.1.1). */
      readonly route?: readonly string[];
      /** Addresses without tags, such as `"Bob" <sip:200@example.com>`. */
      readonly from: string;
      readonly to: string;
      readonly reliability: Reliability;
      readonly maxForwards?: number;
      readonly headers: readonly HeaderField[];
      /** Bodies of the INVITE; an offer (application/sdp) among them or not (delayed offer). */
      readonly bodies: readonly Body[];
    }
  | {
      /** A provisional response, 101 to 199. A description in it is the offer or the answer that is due. */
      readonly kind: "provisional";
      readonly session: SessionId;
      readonly status: number;
      readonly reason?: string;
      /** `if-possible`: reliable when the peer supports 100rel; a description that answers goes into every one until acknowledged. */
      readonly reliable: "never" | "if-possible";
      readonly headers: readonly HeaderField[];
      readonly bodies: readonly Body[];
    }
  | {
      /** 200 to the INVITE; the stack holds it back while a reliable 1xx with a description awaits PRACK (RFC 3262 §3). */
      readonly kind: "accept";
      readonly session: SessionId;
      readonly headers: readonly HeaderField[];
      readonly bodies: readonly Body[];
    }
  | {
      /** A final failure to the INVITE, 300 to 699. */
      readonly kind: "reject";
      readonly session: SessionId;
      readonly status: number;
      readonly reason?: string;
      readonly headers: readonly HeaderField[];
    }
  | {
      /** Ends the session whatever its state: CANCEL (held until a 1xx), BYE (held until ACK where RFC 3261 §15 says so). */
      readonly kind: "terminate";
      readonly session: SessionId;
      readonly headers: readonly HeaderField[];
    }
  | {
      /**
       * A new offer in a session: re-INVITE, or UPDATE (`auto`: UPDATE in an early dialog, else re-INVITE; `PRACK`: in the
       * next PRACK to go, or by re-INVITE when none went). No body: a session refresh or a delayed offer by re-INVITE.
       * It waits until the rules let it go; a second one waits behind the first, a third displaces the second (491).
       */
      readonly kind: "modify";
      readonly session: SessionId;
      /** Which of several early dialogs; absent: the confirmed one, or the early one that was made last. */
      readonly dialog?: DialogId;
      readonly method: "auto" | "INVITE" | "UPDATE" | "PRACK";
      readonly headers: readonly HeaderField[];
      readonly bodies: readonly Body[];
    }
  | {
      /** The answer (or the offer that was asked for) to a `description-wanted`: the stack knows where it travels. */
      readonly kind: "describe";
      readonly session: SessionId;
      readonly dialog: DialogId;
      readonly headers: readonly HeaderField[];
      readonly bodies: readonly Body[];
    }
  | {
      /** Refuses an offer that came in a re-INVITE, UPDATE or PRACK: 488 with Warning, 500, 504. */
      readonly kind: "refuse";
      readonly session: SessionId;
      readonly dialog: DialogId;
      readonly status: number;
      readonly headers: readonly HeaderField[];
    }
  | {
      /** Any other request within the dialog (INFO, NOTIFY, MESSAGE, REFER). */
      readonly kind: "request";
      readonly session: SessionId;
      /** As in `modify`. */
      readonly dialog?: DialogId;
      readonly method: string;
      readonly headers: readonly HeaderField[];
      readonly bodies: readonly Body[];
    }
  | {
      /** The final response to a `request-received`. */
      readonly kind: "respond";
      readonly transaction: string;
      readonly status: number;
      readonly reason?: string;
      readonly headers: readonly HeaderField[];
      readonly bodies: readonly Body[];
    };

/** What the stack reports to the user. */
export type SessionEvent =
  | {
      /** A new incoming INVITE (100 was sent where due). `offer` is absent for a delayed offer. */
      readonly kind: "invite-received";
      readonly session: SessionId;
      readonly dialog: DialogId;
      readonly request: SipRequest;
      readonly source: Flow;
      readonly offer?: Body;
      /** What the caller said of 100rel (RFC 3262 §3). */
      readonly reliability: Reliability;
    }
  | {
      readonly kind: "provisional-received";
      readonly session: SessionId;
      readonly dialog?: DialogId;
      readonly status: number;
      readonly response: SipResponse;
    }
  | {
      /** 2xx to our INVITE (the first; further ones of a fork are acknowledged and ended by the stack). */
      readonly kind: "answered";
      readonly session: SessionId;
      readonly dialog: DialogId;
      readonly response: SipResponse;
    }
  | {
      /** Our 2xx was acknowledged. */
      readonly kind: "acknowledged";
      readonly session: SessionId;
      readonly dialog: DialogId;
    }
  | {
      /** An offer or an answer came, wherever it travelled (INVITE responses, PRACK and its 200, ACK, UPDATE, re-INVITE). Comes before the event of the message that carried it. */
      readonly kind: "description-received";
      readonly session: SessionId;
      readonly dialog: DialogId;
      readonly role: Role;
      readonly body: Body;
      readonly carrier: SipRequest | SipResponse;
    }
  | {
      /**
       * The stack needs a description now: the answer to the offer just reported (role `answer`), or an offer for a
       * re-INVITE without one (role `offer`). Reply with `describe` or `refuse`.
       */
      readonly kind: "description-wanted";
      readonly session: SessionId;
      readonly dialog: DialogId;
      readonly role: Role;
      /** Which message waits. */
      readonly method: "PRACK" | "UPDATE" | "INVITE" | "ACK";
    }
  | {
      /** A re-INVITE whose description was wanted was cancelled: no `describe` any more, the session is unchanged. */
      readonly kind: "offer-withdrawn";
      readonly session: SessionId;
      readonly dialog: DialogId;
    }
  | {
      /** An UPDATE without an offer, answered by the stack: session refresh, connected identity (RFC 4916). */
      readonly kind: "refreshed";
      readonly session: SessionId;
      readonly dialog: DialogId;
      readonly request: SipRequest;
    }
  | {
      /** Our modify came to its end. On failure the session is unchanged (RFC 3261 §14.1); 491 was retried by the stack. */
      readonly kind: "modified";
      readonly session: SessionId;
      readonly ok: boolean;
      readonly status: number;
    }
  | {
      /** One of several early dialogs ended (the others go on): 199, or losers after a 2xx. */
      readonly kind: "early-dialog-ended";
      readonly session: SessionId;
      readonly dialog: DialogId;
    }
  | {
      /** A request within the dialog that the stack leaves to the user (INFO, NOTIFY, REFER, MESSAGE). Answer with `respond`. */
      readonly kind: "request-received";
      readonly session: SessionId;
      readonly transaction: string;
      readonly request: SipRequest;
    }
  | {
      readonly kind: "request-answered";
      readonly session: SessionId;
      readonly method: string;
      readonly status: number;
      readonly response?: SipResponse;
    }
  | {
      /** The session is over; nothing more comes of it. */
      readonly kind: "ended";
      readonly session: SessionId;
      readonly by: SessionEnd;
    };

export type SessionEnd =
  /** BYE, or CANCEL of an incoming INVITE. */
  | { readonly kind: "request"; readonly request: SipRequest }
  /** Final failure to our INVITE. */
  | { readonly kind: "response"; readonly response: SipResponse }
  /** No answer: Timer B (408), the transport failed (503), no ACK, no PRACK, mid-dialog 408 or 481. */
  | { readonly kind: "failure"; readonly status: number; readonly what: string }
  /** We ended it. `response` is the final to a cancelled INVITE, when one came. */
  | { readonly kind: "local"; readonly response?: SipResponse };
