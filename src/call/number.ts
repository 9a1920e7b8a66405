/** Type of number (Q.931 table 4-9) or nature of address (Q.763 3.9), in one vocabulary. */
export type NatureOfAddress =
  | "unknown"
  | "international"
  | "national"
  | "network-specific"
  | "subscriber"
  | "abbreviated";

/** Numbering plan identification (Q.931 table 4-9). */
export type NumberingPlan = "unknown" | "isdn" | "data" | "telex" | "national" | "private";

/** Presentation indicator (Q.931 table 4-11). */
export type Presentation = "allowed" | "restricted" | "unavailable";

/** Screening indicator (Q.931 table 4-11). */
export type Screening =
  | "user-provided-not-screened"
  | "user-provided-verified-and-passed"
  | "user-provided-verified-and-failed"
  | "network-provided";

/** A party's number. `digits` holds 0-9, *, #, A-D; never a plus sign or separators. */
export interface PartyNumber {
  readonly digits: string;
  readonly nature: NatureOfAddress;
  readonly plan: NumberingPlan;
}

/** A number that says whether it may be shown, and who vouches for it. */
export interface PresentedNumber extends PartyNumber {
  readonly presentation: Presentation;
  readonly screening: Screening;
  /** Party subaddress, as the octets of its contents after the length (Q.931 §4.5.9, §4.5.11). */
  readonly subaddress?: Uint8Array;
}

/** Why a call was redirected (Q.931/Q.952 reason for diversion, Q.763 3.45 redirecting reason). */
export type RedirectionReason =
  | "unknown"
  | "busy"
  | "no-reply"
  | "unconditional"
  | "deflection-during-alerting"
  | "deflection-immediate"
  | "mobile-not-reachable";

/** The party that redirected the call last, and how often that happened. */
export interface Redirection {
  readonly redirecting: PresentedNumber;
  readonly originalCalled?: PresentedNumber;
  readonly reason: RedirectionReason;
  readonly originalReason?: RedirectionReason;
  /** Redirection counter, 1 to 5 where it is known. */
  readonly count?: number;
}
