import type { Instant, Stamp } from "../../core/index.js";
import type { HeaderField, SipMessage, SipRequest, SipResponse } from "../message/index.js";
import type { Flow } from "../session-events.js";

/** Names one transaction of a layer; opaque. */
export type TransactionId = string;

/** What the layer asks of the world (`send`) and tells its user (all others). */
export type TransactionOutput =
  | {
      readonly kind: "send";
      readonly flow: Flow;
      readonly octets: Uint8Array;
      readonly message: SipMessage;
      /** Whose message it is: name it in `transportFailed`. Absent for what is sent statelessly. */
      readonly transaction?: TransactionId;
      /** A request that was sent before: nothing came in answer to it. */
      readonly repeated?: true;
    }
  | {
      /** A new request that is not an ACK. Answer with `respond`. */
      readonly kind: "request";
      readonly transaction: TransactionId;
      /** Its topmost Via has received and rport (RFC 3261 §18.2.1, RFC 3581 §4). */
      readonly request: SipRequest;
      readonly flow: Flow;
      /** Another transaction has the same request by another path: 482 (RFC 3261 §8.2.2.2). */
      readonly merged: boolean;
      /** Of a CANCEL: the INVITE server transaction it matches; absent: 481 (RFC 3261 §9.2). */
      readonly cancels?: TransactionId;
    }
  | {
      /** An ACK that belongs to a 2xx: it matched an Accepted transaction or none (RFC 6026 §7.1). */
      readonly kind: "ack";
      readonly request: SipRequest;
      readonly flow: Flow;
      readonly transaction?: TransactionId;
    }
  | {
      /** The ACK to our non-2xx final response came. */
      readonly kind: "acknowledged";
      readonly transaction: TransactionId;
    }
  | {
      /**
       * A response to our request: each provisional one, the final one, and every further 2xx to an
       * INVITE (a retransmission or another fork). Without `transaction` it matched none.
       */
      readonly kind: "response";
      readonly transaction?: TransactionId;
      readonly response: SipResponse;
      readonly flow: Flow;
    }
  | {
      /** Timer B or F: no answer (act as on 408). Timer H: no ACK. Timer L is `terminated` only. */
      readonly kind: "timeout";
      readonly transaction: TransactionId;
      readonly timer: "B" | "F" | "H";
    }
  | {
      /** The transport failed, or there was no room (act as on 503). */
      readonly kind: "transport-error";
      readonly transaction: TransactionId;
      readonly what: string;
    }
  | {
      /** The transaction is gone. */
      readonly kind: "terminated";
      readonly transaction: TransactionId;
    };

/** RFC 3261 table 4, RFC 6026 §7; milliseconds. Defaults in `transactionTimers`. */
export interface TransactionTimers {
  readonly T1: number;
  readonly T2: number;
  readonly T4: number;
  /** B, D (unreliable), F, H, L, M. */
  readonly B: number;
  readonly D: number;
  readonly F: number;
  readonly H: number;
  readonly J: number;
  readonly L: number;
  readonly M: number;
  /** Silence of the user after which an INVITE gets its 100 (RFC 3261 §17.2.1). */
  readonly trying: number;
}

export interface TransactionParams {
  readonly timers?: Partial<TransactionTimers>;
  /** Our address as others shall see it, for the Via of what leaves by that flow. */
  readonly sentBy: (flow: Flow) => { readonly host: string; readonly port?: number };
  /** The stream flow to use for a request too large for UDP (RFC 3261 §18.1.1); none: UDP after all. */
  readonly largeRequestFlow?: (flow: Flow) => Flow | undefined;
  /** Octets above which a request leaves UDP. Default 1300. */
  readonly largeRequest?: number;
  /** Default 65,536. Above it new requests get 503 without state, and our own `transport-error`. */
  readonly maxTransactions?: number;
  /** Seconds in the Retry-After of that 503. Default 5. */
  readonly retryAfter?: number;
}

/** What `request` and `cancel` give back. */
export interface RequestBegun {
  readonly transaction: TransactionId;
  /** With our Via on top. */
  readonly request: SipRequest;
  readonly outputs: readonly TransactionOutput[];
}

/** The shape of the layer, for those who build on it. */
export interface Transactions {
  /** A message from the wire, which `readMessage` found good. */
  receive(message: SipMessage, flow: Flow, stamp: Stamp): readonly TransactionOutput[];
  /** Begins a client transaction (not for ACK). Puts our Via with a new branch on top. */
  request(request: SipRequest, flow: Flow, stamp: Stamp): RequestBegun;
  /**
   * Cancels an INVITE client transaction by a CANCEL transaction of its own (RFC 3261 §9.1). The
   * user waits for a provisional response first. Undefined when there is no such transaction.
   */
  cancel(
    invite: TransactionId,
    stamp: Stamp,
    headers?: readonly HeaderField[],
  ): RequestBegun | undefined;
  /** Answers; 2xx to an INVITE may be passed again (retransmission is its user's, RFC 6026 §7.1). */
  respond(
    transaction: TransactionId,
    response: SipResponse,
    stamp: Stamp,
  ): readonly TransactionOutput[];
  /** Sends an ACK to a 2xx, outside transactions: our Via with a new branch on top. */
  acknowledge(
    ack: SipRequest,
    flow: Flow,
    stamp: Stamp,
  ): { readonly request: SipRequest; readonly outputs: readonly TransactionOutput[] };
  /** Sends what is printed already or has its Via: a retransmitted ACK, a stateless response. */
  resend(message: SipMessage, flow: Flow): readonly TransactionOutput[];
  /** Answers a request without a transaction: to what `readMessage` refused (MessageFault.request). */
  reject(
    request: SipRequest,
    flow: Flow,
    status: number,
    stamp: Stamp,
    headers?: readonly HeaderField[],
  ): readonly TransactionOutput[];
  /**
   * The transport could not send for that transaction (RFC 3261 §18.4). `probed`: a probe beside it says
   * so, which is believed only while nothing has come in answer.
   */
  transportFailed(
    transaction: TransactionId,
    what: string,
    stamp: Stamp,
    probed?: boolean,
  ): readonly TransactionOutput[];
  /** Fires what is due. */
  wake(stamp: Stamp): readonly TransactionOutput[];
  deadline(): Instant | undefined;
  /** Transactions alive. */
  readonly size: number;
}
