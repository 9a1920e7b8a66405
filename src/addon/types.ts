/**
 * What the native media engine offers. `loader.ts` makes an `Engine` of it; nothing else in the
 * project sees the addon. Media never passes here: only control, events and counters do.
 *
 * Faults of the world (port in use, no such interface) and stale handles are values: every method
 * that can fail returns an `EngineResult`. A wrong argument is our own mistake and throws a
 * `TypeError` or `RangeError` with a stable `code`.
 */
import type { Instant, Result } from "../core/index.js";
import type { PortCounters, SpanCounters, WorkerCounters } from "./counters.js";
import type { EngineEvent } from "./events.js";
import type {
  BridgeDirection,
  Detectors,
  Endpoint,
  Gain,
  NetworkImpairment,
  PathImpairment,
  RtpSettings,
  SpanFault,
  SpanPairOptions,
  TerminalSettings,
  TimeslotSettings,
  ToneSpec,
} from "./settings.js";

export type * from "./counters.js";
export type * from "./events.js";
export type * from "./settings.js";

/** Handles are numbers with a generation; a stale one is answered with `stale-handle`. */
export type PortHandle = number & { readonly handle: "port" };
export type SpanHandle = number & { readonly handle: "span" };
export type SoundHandle = number & { readonly handle: "sound" };

/** The two ends of a simulated span. */
export interface SpanPair {
  readonly a: SpanHandle;
  readonly b: SpanHandle;
}

export type EngineErrorCode =
  /** The handle was closed, or never was one of this kind. */
  | "stale-handle"
  /** The engine is closed. */
  | "closed"
  /** Not possible in this mode or for this kind of port. */
  | "not-supported"
  /** The timeslot is open already, is the signalling timeslot, or lies outside the span. */
  | "timeslot-unavailable"
  /** A ring is full (commands or outgoing frames); try again a tick later. */
  | "ring-full"
  /** A frame is too long or too short, a payload type is unusable, a sound is empty... */
  | "invalid"
  /** More handles, spans or ports than the engine can number. */
  | "limit"
  /** Codes of the operating system when sockets are opened. */
  | "EADDRINUSE"
  | "EADDRNOTAVAIL"
  | "EACCES"
  | "EMFILE"
  | "ENFILE"
  | "EAFNOSUPPORT"
  | "EIO";

export interface EngineError {
  readonly code: EngineErrorCode;
  /** For people: what was asked and what was wrong with it. */
  readonly message: string;
}

export type EngineResult<Value> = Result<Value, EngineError>;
/** The result of what has no value. */
export type EngineDone = EngineResult<void>;

export interface EngineOptions {
  /**
   * `threaded`: real workers, real sockets, CLOCK_MONOTONIC. `stepped`: no thread, no socket, time
   * passes in `advance` only and datagrams travel in memory; exact and repeatable.
   */
  readonly mode: "threaded" | "stepped";
  /** Worker threads (stepped: workers without threads). Default 1. */
  readonly workers?: number;
  /** CPU of each worker by index; absent: not pinned. */
  readonly cpus?: readonly number[];
  /** Seed of all chance in the engine (SSRC, sequence numbers, RTCP intervals, bit errors). Default: entropy; stepped: 1. */
  readonly seed?: number;
  /** `now()` of a fresh stepped engine. Default 0. */
  readonly startMs?: number;
  /** SCHED_FIFO when permitted, silently without. Default true. */
  readonly realtime?: boolean;
  /** DSCP of RTP and RTCP. Default 46 (EF). */
  readonly dscp?: number;
  /** A network emulator before all sockets, for test phones; at most 256 datagrams are under way on each. */
  readonly path?: PathImpairment;
  /**
   * Receives all events, some at a time, in the order in which they happened. Never called from
   * within a method of the engine but `advance`, and there after the last tick only.
   */
  readonly onEvents: (events: readonly EngineEvent[]) => void;
}

/** Made by `createEngine(options: EngineOptions): Engine` of this folder's index. */
export interface Engine {
  readonly mode: "threaded" | "stepped";
  readonly workers: number;

  /** CLOCK_MONOTONIC in ms (the clock of `performance.now` plus a constant); stepped: the stepped clock. */
  now(): Instant;
  /** Stepped mode: runs the ticks of `ms` whole milliseconds, then delivers the events. */
  advance(ms: number): EngineDone;
  /** Stops the workers, sends RTCP BYE, closes all. Further calls answer `closed`; a second close does nothing. */
  close(): void;

  // ---- spans -------------------------------------------------------------------------------

