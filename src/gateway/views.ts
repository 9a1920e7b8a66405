import type { Blocking, CircuitState } from "../call/index.js";

/** What the gateway shows of itself: plain values for the control API, never live objects. */
export interface GatewayStatus {
  readonly version: string;
  readonly pid: number;
  readonly uptimeMs: number;
  readonly state: "running" | "draining";
  readonly listeners: readonly { readonly name: string; readonly uri: string }[];
  readonly calls: { readonly active: number; readonly total: number; readonly failed: number };
  readonly trunkGroups: readonly TrunkGroupView[];
  readonly peers: readonly { readonly name: string; readonly calls: number }[];
  readonly counters: Readonly<Record<string, number>>;
  readonly workers: readonly WorkerView[];
  readonly eventLoopDelayMs: { readonly mean: number; readonly p99: number; readonly max: number };
}

export interface WorkerView {
  readonly ticks: number;
  readonly lateTicks: number;
  readonly cpuUs: number;
  readonly ports: number;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly tickLatenessP99Us: number;
  readonly departureLatenessP99Us: number;
}

export interface TrunkGroupView {
  readonly name: string;
  readonly signalling: string;
  readonly total: number;
  readonly busy: number;
  readonly idle: number;
  readonly blocked: number;
  readonly maxBusy: number;
}

export interface LegView {
  readonly side: "a" | "b";
  readonly kind: "sip" | "isdn";
  /** Peer or trunk group. */
  readonly name: string;
  /** `span 1/5` or the session's Call-ID. */
  readonly where: string;
  readonly media?: MediaView;
}

export interface MediaView {
  readonly codec?: string;
  readonly ptimeMs?: number;
  readonly local: string;
  readonly remote?: string;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly lost: number;
  readonly late: number;
  readonly rejectedSource: number;
  readonly jitterMs: number;
  readonly bufferMs: number;
  readonly mos?: number;
}

export interface CallView {
  readonly id: string;
  readonly state: "setup" | "alerting" | "answered" | "clearing" | "ended";
  readonly calling: string;
  readonly called: string;
  readonly begun: string;
  readonly setupMs?: number;
  readonly durationMs: number;
  readonly route?: string;
  readonly legs: readonly LegView[];
  readonly cause?: CauseView;
}

export interface CauseView {
  readonly value: number;
  readonly name: string;
  readonly location: string;
  readonly by?: string;
  readonly origin: string;
  readonly steps: readonly string[];
}

export interface ChannelView {
  readonly timeslot: number;
  readonly state: CircuitState["name"] | "signalling";
  readonly blocking?: Blocking;
  readonly call?: string;
}

export interface SpanView {
  readonly name: string;
  readonly kind: "e1" | "t1";
  readonly driver: string;
  readonly trunkGroup?: string;
  readonly alarm: string;
  readonly dataLink: "up" | "down";
  readonly channels: readonly ChannelView[];
  readonly counters: Readonly<Record<string, number>>;
}

/** Circuits of one trunk group as the operator sees them. */
export interface CircuitView extends ChannelView {
  readonly trunkGroup: string;
  readonly span: string;
}

export interface CircuitRequest {
  readonly action: "block" | "unblock" | "restart";
  readonly span: string;
  /** All B channels of the span when absent. */
  readonly timeslots?: readonly number[];
}

export interface CircuitAnswer {
  readonly action: CircuitRequest["action"];
  readonly span: string;
  readonly timeslots: readonly number[];
  /** What was done and what the far end is told of it, in sentences. */
  readonly said: string;
}

/** One message on its way, for ladders: both protocols, one clock, numbered. */
export interface TraceView {
  readonly sequence: number;
  /** Milliseconds on the monotonic clock, and the wall time for people. */
  readonly atMs: number;
  readonly time: string;
  readonly protocol: "sip" | "q931";
  readonly direction: "sent" | "received";
  /** Peer address, or the span. */
  readonly party: string;
  readonly call?: string;
  readonly summary: string;
  /** The message: text of SIP, hexadecimal of Q.931. */
  readonly content: string;
}

export type GatewayEvent =
  | { readonly kind: "trace"; readonly trace: TraceView }
  | { readonly kind: "call"; readonly call: CallView }
  | {
      readonly kind: "alarm";
      readonly what: string;
      readonly raised: boolean;
      readonly time: string;
    };
