import { codecCost, codecRows } from "../gateway/index.js";

/** What one form of a codec costs on this machine. */
export interface CodecCostRow {
  readonly codec: string;
  /** `scalar`, or the vector instructions that work on sixteen channels at once. */
  readonly form: string;
  /** Microseconds of CPU for a frame of 10 ms of one channel. */
  readonly encodeUs: number;
  readonly decodeUs: number;
  readonly channelsPerCore: number;
  /** Of the CPU time of A-law, table-driven. */
  readonly timesG711: number;
}

export interface CodecListRow {
  readonly codec: string;
  readonly payloadType: number;
  readonly ptimesMs: readonly number[];
  readonly frameMs: number;
  readonly frameOctets: number;
  readonly kbitPerSecond: number;
  /** Algorithmic: a frame and what the encoder looks ahead. */
  readonly delayMs: number;
  readonly silence: string;
  readonly forms: readonly string[];
  readonly cost: CodecCostRow;
}

/** Measures every form of every codec; each pass takes about so long, the best of three counts. */
export async function measureCodecs(
  options: { readonly passMs: number; readonly vad: boolean; readonly channels: number },
  onProgress: (part: number) => void,
): Promise<readonly CodecCostRow[]> {
  const forms = codecRows().flatMap(({ name, lanes }) => [
    { codec: name, form: "scalar", lanes: undefined },
    ...lanes.flatMap((form, index) =>
      form === "scalar" ? [] : [{ codec: name, form, lanes: index }],
    ),
  ]);
  const rows: Omit<CodecCostRow, "timesG711">[] = [];
  for (const [index, { codec, form, lanes }] of forms.entries()) {
    const passes: { readonly encodeUs: number; readonly decodeUs: number }[] = [];
    for (let pass = 0; pass < PASSES; pass++) {
      passes.push(onePass(codec, lanes, options));
      onProgress((index * PASSES + pass + 1) / (forms.length * PASSES));
      // What was drawn is to be seen, an interrupt to be heard.
      await new Promise((resolve) => setImmediate(resolve));
    }
    const encodeUs = Math.min(...passes.map((pass) => pass.encodeUs));
    const decodeUs = Math.min(...passes.map((pass) => pass.decodeUs));
    const channelsPerCore = Math.floor(FRAME_US / (encodeUs + decodeUs));
    rows.push({ codec, form, encodeUs, decodeUs, channelsPerCore });
  }
  const g711 = rows.find(({ codec }) => codec === "PCMA");
  const base = g711 === undefined ? 1 : g711.encodeUs + g711.decodeUs;
  return rows.map((row) => ({ ...row, timesG711: (row.encodeUs + row.decodeUs) / base }));
}

/** The codecs, with what the fastest form of each costs here. */
export async function listCodecs(): Promise<readonly CodecListRow[]> {
  const measured = await measureCodecs({ passMs: 20, vad: false, channels: 64 }, () => undefined);
  return codecRows().flatMap(
    ({ name, payloadType, frameOctets, sidOctets, lookAheadMs, lanes }) => {
      const costs = measured.filter(({ codec }) => codec === name);
      const [first, ...others] = costs.sort((a, b) => b.channelsPerCore - a.channelsPerCore);
      if (first === undefined) return [];
      return [
        {
          ...{ codec: name, payloadType, ptimesMs: PACKET_TIMES, frameMs: FRAME_MS, frameOctets },
          kbitPerSecond: (frameOctets * 8) / FRAME_MS,
          delayMs: FRAME_MS + lookAheadMs,
          silence: sidOctets > 0 ? "Annex B" : "RFC 3389",
          forms: lanes.length > 0 ? lanes : [first, ...others].map(({ form }) => form),
          cost: first,
        },
      ];
    },
  );
}

function onePass(
  codec: string,
  lanes: number | undefined,
  {
    passMs,
    vad,
    channels,
  }: { readonly passMs: number; readonly vad: boolean; readonly channels: number },
) {
  const form = { ...(lanes === undefined ? {} : { lanes }), vad, channels };
  const { encodeUs, decodeUs } = codecCost(codec, { ...form, rounds: 2 });
  const rounds = Math.ceil((passMs * 1000) / ((encodeUs + decodeUs) * channels));
  return codecCost(codec, { ...form, rounds: Math.min(Math.max(rounds, 2), MOST_ROUNDS) });
}

const PASSES = 3;
const FRAME_MS = 10;
const FRAME_US = 10_000;
const MOST_ROUNDS = 100_000;
const PACKET_TIMES = [10, 20, 30, 40, 60] as const;
