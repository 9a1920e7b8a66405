import { theAddon } from "./loader.js";

/** A codec as the addon has it. */
export interface CodecRow {
  /** Encoding name in SDP. */
  readonly name: string;
  readonly payloadType: number;
  readonly frameOctets: number;
  /** 0 where it has no silence frames of its own. */
  readonly sidOctets: number;
  readonly lookAheadMs: number;
  /** Vector forms that this processor runs, fastest first; the last one is scalar. */
  readonly lanes: readonly string[];
}

/** Frames of 10 ms by what they are. */
export interface ConvertedFrames {
  readonly speech: number;
  readonly sid: number;
  readonly untransmitted: number;
  readonly erased: number;
}

/** What came of some octets. */
export interface Converted {
  readonly octets: Uint8Array;
  /** Octets that were used; the rest is to be given again with what follows. */
  readonly taken: number;
  /** No frame stands where it ended. */
  readonly malformed: boolean;
  readonly frames: ConvertedFrames;
}

/** One channel of a codec, one way, over a file or what else comes in order. */
export type Conversion = (octets: Uint8Array) => Converted;

export function codecRows(): readonly CodecRow[] {
  return theAddon()
    .codecRows()
    .map(([name, payloadType, frameOctets, sidOctets, lookAhead, lanes]) => ({
      ...{ name, payloadType, frameOctets, sidOctets, lookAheadMs: lookAhead / 8, lanes },
    }));
}

/** @param serial in the ITU's form of G.729 on the coded side. Linear samples are 16-bit little-endian. */
export function openConversion(
  name: string,
  way: "encode" | "decode",
  { vad = false, serial = false } = {},
): Conversion {
  const native = theAddon();
  const state = native.codecState(name, way === "decode", vad);
  const run = way === "encode" ? native.codecEncode : native.codecDecode;
  return (given) => {
    const [octets, taken, malformed, speech, sid, untransmitted, erased] = run(
      ...([name, state, given, serial] as const),
    );
    return { octets, taken, malformed, frames: { speech, sid, untransmitted, erased } };
  };
}

/** CPU time of one frame of one channel, in microseconds; `lanes`: index of a vector form. */
export function codecCost(
  name: string,
  options: {
    readonly lanes?: number;
    readonly vad?: boolean;
    readonly channels: number;
    readonly rounds: number;
  },
): { readonly encodeUs: number; readonly decodeUs: number } {
  const { lanes = -1, vad = false, channels, rounds } = options;
  const [encode, decode] = theAddon().codecCost(name, lanes, vad, channels, rounds);
  const perFrame = 1e6 / (channels * rounds);
  return { encodeUs: encode * perFrame, decodeUs: decode * perFrame };
}
