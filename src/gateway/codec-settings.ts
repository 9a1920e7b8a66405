/** Codecs of speech, as the configuration names them. */
export type CodecOption = "pcma" | "pcmu" | "g729";

export type PacketTimeOption = 10 | 20 | 30 | 40 | 60;

/** How speech with a SIP peer is coded, sent and played: one value a leg, made of layers. */
export interface CodecSettings {
  /** In order of preference. */
  readonly order: readonly CodecOption[];
  readonly ptimeMs: PacketTimeOption;
  /** Pauses are not sent, where the codec and the peer allow that. */
  readonly vad: boolean;
  /** Annex B of G.729: SID frames may come, and be sent with `vad` (RFC 7261). */
  readonly annexB: boolean;
  /** RFC 3389 comfort noise is offered with G.711. */
  readonly comfortNoise: boolean;
  /** Lost packets are concealed. */
  readonly concealment: boolean;
  readonly jitterMinMs: number;
  readonly jitterMaxMs: number;
  /** Of what the peer sends, and of what is sent to it. */
  readonly receiveGainDb: number;
  readonly sendGainDb: number;
}

export type CodecKey = keyof CodecSettings;

/** What one layer says; what it leaves out comes from the layer below. */
export type CodecOverrides = { readonly [Key in CodecKey]?: CodecSettings[Key] | undefined };

/** From the weakest to the strongest. */
export const CODEC_LAYERS = ["default", "codecs", "group", "peer", "call"] as const;

export type CodecLayer = (typeof CODEC_LAYERS)[number];

export type CodecLayers = { readonly [Layer in CodecLayer]?: CodecOverrides | undefined };

/** The settings that hold, and the layer that each comes from. */
export interface ResolvedCodecs {
  readonly settings: CodecSettings;
  readonly from: { readonly [Key in CodecKey]: CodecLayer };
}

export const DEFAULT_CODECS: CodecSettings = {
  order: ["pcma", "pcmu", "g729"],
  ptimeMs: 20,
  vad: false,
  annexB: true,
  comfortNoise: false,
  concealment: true,
  jitterMinMs: 20,
  jitterMaxMs: 200,
  receiveGainDb: 0,
  sendGainDb: 0,
};

export const CODEC_KEYS = Object.keys(DEFAULT_CODECS) as readonly CodecKey[];

export function resolveCodecs(layers: CodecLayers): ResolvedCodecs {
  let settings = DEFAULT_CODECS;
  let from = Object.fromEntries(CODEC_KEYS.map((key) => [key, "default"])) as Froms;
  for (const layer of CODEC_LAYERS) {
    const said = saidBy(layers[layer]);
    settings = { ...settings, ...said };
    from = { ...from, ...Object.fromEntries(Object.keys(said).map((key) => [key, layer])) };
  }
  // A strong layer's minimum may lie above a weak one's maximum.
  const jitterMaxMs = Math.max(settings.jitterMaxMs, settings.jitterMinMs);
  return { settings: { ...settings, jitterMaxMs }, from };
}

/** What `all` says beyond the defaults. */
export function beyondDefaults(all: CodecSettings): CodecOverrides {
  const own = CODEC_KEYS.filter((key) => String(all[key]) !== String(DEFAULT_CODECS[key]));
  return Object.fromEntries(own.map((key) => [key, all[key]]));
}

/** One layer over another of the same place. */
export function overlaid(before: CodecOverrides, now: CodecOverrides): CodecOverrides {
  return { ...before, ...saidBy(now) };
}

function saidBy(overrides: CodecOverrides | undefined): Partial<CodecSettings> {
  const said = Object.entries(overrides ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said);
}

type Froms = ResolvedCodecs["from"];
