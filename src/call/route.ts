import type { Cause } from "./cause.js";
import type { PartyNumber, PresentedNumber } from "./number.js";

/** One place that a call may be sent to, with the numbers as they are to be sent there. */
export interface Destination {
  readonly kind: "trunk-group" | "peer";
  /** Name of the trunk group or peer in the configuration. */
  readonly name: string;
  readonly called: PartyNumber;
  readonly calling?: PresentedNumber;
  /** Cause values from this destination after which the next one is tried. */
  readonly rerouteCauses: readonly number[];
  /** Digits may follow the setup (overlap sending). */
  readonly overlap: boolean;
}

/** What routing says of a called number. */
export type RouteOutcome =
  | {
      readonly kind: "routed";
      /** Name of the route, for records. */
      readonly route: string;
      /** In the order in which they are to be tried; never empty. */
      readonly destinations: readonly Destination[];
      /** It is routed, but longer numbers are too: wait for more digits, or send them on overlap. */
      readonly mayGrow: boolean;
      readonly emergency: boolean;
    }
  /** The digits so far begin numbers that are routed, but are none yet. */
  | { readonly kind: "more-digits" }
  | { readonly kind: "no-route"; readonly cause: Cause };
