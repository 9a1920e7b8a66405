import type { Timers } from "../../core/index.js";
import type { Side } from "./frame.js";
import { emptyQueue, type Queue } from "./queue.js";

/** Q.921 annex B. States 1 to 3 are of TEI assignment, which a primary rate interface does not have. */
export type StateName =
  | "tei-assigned" // 4
  | "awaiting-establishment" // 5
  | "awaiting-release" // 6
  | "multiple-frame-established" // 7
  | "timer-recovery"; // 8

/** The state of one point-to-point data link, with the variables of §3.5.2 and the queues of annex B. */
export interface DataLinkState {
  readonly name: StateName;
  readonly timers: Timers<"T200" | "T203">;
  /** V(S), V(A), V(R). */
  readonly vs: number;
  readonly va: number;
  readonly vr: number;
  /** Retransmission counter. */
  readonly rc: number;
  readonly layer3Initiated: boolean;
  readonly ownBusy: boolean;
  readonly peerBusy: boolean;
  readonly rejectException: boolean;
  readonly acknowledgePending: boolean;
  /** I frames sent and not acknowledged, from N(S) = V(A) on; at most k. Those from V(S) on go out again. */
  readonly unacknowledged: readonly Uint8Array[];
  /** The I queue: what layer 3 gave and was never sent. */
  readonly queue: Queue<Uint8Array>;
  /** A primitive saved until the state changes (annex B's save symbol). */
  readonly saved?: "dl-establish-request" | "dl-release-request";
}

/** What layer 3, layer 1 and the wire say to the data link. */
export type DataLinkInput =
  /** A frame received, from the address octet on, without flags and FCS. */
  | { readonly kind: "frame"; readonly octets: Uint8Array }
  | { readonly kind: "dl-establish-request" }
  | { readonly kind: "dl-release-request" }
  | { readonly kind: "dl-data-request"; readonly octets: Uint8Array }
  | { readonly kind: "dl-unit-data-request"; readonly octets: Uint8Array }
  /** The receiver can take no more I frames, or can again (§5.6.6). */
  | { readonly kind: "own-receiver-busy"; readonly busy: boolean }
  /** Persistent deactivation (annex B): layer 1 went down and will stay so. */
  | { readonly kind: "persistent-deactivation" };

export type DataLinkOutput =
  | { readonly kind: "frame"; readonly octets: Uint8Array }
  | { readonly kind: "dl-establish-indication" }
  | { readonly kind: "dl-establish-confirm" }
  | { readonly kind: "dl-release-indication" }
  | { readonly kind: "dl-release-confirm" }
  | { readonly kind: "dl-data-indication"; readonly octets: Uint8Array }
  | { readonly kind: "dl-unit-data-indication"; readonly octets: Uint8Array }
  | { readonly kind: "mdl-error-indication"; readonly code: ErrorCode }
  /** Data of layer 3 that cannot be taken: no data link, longer than N201, or the I queue is full. */
  | {
      readonly kind: "dl-data-refused";
      readonly reason: "no-data-link" | "too-long" | "queue-full";
      readonly octets: Uint8Array;
    }
  /** A frame that is not for this data link or is invalid (§2.9): for counters and traces. */
  | { readonly kind: "discarded"; readonly reason: string };

/** Q.921 appendix II, table II.1. */
export type ErrorCode =
  | "A" // supervisory response with F = 1, unsolicited
  | "B" // DM with F = 1, unsolicited
  | "C" // UA with F = 1, unsolicited
  | "D" // UA with F = 0
  | "E" // DM with F = 0
  | "F" // the peer re-established
  | "G" // SABME N200 times without answer
  | "H" // DISC N200 times without answer
  | "I" // enquiry N200 times without answer
  | "J" // N(R) error
  | "K" // FRMR received
  | "L" // undefined control field
  | "M" // information field not permitted
  | "N" // wrong length
  | "O"; // information field longer than N201

export interface DataLinkParameters {
  readonly side: Side;
  /** Milliseconds before a frame is repeated (§5.9.1). */
  readonly T200: number;
  /** Milliseconds without a frame before the peer is asked (§5.9.8). */
  readonly T203: number;
  /** Repetitions at most (§5.9.2). */
  readonly N200: number;
  /** Octets of an information field at most (§5.9.3). */
  readonly N201: number;
  /** I frames outstanding at most (§5.9.5): 7 on a 64 kbit/s D channel. */
  readonly k: number;
}

export const defaultParameters: Omit<DataLinkParameters, "side"> = {
  T200: 1000,
  T203: 10000,
  N200: 3,
  N201: 260,
  k: 7,
};

/** State 4, TEI assigned: a primary rate interface begins here. */
export const initialState: DataLinkState = {
  name: "tei-assigned",
  timers: {},
  vs: 0,
  va: 0,
  vr: 0,
  rc: 0,
  layer3Initiated: false,
  ownBusy: false,
  peerBusy: false,
  rejectException: false,
  acknowledgePending: false,
  unacknowledged: [],
  queue: emptyQueue,
};
