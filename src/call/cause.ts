/** Location of a Q.850 cause (Q.850 §2.2.3). */
export type CauseLocation =
  | "user"
  | "private-network-local"
  | "public-network-local"
  | "transit"
  | "public-network-remote"
  | "private-network-remote"
  | "international"
  | "beyond-interworking-point";

/** One step of a cause's way through the gateway, so that the end of a call can be explained. */
export interface MappingStep {
  readonly from: string;
  readonly to: string;
  /** The table and row or the clause that decided, such as `rfc3398 §8.2.6.1 486`. */
  readonly rule: string;
}

/**
 * Why a call ended: Q.850 value with location and diagnostics. What first caused it survives in
 * `origin`, and every mapping on the way in `steps`.
 */
export interface Cause {
  /** Q.850 cause value, 1 to 127. */
  readonly value: number;
  readonly location: CauseLocation;
  /** Diagnostics as the octets of the cause element after the value (Q.850 §2.2.5). */
  readonly diagnostics?: Uint8Array;
  readonly origin: CauseOrigin;
  readonly steps: readonly MappingStep[];
}

export type CauseOrigin =
  | { readonly kind: "q850"; readonly value: number; readonly location: CauseLocation }
  | {
      readonly kind: "sip";
      /** The status of a final response, or undefined when a request (BYE, CANCEL) ended the call. */
      readonly status?: number;
      readonly method?: string;
      readonly reason?: string;
    }
  | { readonly kind: "timer"; readonly name: string }
  | { readonly kind: "gateway"; readonly what: string };

/** A cause that this side makes itself. */
export function cause(value: number, location: CauseLocation, what: string): Cause {
  return { value, location, origin: { kind: "gateway", what }, steps: [] };
}

/** A cause as it was received from an ISDN or ISUP peer. */
export function receivedCause(
  value: number,
  location: CauseLocation,
  diagnostics?: Uint8Array,
): Cause {
  const received = {
    value,
    location,
    origin: { kind: "q850", value, location },
    steps: [],
  } as const;
  return diagnostics === undefined ? received : { ...received, diagnostics };
}

/** A cause that a timer's expiry gives: 102, recovery on timer expiry, unless said otherwise. */
export function timerCause(name: string, location: CauseLocation, value = 102): Cause {
  return { value, location, origin: { kind: "timer", name }, steps: [] };
}

/** Name of a Q.850 value in plain words; values that have none are named by their class. */
export function causeName(value: number): string {
  return CAUSE_NAMES[value] ?? `${CAUSE_CLASSES[(value >> 4) & 7]} (unlisted)`;
}

// Q.850 table 1
const CAUSE_NAMES: Readonly<Record<number, string>> = {
  1: "unallocated (unassigned) number",
  2: "no route to specified transit network",
  3: "no route to destination",
  4: "send special information tone",
  5: "misdialled trunk prefix",
  6: "channel unacceptable",
  7: "call awarded and being delivered in an established channel",
  8: "preemption",
  9: "preemption, circuit reserved for reuse",
  14: "QoR: ported number",
  16: "normal call clearing",
  17: "user busy",
  18: "no user responding",
  19: "no answer from user (user alerted)",
  20: "subscriber absent",
  21: "call rejected",
  22: "number changed",
  23: "redirection to new destination",
  24: "call rejected due to feature at the destination",
  25: "exchange routing error",
  26: "non-selected user clearing",
  27: "destination out of order",
  28: "invalid number format (address incomplete)",
  29: "facility rejected",
  30: "response to STATUS ENQUIRY",
  31: "normal, unspecified",
  34: "no circuit/channel available",
  38: "network out of order",
  39: "permanent frame mode connection out of service",
  40: "permanent frame mode connection operational",
  41: "temporary failure",
  42: "switching equipment congestion",
  43: "access information discarded",
  44: "requested circuit/channel not available",
  46: "precedence call blocked",
  47: "resource unavailable, unspecified",
  49: "quality of service not available",
  50: "requested facility not subscribed",
  53: "outgoing calls barred within CUG",
  55: "incoming calls barred within CUG",
  57: "bearer capability not authorized",
  58: "bearer capability not presently available",
  62: "inconsistency in designated outgoing access information and subscriber class",
  63: "service or option not available, unspecified",
  65: "bearer capability not implemented",
  66: "channel type not implemented",
  69: "requested facility not implemented",
  70: "only restricted digital information bearer capability is available",
  79: "service or option not implemented, unspecified",
  81: "invalid call reference value",
  82: "identified channel does not exist",
  83: "a suspended call exists, but this call identity does not",
  84: "call identity in use",
  85: "no call suspended",
  86: "call having the requested call identity has been cleared",
  87: "user not member of CUG",
  88: "incompatible destination",
  90: "non-existent CUG",
  91: "invalid transit network selection",
  95: "invalid message, unspecified",
  96: "mandatory information element is missing",
  97: "message type non-existent or not implemented",
  98: "message not compatible with call state or message type non-existent",
  99: "information element/parameter non-existent or not implemented",
  100: "invalid information element contents",
  101: "message not compatible with call state",
  102: "recovery on timer expiry",
  103: "parameter non-existent or not implemented, passed on",
  110: "message with unrecognized parameter, discarded",
  111: "protocol error, unspecified",
  127: "interworking, unspecified",
};

// Q.850 §2.2.4: the class of a cause value is bits 7 to 5
const CAUSE_CLASSES = [
  "normal event",
  "normal event",
  "resource unavailable",
  "service or option not available",
  "service or option not implemented",
  "invalid message",
  "protocol error",
  "interworking",
] as const;
