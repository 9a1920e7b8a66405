import type { HuntOrder, Law } from "../call/index.js";
import { TIMER_ROWS } from "../isdn/index.js";
import type { CodecOverrides, CodecSettings } from "./codec-settings.js";

/** What the gateway is built from: the configuration's values, checked before they come here. */
export interface GatewayOptions {
  readonly version: string;
  readonly listen: {
    readonly sip: readonly SipListenerOptions[];
    readonly rtp: RtpOptions;
  };
  readonly peers: readonly PeerOptions[];
  readonly trunkGroups: readonly TrunkGroupOptions[];
  readonly spans: readonly SpanOptions[];
  readonly routes: readonly RouteOptions[];
  readonly numbering: {
    readonly countryCode?: string | undefined;
    readonly localNature: "unknown" | "international" | "national" | "subscriber";
  };
  readonly codecs: CodecOptions;
  readonly media: MediaOptions;
  readonly exchange: {
    readonly enabled: boolean;
    readonly ringMs: number;
    readonly overlap: boolean;
  };
  readonly records: { readonly recorderMiB: number };
}

export interface SipListenerOptions {
  readonly name: string;
  readonly transport: "udp" | "tcp";
  readonly address: string;
  readonly port: number;
  readonly advertised?: string | undefined;
}

export interface RtpOptions {
  readonly address: string;
  readonly advertised?: string | undefined;
  /** Of the other family. */
  readonly address6?: string | undefined;
  readonly advertised6?: string | undefined;
  readonly portMin: number;
  readonly portMax: number;
}

/** Opt-in limits of a call; 0 is never. */
export interface CallLimitOptions {
  readonly maxCallSeconds: number;
  readonly rtpSilenceReleaseSeconds: number;
}

export interface PeerOptions extends CallLimitOptions {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly contact?:
    | { readonly host: string; readonly port: number; readonly transport: "udp" | "tcp" }
    | undefined;
  readonly trusted: boolean;
  readonly reliableProvisional: "none" | "supported" | "required";
  readonly codecs?: CodecOverrides | undefined;
}

export interface TrunkGroupOptions extends CallLimitOptions {
  readonly name: string;
  readonly signalling: "isdn-user" | "isdn-network";
  readonly profile: "etsi" | "ni2";
  readonly spans: readonly string[];
  readonly hunt: HuntOrder;
  readonly causeMap: "rfc3398" | "seed" | "rfc4497";
  readonly alertingInBand: 180 | 183;
  readonly overlap: boolean;
  readonly country?: string | undefined;
  readonly disconnectToneMs: number;
  readonly timers: Readonly<Record<string, number>>;
  readonly codecs?: CodecOverrides | undefined;
}

export interface SpanOptions {
  readonly name: string;
  readonly kind: "e1" | "t1";
  readonly law?: Law | undefined;
  readonly driver: "simulated";
  readonly signallingTimeslot?: number | undefined;
  readonly signallingUdp?:
    | {
        readonly address: string;
        readonly port: number;
        readonly peerAddress: string;
        readonly peerPort: number;
      }
    | undefined;
}

export interface RouteOptions {
  readonly name: string;
  readonly from: {
    readonly peers?: readonly string[] | undefined;
    readonly trunkGroups?: readonly string[] | undefined;
  };
  readonly called: string;
  readonly calling: string;
  readonly to: readonly {
    readonly trunkGroup?: string | undefined;
    readonly peer?: string | undefined;
    readonly strip: number;
    readonly prefix: string;
    readonly nature?: "unknown" | "international" | "national" | "subscriber" | undefined;
    readonly calling?:
      | {
          readonly strip: number;
          readonly prefix: string;
          readonly nature?: "unknown" | "international" | "national" | "subscriber" | undefined;
        }
      | undefined;
  }[];
  readonly rerouteCauses: readonly number[];
}

export interface CodecOptions extends CodecSettings {
  /** Asked of the PSTN. */
  readonly bearer: "speech" | "audio-3k1";
}

export interface MediaOptions {
  readonly workers: number;
  readonly rtpTimeoutMs: number;
  readonly country: string;
}

/** Law of a span: as configured, or what its kind has by custom. */
export function lawOf(span: SpanOptions): Law {
  return span.law ?? (span.kind === "e1" ? "a-law" : "mu-law");
}

/** Signalling timeslot: as configured, or 16 on E1, 24 on T1. */
export function signallingTimeslotOf(span: SpanOptions): number {
  return span.signallingTimeslot ?? (span.kind === "e1" ? 16 : 24);
}

export function bearerTimeslotsOf(span: SpanOptions): number[] {
  const last = span.kind === "e1" ? 31 : 24;
  const signalling = signallingTimeslotOf(span);
  return Array.from({ length: last }, (_, i) => i + 1).filter((t) => t !== signalling);
}

/** Timers of a trunk group: those of Q.931 and, of Q.921, those of the data link. */
export const TRUNK_TIMERS: readonly string[] = [...Object.keys(TIMER_ROWS), "T200", "T203"].sort();