  /** A pair of crossed simulated spans: what end a sends, end b receives, and the other way round. */
  openSpanPair(options: SpanPairOptions): EngineResult<SpanPair>;
  /** Closes both ends of the pair and every port on them. */
  closeSpan(span: SpanHandle): EngineDone;
  /** Sends a frame, from the address octet on, without flags and FCS, on the signalling timeslot. */
  sendSignalling(span: SpanHandle, octets: Uint8Array): EngineDone;
  /** Faults of the direction away from this end, toward the other. Absent fields stay as they are. */
  setFault(span: SpanHandle, fault: SpanFault): EngineDone;
  spanCounters(span: SpanHandle): EngineResult<SpanCounters>;

  // ---- ports -------------------------------------------------------------------------------

  /** One bearer timeslot: 1 to 31 on E1 (0 is framing), 1 to 24 on T1. */
  openTimeslot(
    span: SpanHandle,
    timeslot: number,
    settings?: TimeslotSettings,
  ): EngineResult<PortHandle>;
  configureTimeslot(port: PortHandle, settings: TimeslotSettings): EngineDone;
  /** Binds `port` for RTP and `port + 1` for RTCP; receives at once. Port 0 takes any free even pair. */
  openRtp(local: Endpoint, settings?: RtpSettings): EngineResult<PortHandle>;
  /** Absent settings stay as they are. Address, socket, SSRC and counters of the port live on. */
  configureRtp(port: PortHandle, settings: RtpSettings): EngineDone;
  /** Where an RTP port is bound, and which source it is latched to. */
  rtpAddresses(port: PortHandle): EngineResult<RtpAddresses>;
  /** A source and a sink of sound: subscriber, announcement, recorder. */
  openTerminal(settings?: TerminalSettings): EngineResult<PortHandle>;
  /** Absent settings stay as they are; a source that is given starts from its beginning. */
  configureTerminal(port: PortHandle, settings: TerminalSettings): EngineDone;
  /** Forgets the port and all bridges to it; an RTP port says BYE. */
  closePort(port: PortHandle): EngineDone;

  // ---- joints ------------------------------------------------------------------------------

  /**
   * Joins two ports. A port hears one other at most (the newest), but may be heard by many:
   * `a-to-b` lets b hear a and leaves what a hears as it is.
   */
  bridge(a: PortHandle, b: PortHandle, direction?: BridgeDirection): EngineDone;
  /** The port hears nobody any more and its former partner, if it heard the port, neither. */
  unbridge(port: PortHandle): EngineDone;
  /** A tone outward on the port instead of its partner's speech (ringback); `null` ends it. */
  overlayTone(port: PortHandle, tone: ToneSpec | null): EngineDone;
  /**
   * A digit (0-9 * # A-D) outward: telephone-event on an RTP port that has it negotiated, in-band
   * otherwise. `ms` is 40 to 8000. Digits queue, with a pause of 70 ms between them.
   */
  sendDigit(port: PortHandle, digit: string, ms?: number): EngineDone;
  setGain(port: PortHandle, gain: Gain): EngineDone;
  setDetectors(port: PortHandle, detectors: Detectors): EngineDone;

  // ---- sounds ------------------------------------------------------------------------------

  /** Copies 8 kHz linear samples for use by terminals. */
  loadSound(samples: Int16Array): EngineResult<SoundHandle>;
  /** Ports that still play it go on to the end. */
  unloadSound(sound: SoundHandle): EngineDone;
  /** What the terminal's recorder has taken so far, 8 kHz linear. */
  readRecording(port: PortHandle): EngineResult<Int16Array>;

  // ---- counters (no call into a worker; read from shared memory) ----------------------------

  portCounters(port: PortHandle): EngineResult<PortCounters>;
  workerCounters(worker: number): EngineResult<WorkerCounters>;

  // ---- stepped mode: datagrams in memory ------------------------------------------------------

  /** Puts a datagram on the simulated network, as if `from` had sent it. */
  sendDatagram(from: Endpoint, to: Endpoint, octets: Uint8Array): EngineDone;
  /** Delay, jitter, loss and duplication of the simulated network; datagrams for nobody become events. */
  impairNetwork(impairment: NetworkImpairment): EngineDone;
}

export interface RtpAddresses {
  readonly local: Endpoint;
  readonly localRtcp: Endpoint;
  /** The source that RTP is accepted from, once latched. */
  readonly latched: Endpoint | null;
  /** SSRC of what we send. */
  readonly ssrc: number;
  /** SSRC of what we receive, once anything has come. */
  readonly remoteSsrc: number | null;
}
