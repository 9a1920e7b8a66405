import type { CauseLocation } from "./cause.js";

/** What the connection must carry (Q.931 §4.5.5 information transfer capability). */
export type Bearer =
  | { readonly kind: "speech"; readonly law: Law }
  | { readonly kind: "audio-3k1"; readonly law: Law }
  | { readonly kind: "unrestricted-64k" };

/** The G.711 law of a timeslot or of a bearer capability's user information layer 1. */
export type Law = "a-law" | "mu-law";

/** Progress description (Q.931 table 4-20). */
export type ProgressDescription =
  | "not-end-to-end-isdn" // 1
  | "destination-not-isdn" // 2
  | "origination-not-isdn" // 3
  | "returned-to-isdn" // 4
  | "interworking-change-of-service" // 5
  | "in-band-information"; // 8

export interface ProgressIndicator {
  readonly description: ProgressDescription;
  readonly location: CauseLocation;
}

/** Indicators 1 and 8 say that in-band information may be heard (Q.931 §5.4.1, design section 3). */
export function isInBand(indicators: readonly ProgressIndicator[] | undefined): boolean {
  return (indicators ?? []).some(
    ({ description }) =>
      description === "in-band-information" || description === "not-end-to-end-isdn",
  );
}
