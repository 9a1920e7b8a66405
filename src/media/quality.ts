import type { PortCounters } from "../addon/index.js";
import { type EquipmentImpairment, rate } from "./e-model.js";

/** What is known of an RTP port's stream besides its counters. */
export interface StreamFacts {
  readonly codec: string;
  readonly ptimeMs: number;
  readonly concealment: boolean;
}

/** How a stream is heard by the side that receives it. */
export interface Quality {
  readonly r: number;
  readonly mos: number;
  readonly lossPercent: number;
  readonly oneWayDelayMs: number;
}

export interface QualityReport {
  /** What we receive. Absent before anything came. */
  readonly received?: Quality;
  /** What the far end receives, by its RTCP reports. Absent without them. */
  readonly sent?: Quality;
}

/** Rates both directions of an RTP port by the E-model. */
export function qualityOf(counters: PortCounters, facts: StreamFacts): QualityReport {
  const equipment = equipmentOf(facts);
  const network = counters.roundTripMs > 0 ? counters.roundTripMs / 2 : 0;
  const packet = facts.ptimeMs + (facts.codec === "G729" ? G729_LOOKAHEAD_MS : 0);
  const { packetsReceived, lost, late, discarded, duplicates } = counters;
  const expected = packetsReceived - duplicates + lost;
  const received =
    packetsReceived === 0
      ? undefined
      : qualify(
          equipment,
          expected === 0 ? 0 : (100 * (lost + late + discarded)) / expected,
          packet + network + counters.bufferDepthMs,
        );
  const heardOfUs = counters.packetsSent > 0 && counters.rtcpReceived > 0;
  const sent = heardOfUs
    ? qualify(
        equipment,
        (100 * Math.max(0, counters.remoteLost)) / counters.packetsSent,
        // The far end's play-out delay is not told: twice its jitter and a packet, as a guess.
        packet + facts.ptimeMs + network + 2 * counters.remoteJitterMs,
      )
    : undefined;
  return {
    ...(received === undefined ? {} : { received }),
    ...(sent === undefined ? {} : { sent }),
  };
}

function qualify(
  equipment: EquipmentImpairment,
  lossPercent: number,
  oneWayDelayMs: number,
): Quality {
  const { r, mos } = rate({ oneWayDelayMs, packetLossPercent: lossPercent, equipment });
  return { r, mos, lossPercent, oneWayDelayMs };
}

/** Ie and Bpl of a codec as it is played. */
export function equipmentOf({
  codec,
  concealment,
}: Pick<StreamFacts, "codec" | "concealment">): EquipmentImpairment {
  if (codec === "G729") return EQUIPMENT.g729;
  return concealment ? EQUIPMENT.g711Concealed : EQUIPMENT.g711;
}

/** The encoder looks so far beyond its frame (G.729 §2.2). */
const G729_LOOKAHEAD_MS = 5;

/** G.113 appendix I, tables I.1 and I.4: G.711 with and without its appendix I, G.729A with VAD. */
const EQUIPMENT = {
  g711: { ie: 0, bpl: 4.3 },
  g711Concealed: { ie: 0, bpl: 25.1 },
  g729: { ie: 11, bpl: 19 },
} as const satisfies Record<string, EquipmentImpairment>;
