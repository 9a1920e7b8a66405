/**
 * Counters as they stand in the engine's shared block. The order of the names is the order of the
 * fields in native/engine/counters.h; a test on both sides holds them together.
 */

export const PORT_COUNTERS = [
  // RTP sent
  "packetsSent",
  "octetsSent",
  "sendErrors",
  "eventsSent",
  // RTP received
  "packetsReceived",
  "octetsReceived",
  "lost",
  "late",
  "duplicates",
  "reordered",
  "discarded",
  "malformed",
  "unknownPayload",
  "rejectedSource",
  "ssrcChanges",
  "eventsReceived",
  "jitterMs",
  // playout
  "bufferDepthMs",
  "bufferTargetMs",
  "concealedMs",
  "playedMs",
  "underrunMs",
  "correctionsInserted",
  "correctionsRemoved",
  "correctedMs",
  // RTCP
  "rtcpSent",
  "rtcpReceived",
  "rtcpRejected",
  "remoteLossFraction",
  "remoteLost",
  "remoteJitterMs",
  "roundTripMs",
  // sound
  "inwardLevelDbm0",
  "outwardLevelDbm0",
  "digitsDetected",
  "mutedMs",
  "convertedBlocks",
  "transparentBlocks",
  "slipsInserted",
  "slipsRemoved",
  "recordedMs",
  "prbsBits",
  "prbsErrors",
  "clockDriftPpm",
  // silence and frames
  "sidSent",
  "sidReceived",
  "pausedMs",
  "comfortNoiseMs",
  "passedBlocks",
] as const;

export const SPAN_COUNTERS = [
  "framesSent",
  "framesReceived",
  "signallingOctetsSent",
  "signallingOctetsReceived",
  "fcsErrors",
  "aborts",
  "shortFrames",
  "longFrames",
  "unalignedFrames",
  "framesLost",
  "slipsDropped",
  "slipsRepeated",
  "bitErrorsInjected",
  "losSeconds",
] as const;

export const WORKER_COUNTERS = [
  "ticks",
  "lateTicks",
  "cpuUs",
  "tickUsMax",
  "ports",
  "spans",
  "packetsSent",
  "packetsReceived",
  "sendErrors",
  "commands",
  "framesLost",
  "realtime",
  // codecs with lanes
  "framesEncoded",
  "framesDecoded",
  "codecUs",
] as const;

export type PortCounters = { readonly [Name in (typeof PORT_COUNTERS)[number]]: number };
export type SpanCounters = { readonly [Name in (typeof SPAN_COUNTERS)[number]]: number };

/** Histograms: `counts[i]` happened with a lateness below `HISTOGRAM_BOUNDS_US[i]`; the last one above all. */
export interface WorkerCounters extends Readonly<Record<(typeof WORKER_COUNTERS)[number], number>> {
  readonly tickLateness: Histogram;
  readonly departureLateness: Histogram;
}

export interface Histogram {
  readonly counts: readonly number[];
  /** Upper bound, in us, of the bucket that the quantile (0 to 1) falls into; 0 when empty. */
  quantile(q: number): number;
}

/** Upper bounds of the buckets in us. */
export const HISTOGRAM_BOUNDS_US = [
  10, 20, 30, 40, 50, 60, 80, 100, 125, 150, 175, 200, 250, 300, 350, 400, 500, 600, 800, 1000,
  1500, 2000, 3000, 5000, 10_000, 20_000, 50_000, 100_000, 1_000_000,
] as const;
