import { equipmentOf, rate } from "../gateway/index.js";
import { type Candidate, nameOf } from "./tune-candidates.js";

/** What the network does to the packets, each way. */
export interface TunePath {
  readonly lossPercent: number;
  readonly jitterMs: number;
  readonly delayMs: number;
  /** Mean number of packets that are lost in a row; 1: as chance has it. */
  readonly burst: number;
}

/** A stream as its receiver counted it. */
export interface HeardStream {
  readonly received: number;
  readonly lost: number;
  readonly late: number;
  readonly bufferMs: number;
}

/** How one direction of a call is heard. */
export interface Hearing {
  /** Mouth to ear, one way. */
  readonly delayMs: number;
  /** Lost on the way or too late for the buffer. */
  readonly lossPercent: number;
  readonly r: number;
  readonly mos: number;
}

export interface TuneRow {
  readonly candidate: Candidate;
  /** Why no call came of it. */
  readonly failed?: string;
  /** At the gateway, and at the phone. */
  readonly atGateway?: Hearing;
  readonly atPhone?: Hearing;
  /** Of the worse direction. */
  readonly delayMs?: number;
  readonly lossPercent?: number;
  readonly mos?: number;
  /** On the wire with IP and UDP, as sent by the phone. */
  readonly kbitPerSecond?: number;
  /** Of the codec, encoder and decoder: percent of a core for a channel, on this machine. */
  readonly cpuPercent?: number;
}

/** Rates one direction by the E-model (G.107) with what G.113 says of codec and concealment. */
export function hearingOf(stream: HeardStream, candidate: Candidate, path: TunePath): Hearing {
  const { received, lost, late, bufferMs } = stream;
  const lossPercent = received + lost === 0 ? 100 : (100 * (lost + late)) / (received + lost);
  const lookAheadMs = candidate.codec === "g729" ? 5 : 0;
  const transitMs = path.delayMs + path.jitterMs / 2;
  const delayMs = candidate.ptimeMs + lookAheadMs + transitMs + bufferMs;
  const equipment = equipmentOf({
    codec: candidate.codec.toUpperCase(),
    concealment: candidate.concealment,
  });
  const { r, mos } = rate({
    ...{ oneWayDelayMs: delayMs, packetLossPercent: lossPercent, equipment },
    burstRatio: burstRatio(path),
  });
  return { delayMs, lossPercent, r, mos };
}

/** G.107 §7.6: the mean length of bursts against that of random loss. */
export function burstRatio({ lossPercent, burst }: TunePath): number {
  return Math.max(1, burst * (1 - lossPercent / 100));
}

/** The row that would be chosen, and why, in a sentence. */
export function choose(
  rows: readonly TuneRow[],
): { readonly chosen: TuneRow; readonly why: string } | undefined {
  const heard = rows.filter((row): row is Rated => row.mos !== undefined);
  const best = heard.reduce<Rated | undefined>(
    (top, row) => (top === undefined || row.mos > top.mos ? row : top),
    undefined,
  );
  if (best === undefined) return undefined;
  const near = heard.filter((row) => hundredths(best) - hundredths(row) <= ALIKE);
  const least = Math.min(...near.map(bandwidth));
  const thrifty = near.filter((row) => bandwidth(row) === least);
  const [chosen = best] = thrifty.sort(
    (a, b) => hundredths(b) - hundredths(a) || a.delayMs - b.delayMs,
  );
  return {
    chosen,
    why: `${nameOf(chosen.candidate)}: ${scoreOf(chosen)}; ${reason(near, thrifty, best)}`,
  };
}

function scoreOf({ mos, delayMs, lossPercent }: Rated): string {
  return `MOS ${mos.toFixed(2)} at ${delayMs.toFixed(0)} ms and ${lossPercent.toFixed(1)} % loss`;
}

function reason(near: readonly Rated[], thrifty: readonly Rated[], best: Rated): string {
  const alike = (ALIKE / 100).toFixed(1);
  if (near.length === 1) return `no other comes within ${alike} of it`;
  const ties =
    thrifty.length === 1 ? "" : ` like ${thrifty.length - 1} more, and is the best of these`;
  return (
    `of the ${near.length} within ${alike} of the best (${best.mos.toFixed(2)}) ` +
    `it takes the least bandwidth, ${bandwidth(thrifty[0] ?? best)} kbit/s${ties}`
  );
}

type Rated = TuneRow & {
  readonly mos: number;
  readonly delayMs: number;
  readonly lossPercent: number;
};

function bandwidth({ kbitPerSecond = Number.POSITIVE_INFINITY }: TuneRow): number {
  return Math.round(kbitPerSecond);
}

/** As the table shows it. */
function hundredths({ mos }: Rated): number {
  return Math.round(mos * 100);
}

/** A difference of opinion scores that nobody hears, in hundredths. */
const ALIKE = 10;
