/** Q.931 §4.5.12, 0x08; values and locations of Q.850. */
export interface CauseElement {
  readonly kind: "cause";
  /** 0 ITU-T. */
  readonly codingStandard: number;
  /** 0 user, 1 LPN, 2 LN, 3 TN, 4 RLN, 5 RPN, 7 international, 10 beyond interworking point. */
  readonly location: number;
  /** Octet 3a: 0 Q.931, 3 X.21, 4 X.25, 5 Q.1031. Absent means Q.931. */
  readonly recommendation?: number;
  /** 0 to 127. */
  readonly value: number;
  readonly diagnostics?: Uint8Array;
}

/** Q.931 §4.5.7, 0x14. */
export interface CallState {
  readonly kind: "call-state";
  readonly codingStandard: number;
  /** 0 to 63: the number of the state (N6 is 6, U25 is 25); with the global reference Rest 0, 1, 2. */
  readonly value: number;
}

/** Q.931 §4.5.23, 0x1E. */
export interface ProgressElement {
  readonly kind: "progress-indicator";
  readonly codingStandard: number;
  readonly location: number;
  /** 1 not end-to-end ISDN, 2 destination, 3 origination, 4 returned, 5 interworking, 8 in-band (table 4-20). */
  readonly description: number;
}

/** Q.931 §4.5.22, 0x27. */
export interface NotificationIndicator {
  readonly kind: "notification-indicator";
  /** 0 user suspended, 1 user resumed, 2 bearer service change, more in Q.952 and Q.953. */
  readonly description: number;
  /** Octets after 3 (Q.932: ASN.1 data when the description is an extension). */
  readonly data?: Uint8Array;
}

/** Q.931 §4.5.28, 0x34. */
export interface Signal {
  readonly kind: "signal";
  readonly value: number;
}

/** Q.931 §4.5.25, 0x79. */
export interface RestartIndicator {
  readonly kind: "restart-indicator";
  /** 0 indicated channels, 6 single interface, 7 all interfaces. */
  readonly class: number;
}

/** NI-2 and T1.607 SERVICE, 0x01. */
export interface ChangeStatus {
  readonly kind: "change-status";
  /** 1: the status is of a channel; 0 of the interface. */
  readonly preference: number;
  /** 0 in service, 1 maintenance, 2 out of service, 3 request in service. */
  readonly status: number;
}

/** 0x36, functional and stimulus terminals of North America: 0 on hook, 1 off hook. */
export interface Switchhook {
  readonly kind: "switchhook";
  readonly value: number;
}
