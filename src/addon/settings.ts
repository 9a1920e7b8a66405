import type { SoundHandle } from "./types.js";

/** The words of call/bearer, so that values pass as they are. */
export type Law = "a-law" | "mu-law";

export interface Endpoint {
  /** IPv4 or IPv6 literal. */
  readonly address: string;
  readonly port: number;
}

// ---- spans ---------------------------------------------------------------------------------

export interface SpanPairOptions {
  readonly kind: "e1" | "t1";
  /** Law of the bearer timeslots. Default: A-law on E1, mu-law on T1. */
  readonly law?: Law;
  /** Default 16 on E1, 24 on T1. */
  readonly signallingTimeslot?: number;
  /** `none`: signalling travels elsewhere (UDP); every timeslot but 0 of an E1 is a bearer, the signalling timeslot too unless kept free by the caller. */
  readonly signalling: "hdlc" | "none";
  /** Both ends live on this worker. Default: the least loaded. */
  readonly worker?: number;
}

export type Alarm = "none" | "los" | "ais" | "rai";

/** Faults of one direction of a span, from the end they are set on toward the other (the clock: of the end itself). */
export interface SpanFault {
  /** Whole ms, 0 to 400, on top of the frame itself. */
  readonly delayMs?: number;
  /** Chance of each bit of each timeslot in use to be inverted, 0 to 0.1. */
  readonly bitErrorRate?: number;
  /** Inverts the n-th bit (0: the next) of the signalling timeslot, counted from now, once. */
  readonly flipSignallingBit?: number;
  /** Slips from now on, once: frames dropped (negative: repeated). */
  readonly slip?: number;
  /** How much faster this end's clock runs: it is of both directions, which slip frames, and of all ports on this end. */
  readonly clockOffsetPpm?: number;
  /** What the far end sees: no signal, all ones, or remote alarm. An end that sees `los` or `ais` sends `rai` back by itself. */
  readonly alarm?: Alarm;
}

// ---- timeslots and what is common -----------------------------------------------------------

export interface TimeslotSettings {
  /** Unrestricted 64 kbit/s: octets are data; no detector, no law conversion, no gain. Default false. */
  readonly clearChannel?: boolean;
  /** Law where it differs from the span's. */
  readonly law?: Law;
}

/** dB, -60 to +20. 0 keeps the octets as they are. */
export interface Gain {
  /** What comes from the world through this port. */
  readonly inwardDb?: number;
  /** What goes to the world through this port. */
  readonly outwardDb?: number;
}

/**
 * Detectors on what comes inward through a port. `auto` (default): DTMF on a port that is heard by an RTP
 * port with telephone-event negotiated; fax and modem wherever an RTP port of speech is one of the two.
 */
export interface Detectors {
  readonly dtmf?: "auto" | "on" | "off";
  readonly faxModem?: "auto" | "on" | "off";
}

/** `both`: full duplex. `a-to-b`: b hears a. */
export type BridgeDirection = "both" | "a-to-b";

// ---- RTP -----------------------------------------------------------------------------------

export type CodecName = "PCMA" | "PCMU" | "G729" | "CLEARMODE";

export type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

export type PacketTime = 10 | 20 | 30 | 40 | 60;

export interface RtpSettings {
  /** Signalled destination, and the source expected first (the latch: design section 4). `null`: none yet. */
  readonly remote?: Endpoint | null;
  /** Default: the RTP destination's port + 1. */
  readonly remoteRtcp?: Endpoint | null;
  readonly direction?: Direction;
  readonly send?: {
    readonly codec: CodecName;
    readonly payloadType: number;
    readonly ptimeMs: PacketTime;
    /**
     * Voice activity detection: silence is not sent. With G.729 by Annex B; with G.711 only where a comfort noise payload type is given. The
     * peer must have agreed. Default false.
     */
    readonly vad?: boolean;
    /** The peer takes SID frames (`annexb` is not `no`): those of another port may be passed on. Default as `vad`. */
    readonly sid?: boolean;
    /** RFC 3389, 13 by default in SDP: what is sent in place of silence with G.711. */
    readonly comfortNoisePayloadType?: number;
  };
  /**
   * Payload types that are accepted; all others are counted and dropped. `CN` is comfort noise of RFC 3389; 13 is understood without being
   * named. Of several codecs that one is played in which each packet comes, without a gap.
   */
  readonly receive?: readonly {
    readonly payloadType: number;
    readonly codec: CodecName | "CN";
  }[];
  /** RFC 4733. `null`: not negotiated. */
  readonly telephoneEvent?: {
    /** What we send; absent: digits go in-band. */
    readonly sendPayloadType?: number;
    readonly receivePayloadType?: number;
  } | null;
  /** Adaptive between min and max (default 20 and 200), or fixed. CLEARMODE is always fixed (at `fixedMs`, default 60). */
  readonly jitterBuffer?:
    | { readonly minMs: number; readonly maxMs: number }
    | { readonly fixedMs: number };
  /** Concealment of lost packets (G.711 Appendix I; G.729 always has its own). Default true. */
  readonly concealment?: boolean;
  /** RTCP canonical name. Default: random (RFC 7022). */
  readonly cname?: string;
  /** Default: random. */
  readonly ssrc?: number;
  /** RTCP on or off (`a=rtcp` absent peers still get it). Default true. */
  readonly rtcp?: boolean;
  /** Silence of RTP that raises `rtp-timeout` while we should receive; 0: never. Default 0. */
  readonly timeoutMs?: number;
  /** Opt-in: `rtp-release-due` after so long without RTP and RTCP, never on hold; 0: never. Default 0. */
  readonly releaseMs?: number;
  /** Let the source be latched anew (new SDP, ICE restart). */
  readonly relatch?: boolean;
}

