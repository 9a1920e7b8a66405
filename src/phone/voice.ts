import { ok, type Result } from "../core/index.js";
import type { Wave } from "../media/index.js";
import type { Companions, Direction, MediaAgreement } from "../sdp/index.js";

/** The ends of speech of a phone: one RTP port and one mouth and ear a call. */
export interface Voice {
  open(plan: VoicePlan, heard: (event: Heard) => void): Result<CallVoice, string>;
  close(): void;
}

/** How what comes is played. */
export interface PlayOut {
  readonly jitterMinMs: number;
  readonly jitterMaxMs: number;
  readonly concealment: boolean;
}

export interface VoicePlan {
  /** What is said from the answer on; absent: silence. */
  readonly play?: Wave;
  /** Says it again and again. */
  readonly loop?: boolean;
  /** Pauses are not sent where the far end permits. */
  readonly vad?: boolean;
  /** Default: as the engine does it. */
  readonly playOut?: PlayOut;
  /** Keeps so much of what is heard; 0: nothing. */
  readonly recordMs: number;
}

export type Heard =
  | { readonly kind: "digit"; readonly digit: string }
  /** The recorder holds as much as it may. */
  | { readonly kind: "recorder-full" };

/** The speech of one call. */
export interface CallVoice {
  /** Where the RTP port is bound; RTCP is on the next one. */
  readonly address: string;
  readonly port: number;
  /** What our offer lets the far end send is taken from now on. */
  offered(receive: MediaAgreement["receive"], companions: Companions): void;
  agreed(agreement: MediaAgreement): void;
  direct(direction: Direction): void;
  speak(): void;
  sendDigit(digit: string): void;
  /** Ends the stream; what it was like, and what was recorded. */
  close(): VoiceReport;
}

export interface VoiceReport {
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly lost: number;
  readonly late: number;
  readonly jitterMs: number;
  readonly bufferMs: number;
  /** By RTCP; absent when no report of the far end told it. */
  readonly roundTripMs?: number;
  /** Mean opinion score by the E-model (G.107); absent when nothing was received. */
  readonly mos?: number;
  /** Of what the far end hears, by its RTCP. */
  readonly mosAtFarEnd?: number;
  readonly recording?: Wave;
}

/** No sound at all: SDP names ports that nobody is bound to. For loads of signalling alone. */
export function silentVoice(address: string): Voice {
  let port = FIRST_PORT - 2;
  return {
    open() {
      port = port >= LAST_PORT ? FIRST_PORT : port + 2;
      return ok({ address, port, ...mute });
    },
    close: () => undefined,
  };
}

export const noSpeech: VoiceReport = {
  ...{ packetsSent: 0, packetsReceived: 0, lost: 0, late: 0 },
  ...{ jitterMs: 0, bufferMs: 0 },
};

const mute = {
  offered: () => undefined,
  agreed: () => undefined,
  direct: () => undefined,
  speak: () => undefined,
  sendDigit: () => undefined,
  close: () => noSpeech,
};

const FIRST_PORT = 40_000;
const LAST_PORT = 59_998;
