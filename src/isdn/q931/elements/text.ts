/** Q.931 §4.5.16, 0x28. */
export interface Display {
  readonly kind: "display";
  /** NI-2 and T1.607: octet 3 with bit 8 set, bits 7 to 1 (0x31 for a name). ETSI has none. */
  readonly charset?: number;
  /** One character an octet (ISO 8859-1), so that nothing is lost. */
  readonly text: string;
}

/** Q.931 §4.5.18, 0x2C. */
export interface KeypadFacility {
  readonly kind: "keypad-facility";
  readonly digits: string;
}

/** Q.931 §4.5.15, 0x29. Wall time of the network. */
export interface DateTime {
  readonly kind: "date-time";
  /** 0 to 99 as sent. */
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
}

/** Q.931 §4.5.30, 0x7E. */
export interface UserUser {
  readonly kind: "user-user";
  /** Protocol discriminator, octet 3: 0 user specific, 4 IA5. */
  readonly protocol: number;
  readonly information: Uint8Array;
}

/** Q.932 §8.2.3, 0x1C. */
export interface FacilityElement {
  readonly kind: "facility";
  /** 17 (0x91 on the wire) remote operations, 31 networking extensions. */
  readonly profile: number;
  /** The components as sent: BER (ROSE). `describeComponents` reads them for people. */
  readonly components: Uint8Array;
}

/** Q.931 §4.5.6, 0x10. */
export interface CallIdentity {
  readonly kind: "call-identity";
  readonly identity: Uint8Array;
}

/** T1.607, 0x37. */
export interface GenericDigits {
  readonly kind: "generic-digits";
  /** 0 BCD even, 1 BCD odd, 2 IA5, 3 binary. */
  readonly encoding: number;
  /** 0 account code, 1 authorization code, 2 customer identification, 4 universal access ... */
  readonly type: number;
  readonly digits: Uint8Array;
}