// ---- terminals -------------------------------------------------------------------------------

/** Tones of E.180 by network, or free frequencies with a cadence. */
export type ToneSpec =
  | {
      readonly country: string;
      readonly name:
        | "dial"
        | "ringing"
        | "busy"
        | "congestion"
        | "special-information"
        | "call-waiting";
    }
  | {
      /** Power of a segment's frequencies together. Default -13. */
      readonly levelDbm0?: number;
      /** Steps of a cadence: up to 4 frequencies at once (none: silence) for `ms` (0: for ever). */
      readonly segments: readonly {
        readonly frequencies: readonly number[];
        readonly ms: number;
      }[];
      /** How often the cadence is heard; absent: for ever. */
      readonly repeats?: number;
    };

export type Source =
  /** Idle octets. */
  | { readonly kind: "silence" }
  | { readonly kind: "tone"; readonly tone: ToneSpec }
  /** 0 dBm0: the octets of G.711 tables 5 and 6 (1000 Hz), or 1004 Hz (mu-law networks). */
  | { readonly kind: "milliwatt"; readonly law: Law; readonly frequency?: 1000 | 1004 }
  /** Heard once, or again and again with a gap. */
  | {
      readonly kind: "sound";
      readonly sound: SoundHandle;
      readonly loop?: boolean;
      readonly gapMs?: number;
    }
  /** Bursts of background noise and pauses, for VAD and comfort noise. */
  | {
      readonly kind: "noise";
      readonly levelDbm0: number;
      readonly burstMs: number;
      readonly pauseMs: number;
    }
  | {
      readonly kind: "digits";
      readonly digits: string;
      readonly onMs?: number;
      readonly offMs?: number;
    }
  /** Says what it hears, octet for octet. */
  | { readonly kind: "echo" }
  /** A two-wire line: what it hears comes back as hybrid echo, and a talker now and then. */
  | {
      readonly kind: "hybrid";
      readonly delayMs: number;
      /** Echo return loss, dB. */
      readonly erlDb: number;
      readonly talker?: { readonly sound: SoundHandle; readonly gapMs: number };
    }
  /** Pseudo-random octets (ITU-T O.150, 2^15-1), for bit error tests. */
  | { readonly kind: "prbs" };

export interface Sink {
  /** Keeps up to this many ms of what is heard. Given anew: starts anew. 0: no recorder. */
  readonly recordMs?: number;
  /** `digit` events of what is heard. */
  readonly collectDigits?: boolean;
  /** `tone-detected` events for these frequencies (Hz). */
  readonly detectTones?: readonly number[];
  /** Compares what is heard with the PRBS source's sequence; counts in `prbsBits` and `prbsErrors`. */
  readonly checkPrbs?: boolean;
}

export interface TerminalSettings {
  readonly source?: Source;
  /** Replaces the whole sink. */
  readonly sink?: Sink;
  /** Law in which it speaks where that matters (echo keeps the octets of the one it hears). Default a-law. */
  readonly law?: Law;
}

// ---- stepped mode's network --------------------------------------------------------------------

export interface NetworkImpairment {
  readonly delayMs?: number;
  /** Uniform, on top of the delay; reorders. */
  readonly jitterMs?: number;
  readonly loss?: number;
  readonly duplicate?: number;
}

// ---- a path between a test phone and the network ---------------------------------------------

/** Each way, on every socket of an engine; the same chances in the same order on each. */
export interface PathImpairment {
  readonly delayMs?: number;
  /** Uniform, on top of the delay; reorders. */
  readonly jitterMs?: number;
  /** 0 to 0.9. */
  readonly loss?: number;
  /** Mean number of datagrams that are lost in a row. Default: as chance has it. */
  readonly burst?: number;
  /** Default 1. */
  readonly seed?: number;
}
