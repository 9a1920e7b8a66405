import type { CallEvent, Cause } from "../call/index.js";
import type { ServiceStatus } from "./q931/service.js";

/**
 * What an ISDN primary rate interface (one D channel with its B channels) and its user say to each
 * other. Upward it speaks the neutral call; a leg is one call on the interface.
 *
 * The end of a leg is always the same: `release` comes up once, then `channel-released` once. Before that
 * `disconnect` may come up: the far end (or a timer) ends the call and the interface clears by itself,
 * unless `progress` says that tones are heard: then it waits, at most T306, for `release` from its user. A
 * user that wants to end a leg says `disconnect` or `release` in any state: the interface chooses the message.
 */
export type LegId = string;

/** A B channel as the channel identification element names it (Q.931 §4.5.13). */
export interface ChannelChoice {
  /** Timeslot: 1 to 31 on E1 (channel numbers = timeslots), 1 to 24 on T1. */
  readonly timeslot: number;
  /** Exclusive: no alternative is acceptable. Otherwise preferred. */
  readonly exclusive: boolean;
}

export type InterfaceInput =
  /** A frame of the D channel, from the address octet on, without flags and FCS. */
  | { readonly kind: "frame"; readonly octets: Uint8Array }
  /**
   * Layer 1 came up or went down (alarm), said at once: the interface itself tells an interruption from
   * persistent deactivation. It is taken to be up until it is said to be down.
   */
  | { readonly kind: "layer-1"; readonly up: boolean }
  /** Begins to establish the data link (and keeps it established). */
  | { readonly kind: "start" }
  /** Something for a leg. A `setup` begins a new leg with an id of the user's own making. */
  | {
      readonly kind: "call";
      readonly leg: LegId;
      readonly event: CallEvent;
      /**
       * With `setup`: the channel seized (absent: a user leaves the choice to the network, a network takes any that
       * is free). With the first reply to an incoming setup: the channel granted (absent: the one that was reported).
       */
      readonly channel?: ChannelChoice;
    }
  /** RESTART procedure (Q.931 §5.5): of channels, or of the whole interface when none are given. */
  | { readonly kind: "restart"; readonly timeslots?: readonly number[] }
  /** NI-2 SERVICE procedure: channel in or out of service, or maintenance. */
  | { readonly kind: "service"; readonly timeslot: number; readonly status: ServiceStatus }
  /** Asks the far end for the state of a call (Q.931 §5.8.10). */
  | { readonly kind: "status-enquiry"; readonly leg: LegId };

export type InterfaceOutput =
  | { readonly kind: "frame"; readonly octets: Uint8Array }
  | {
      readonly kind: "call";
      readonly leg: LegId;
      readonly event: CallEvent;
      /**
       * With an incoming `setup`: the channel that is kept for it; exclusive when the far end asked for just this one,
       * otherwise the user may grant another. It may be one that a `setup` of ours asked for and lost
       * (Q.931 §5.7): that leg then ends, or gets another channel with its first reply. With the first reply to
       * our setup: the channel that the call has now.
       */
      readonly channel?: ChannelChoice;
    }
  /**
   * The leg is gone and holds no channel (after RELEASE COMPLETE or its timers): comes once, after `release`,
   * for every leg that had or asked for a channel. `timeslot` is the last one it had; another leg may have it by now.
   */
  | { readonly kind: "channel-released"; readonly leg: LegId; readonly timeslot: number }
  | { readonly kind: "data-link"; readonly up: boolean }
  /**
   * A restart of these channels is done, ours (RESTART was acknowledged) or theirs; calls on them were
   * released before this.
   */
  | {
      readonly kind: "restarted";
      readonly timeslots: readonly number[];
      readonly by: "us" | "them";
    }
  /**
   * Our RESTART was not acknowledged (T316 twice): the channels are out of service (Q.931 §5.5.1) until a
   * restart of either side succeeds.
   */
  | { readonly kind: "restart-failed"; readonly timeslots: readonly number[] }
  /**
   * After `channel-released`: RELEASE was never answered (§5.3.3), or the call was cleared inside while the data
   * link was down (§5.8.9). The channel serves no call until a restart succeeds.
   */
  | { readonly kind: "channel-maintenance"; readonly timeslot: number }
  | {
      readonly kind: "service";
      readonly timeslot: number;
      readonly status: ServiceStatus;
      readonly by: "us" | "them";
    }
  /** A layer 3 message went out or came in, for traces. */
  | {
      readonly kind: "trace";
      readonly direction: "sent" | "received";
      readonly octets: Uint8Array;
      readonly leg?: LegId;
    }
  /** The peer's fault, or a timer that should not have expired: one sentence for log and counters. */
  | {
      readonly kind: "anomaly";
      readonly what: string;
      readonly leg?: LegId;
      readonly cause?: Cause;
    };
