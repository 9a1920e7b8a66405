/** A party number as the number elements carry it (Q.931 §4.5.8, §4.5.10, Q.951 §5.4.1, Q.952). */
export interface NumberFields {
  /** Type of number, table 4-9: 0 unknown, 1 international, 2 national, 3 network, 4 subscriber, 6 abbreviated. */
  readonly typeOfNumber: number;
  /** Numbering plan, table 4-9: 0 unknown, 1 ISDN (E.164), 3 data, 4 telex, 8 national, 9 private. */
  readonly plan: number;
  /** IA5 characters, as received; may be empty. */
  readonly digits: string;
}

/** Octet 3a. Absent means that octet 3a is absent, which reads as 0 and 0 (table 4-11). */
export interface PresentationFields {
  /** 0 allowed, 1 restricted, 2 not available due to interworking. */
  readonly presentation?: number;
  /** 0 user provided, 1 verified and passed, 2 verified and failed, 3 network provided. */
  readonly screening?: number;
}

/** Q.931 §4.5.8, 0x70. */
export interface CalledPartyNumber extends NumberFields {
  readonly kind: "called-party-number";
}

/** Q.931 §4.5.10, 0x6C. */
export interface CallingPartyNumber extends NumberFields, PresentationFields {
  readonly kind: "calling-party-number";
}

/** Q.951 §5.4.1, 0x4C. */
export interface ConnectedNumber extends NumberFields, PresentationFields {
  readonly kind: "connected-number";
}

/** Octet 3b: 0 unknown, 1 busy, 2 no reply, 4 deflection, 9 out of order, 10 by called DTE, 15 unconditional. */
export interface DiversionFields extends NumberFields, PresentationFields {
  readonly reason?: number;
}

/** Q.931 §4.6.7, EN 300 207-1, 0x74: the party that redirected the call. */
export interface RedirectingNumber extends DiversionFields {
  readonly kind: "redirecting-number";
}

/** EN 300 207-1, 0x76: the party to which the call is redirected. */
export interface RedirectionNumber extends NumberFields, PresentationFields {
  readonly kind: "redirection-number";
}

/** 0x73, North American switches: the number first dialled, before any redirection. */
export interface OriginalCalledNumber extends DiversionFields {
  readonly kind: "original-called-number";
}
