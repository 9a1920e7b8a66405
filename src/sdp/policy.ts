import type { AddressFamily } from "../core/index.js";
import type { Codec, Direction, PacketTime } from "./agreement.js";

/** What this side is willing to do, from the configuration and the bearer of the call. */
export interface MediaPolicy {
  /** In order of preference; of another kind of bearer none may be here. */
  readonly codecs: readonly Codec[];
  /** Whose order decides when we answer. */
  readonly preference: "ours" | "theirs";
  /** RFC 4733 events that we take, such as `0-15`; absent: telephone-event is not used. */
  readonly telephoneEvents?: string;
  /** RFC 3389 comfort noise is offered and taken with G.711. */
  readonly comfortNoise?: boolean;
  /** We do not send pauses where we need not; said to who asks (a=silenceSupp). */
  readonly vad?: boolean;
  /** What we ask the far end to send (a=ptime). */
  readonly receivePtimeMs: PacketTime;
  /** What we send when the far end asks for nothing. */
  readonly sendPtimeMs: PacketTime;
  readonly maxPtimeMs: PacketTime;
  /** Of our addresses; absent: of either. */
  readonly families?: readonly AddressFamily[];
}

/** Our end of the stream. */
export interface LocalMedia {
  readonly address: string;
  readonly port: number;
  readonly rtcpPort: number;
  /** What we want to do, the far end permitting. */
  readonly direction: Direction;
}

/** Payload numbers that we give out, and what each has meant in this session (RFC 3264 §8.3.2). */
export type PayloadNumbers = Readonly<Record<number, string>>;

/** What stands beside the codecs of a stream: telephone-event (RFC 4733), CN (RFC 3389). */
export type Companion = "telephoneEvent" | "comfortNoise";

/** The key under which a payload number of a codec is remembered. */
export function meaningOf({ name, clockRate }: Codec): string {
  return `${name}/${clockRate}`;
}

/**
 * The number for a meaning: the one it has had, the one proposed, or the first that is free. A number
 * that has meant something else is never given.
 */
export function numberFor(meaning: string, proposed: number, given: PayloadNumbers): number {
  for (const number in given) if (given[number] === meaning) return Number(number);
  if (given[proposed] === undefined) return proposed;
  for (let number = 96; number <= 127; number++) if (given[number] === undefined) return number;
  return proposed;
}

/** The number of a codec in a fresh session: static where there is one (RFC 3551 table 4). */
export function usualNumber({ name }: Codec): number {
  return USUAL_NUMBERS[name];
}

/**
 * What we send with: what the far end asked for when we can, the nearest below when we cannot,
 * never above its maximum nor ours.
 */
export function sendPtime(
  policy: MediaPolicy,
  asked: number | undefined,
  maximum: number | undefined,
): PacketTime {
  const bound = Math.min(asked ?? policy.sendPtimeMs, maximum ?? 60, policy.maxPtimeMs);
  return PACKET_TIMES.findLast((one) => one <= bound) ?? 10;
}

/** What we do when we want `ours` and the far end says `theirs` (RFC 3264 §6.1). */
export function answerDirection(theirs: Direction, ours: Direction): Direction {
  const sends = theirs !== "sendonly" && theirs !== "inactive" && isSending(ours);
  const receives = theirs !== "recvonly" && theirs !== "inactive" && isReceiving(ours);
  return sends ? (receives ? "sendrecv" : "sendonly") : receives ? "recvonly" : "inactive";
}

export function isSending(direction: Direction): boolean {
  return direction === "sendrecv" || direction === "sendonly";
}

export function isReceiving(direction: Direction): boolean {
  return direction === "sendrecv" || direction === "recvonly";
}

const PACKET_TIMES: readonly PacketTime[] = [10, 20, 30, 40, 60];
const USUAL_NUMBERS = { PCMU: 0, PCMA: 8, G729: 18, CLEARMODE: 97 } as const;
