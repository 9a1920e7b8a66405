import type {
  CallEvent,
  Cause,
  Destination,
  RouteOutcome,
  Setup,
  SignallingKind,
} from "../call/index.js";

/** The incoming leg of a call is `a`, the outgoing one `b`. */
export type Side = "a" | "b";

/** What the join must know of a leg's protocol: who plays tones, how much time there is. */
export interface LegTraits {
  readonly signalling: "sip" | SignallingKind;
  /** Trunk group or peer. */
  readonly name: string;
}

export type JoinInput =
  /** What a leg reports. The first one is the `setup` of leg a. */
  | { readonly kind: "leg"; readonly side: Side; readonly event: CallEvent }
  /** Answer to `route`. */
  | { readonly kind: "route-outcome"; readonly outcome: RouteOutcome }
  /** Answer to `seize`: leg b exists (circuit seized, or SIP leg made) and takes its `setup` now. */
  | { readonly kind: "seized"; readonly traits: LegTraits }
  /** Answer to `seize`: no circuit (34, 44), peer down (27, 38, 41), over its limit (42). */
  | { readonly kind: "refused"; readonly cause: Cause }
  /** The engine hears the leg's far end: the first packet came, or packets came again after silence. */
  | { readonly kind: "media-heard"; readonly side: Side }
  /** No RTP from the leg's far end for the engine's timeout. An alarm; ends the call only if so configured. */
  | { readonly kind: "media-silent"; readonly side: Side }
  /** An operator, the policy or a failing span ends the call. */
  | { readonly kind: "hang-up"; readonly cause: Cause };

export type JoinOutput =
  /** What a leg is asked to do. */
  | { readonly kind: "leg"; readonly side: Side; readonly event: CallEvent }
  /** Find a route for these digits: answered by `route-outcome`. Again with each more digits. */
  | {
      readonly kind: "route";
      readonly setup: Setup;
    }
  /** Seize a circuit of the trunk group, or make a leg toward the peer: answered by `seized` or `refused`. */
  | { readonly kind: "seize"; readonly destination: Destination }
  /** Leg b of the last `seize` is over and another destination is tried: forget it, close its media. */
  | { readonly kind: "abandoned"; readonly cause: Cause }
  /** What each leg is given to hear from now on. Legs that are gone are not spoken of. */
  | { readonly kind: "media-plan"; readonly plan: MediaPlan }
  /** For the call record: when it is said is when it happened. */
  | { readonly kind: "milestone"; readonly milestone: Milestone }
  /** Both legs are over. `cause` is why the call ended, with its whole way. Said exactly once, last. */
  | { readonly kind: "ended"; readonly cause: Cause; readonly by: Side | "gateway" };

export type Milestone =
  | "routed"
  | "alerting"
  | "in-band"
  | "answered"
  | "held"
  | "retrieved"
  | "clearing";

/** What a leg hears: the other leg's speech, a tone of ours, or nothing. */
export type Heard =
  | { readonly kind: "speech" }
  | { readonly kind: "tone"; readonly tone: Tone }
  | { readonly kind: "nothing" };

/** Tones by their meaning (E.180); frequencies and cadences are the country's. */
export type Tone = "ringback" | "busy" | "congestion" | "special-information" | "hold";

/**
 * `toA` and `toB` both `speech` is a full bridge. A plan is whole: what it does not name is not so
 * any more.
 */
export interface MediaPlan {
  readonly toA: Heard;
  readonly toB: Heard;
}
