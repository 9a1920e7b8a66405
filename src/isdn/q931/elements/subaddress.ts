/** A subaddress (Q.931 §4.5.9, §4.5.11). */
export interface SubaddressFields {
  /** 0 NSAP (X.213), 2 user specified. */
  readonly type: number;
  /** Whether the last of the BCD digits is a filler: an odd number of address signals. */
  readonly odd: boolean;
  readonly address: Uint8Array;
}

/** Q.931 §4.5.9, 0x71. */
export interface CalledPartySubaddress extends SubaddressFields {
  readonly kind: "called-party-subaddress";
}

/** Q.931 §4.5.11, 0x6D. */
export interface CallingPartySubaddress extends SubaddressFields {
  readonly kind: "calling-party-subaddress";
}

/** Q.951 §5.4.2, 0x4D. */
export interface ConnectedSubaddress extends SubaddressFields {
  readonly kind: "connected-subaddress";
}
