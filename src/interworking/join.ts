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

/** What the join must know of a leg's protocol: who plays tones, who has timers of its own. */
export interface LegTraits {
  readonly signalling: "sip" | SignallingKind;
  /** Trunk group or peer. */
  readonly name: string;
  /** Longest call from its answer; of two legs the stricter one counts. Absent: no limit. */
  readonly longestCallMs?: number;
  /** Silence of its RTP beyond the engine's alarm after which an answered call ends. Absent: never. */
  readonly silenceReleaseMs?: number;
}

export type JoinInput =
  /** What a leg reports. The first one is the `setup` of leg a. */
  | { readonly kind: "leg"; readonly side: Side; readonly event: CallEvent }
  /** Answer to `route`. */
  | { readonly kind: "route-outcome"; readonly outcome: RouteOutcome }
  /** Answer to `seize`: the circuit is seized or the SIP leg made; its `setup` follows, or `unseize`. */
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
  /** Find a route for these digits: answered by `route-outcome`. Again when more digits came. */
  | { readonly kind: "route"; readonly setup: Setup }
  /** Seize a circuit of the trunk group, or make a leg toward the peer: answered by `seized` or `refused`. */
  | { readonly kind: "seize"; readonly destination: Destination }
  /** What `seized` gave is not wanted any more and was never set up: give the circuit back, drop the leg. */
  | { readonly kind: "unseize" }
  /**
   * Leg b is given up and another destination is tried. Its events are not the join's any more; it
   * ends by itself (it was released, or asked to) and frees its circuit as every leg does.
   */
  | { readonly kind: "abandoned"; readonly cause: Cause }
  /** What each leg is given to hear from now on. Said only when it changes. */
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
export type Tone = "dial" | "ringback" | "busy" | "congestion" | "special-information";

/**
 * `toA` and `toB` both `speech` is a full bridge. A plan is whole: what it does not say any more is
 * not so any more. Hold needs no plan of its own: the media direction of the leg does it.
 */
export interface MediaPlan {
  readonly toA: Heard;
  readonly toB: Heard;
}

/** Times in ms, and choices, for all calls or for those of a peer or trunk group. */
export interface JoinParams {
  /** Tones of a far end that disconnected are heard so long; less than its T306 (30 s). 0: not at all. */
  readonly tonesMs: number;
  /** An exchange that waits for alerting hears of progress before its T310 expires (RFC 3398 §8.2.8). */
  readonly earlyProgressMs: number;
  /** A SIP peer must alert or answer within this time (as T310, RFC 3398 §7.2.2 for T7). */
  readonly T310: number;
  /** A SIP peer that alerts must answer within this time (as T301, RFC 3398 §7.2.8 for T9). */
  readonly T301: number;
  /** A call that fails is told so with a tone where we are the exchange. */
  readonly failureTones: boolean;
  /** A leg that was asked to clear and never says that it is gone is given up after this time. */
  readonly clearingGuardMs: number;
}

export const DEFAULT_JOIN_PARAMS: JoinParams = {
  tonesMs: 20_000,
  earlyProgressMs: 8_000,
  T310: 120_000,
  T301: 180_000,
  failureTones: true,
  clearingGuardMs: 120_000,
};
