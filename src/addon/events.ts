import type { Alarm, Endpoint } from "./settings.js";
import type { PortHandle, SpanHandle } from "./types.js";

/** Every event says when it happened (`at`, the clock of `now()`). */
export type EngineEvent = PortEvent | SpanEvent | NetworkEvent;

export type PortEvent =
  /** A digit that came inward through the port. Reported at its end. */
  | {
      readonly kind: "digit";
      readonly port: PortHandle;
      readonly at: number;
      /** 0-9 * # A-D. */
      readonly digit: string;
      readonly durationMs: number;
      readonly from: "rfc4733" | "in-band";
    }
  /** RTP is accepted from this source alone from now on. */
  | {
      readonly kind: "source-latched";
      readonly port: PortHandle;
      readonly at: number;
      readonly source: Endpoint;
    }
  /** Alarm only: nothing received for the configured time. */
  | { readonly kind: "rtp-timeout"; readonly port: PortHandle; readonly at: number }
  | { readonly kind: "rtp-resumed"; readonly port: PortHandle; readonly at: number }
  /** The opt-in release timer ran out (neither RTP nor RTCP, not on hold). */
  | { readonly kind: "rtp-release-due"; readonly port: PortHandle; readonly at: number }
  | {
      readonly kind: "ssrc-changed";
      readonly port: PortHandle;
      readonly at: number;
      readonly ssrc: number;
    }
  | { readonly kind: "rtcp-bye"; readonly port: PortHandle; readonly at: number }
  /** The bridge was switched to fixed buffer, detectors and concealment off. `port`: where it was heard. */
  | {
      readonly kind: "fax-or-modem";
      readonly port: PortHandle;
      readonly at: number;
      readonly signal: FaxOrModemSignal;
    }
  /** A sound heard once, a tone with an end, or digits have been played whole. */
  | { readonly kind: "source-finished"; readonly port: PortHandle; readonly at: number }
  /** The recorder holds as much as it may. */
  | { readonly kind: "recorder-full"; readonly port: PortHandle; readonly at: number }
  | {
      readonly kind: "tone-detected";
      readonly port: PortHandle;
      readonly at: number;
      readonly frequency: number;
      readonly present: boolean;
    };

export type FaxOrModemSignal =
  | "ans"
  | "ans-phase-reversed"
  | "ansam"
  | "ansam-phase-reversed"
  | "v21-preamble";

export type SpanEvent =
  /** A good frame of the signalling timeslot, from the address octet on, without FCS. */
  | {
      readonly kind: "signalling";
      readonly span: SpanHandle;
      readonly at: number;
      readonly octets: Uint8Array;
    }
  /** Frames with a bad FCS, aborted, too short, too long or not of whole octets. Totals since the span was opened. */
  | {
      readonly kind: "signalling-errors";
      readonly span: SpanHandle;
      readonly at: number;
      readonly fcsErrors: number;
      readonly aborts: number;
    }
  /** What this end receives now. */
  | {
      readonly kind: "span-alarm";
      readonly span: SpanHandle;
      readonly at: number;
      readonly alarm: Alarm;
    };

/** Stepped mode: a datagram that no RTP port of the engine was bound for. */
export interface NetworkEvent {
  readonly kind: "datagram";
  readonly at: number;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly octets: Uint8Array;
}
