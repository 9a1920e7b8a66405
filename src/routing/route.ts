import type { Bearer, NatureOfAddress, PartyNumber, PresentedNumber } from "../call/index.js";

/** Where a call comes from, as the configuration names it. */
export interface Origin {
  readonly kind: "trunk-group" | "peer";
  readonly name: string;
}

/** What is asked of the route table. */
export interface RouteQuery {
  readonly origin: Origin;
  readonly called: PartyNumber;
  readonly calling?: PresentedNumber;
  readonly bearer: Bearer;
  /** False while more digits may come: then the answer may be `more-digits`. */
  readonly sendingComplete: boolean;
  readonly priority?: "emergency";
}

/** A pattern of digits: `0-9 * # A-D` as such, `x` any digit, `[1-9]` a set; matched at the front. */
export type DigitPattern = string;

/** How a number is changed on its way: in the order strip, replace, prefix, nature. */
export interface NumberTranslation {
  /** Digits taken off the front. */
  readonly strip?: number;
  /** The front that matches `pattern` becomes `by`; no match, no change. */
  readonly replace?: { readonly pattern: DigitPattern; readonly by: string };
  readonly prefix?: string;
  readonly nature?: NatureOfAddress;
}

export interface RouteDestination {
  readonly kind: "trunk-group" | "peer";
  readonly name: string;
  readonly called?: NumberTranslation;
  readonly calling?: NumberTranslation;
  /** Default: the causes of `DEFAULT_REROUTE_CAUSES`. */
  readonly rerouteCauses?: readonly number[];
  readonly overlap?: boolean;
}

/** One route. Every condition that is given must hold. */
export interface RouteRule {
  readonly name: string;
  readonly from?: readonly Origin[];
  /** Prefix of the called number; the longest that matches wins. Empty or absent: every number. */
  readonly called?: DigitPattern;
  readonly calledNature?: readonly NatureOfAddress[];
  readonly calling?: DigitPattern;
  readonly bearers?: readonly Bearer["kind"][];
  /** Length of the whole number where it is known; fewer digits wait for more, `max` ends the wait. */
  readonly digits?: { readonly min: number; readonly max?: number };
  /** Routes of emergency services: found before all others. */
  readonly emergency?: boolean;
  /** Among matches of the same length the lower goes first; then the order of the table. */
  readonly priority?: number;
  readonly destinations: readonly RouteDestination[];
}
