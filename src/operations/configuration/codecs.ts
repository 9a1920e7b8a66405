import { z } from "zod";
import { DEFAULT_CODECS } from "../../gateway/index.js";

const order = z
  .array(z.enum(["pcma", "pcmu", "g729"]))
  .min(1)
  .refine((list) => new Set(list).size === list.length, "each codec once");
const packetTime = z.literal([10, 20, 30, 40, 60]);
const jitter = z.int().min(20).max(200);
const gain = z.number().min(-40).max(20);

/** Codec settings of a peer, a trunk group or a call: what is left out comes from the layer below. */
export const codecOverrides = z.strictObject({
  order: order.optional(),
  ptimeMs: packetTime.optional(),
  vad: z.boolean().optional(),
  annexB: z.boolean().optional(),
  comfortNoise: z.boolean().optional(),
  concealment: z.boolean().optional(),
  jitterMinMs: jitter.optional(),
  jitterMaxMs: jitter.optional(),
  receiveGainDb: gain.optional(),
  sendGainDb: gain.optional(),
});

/** The key `codecs`: the settings of all calls, and the bearer that is asked of the PSTN. */
export const codecs = z.strictObject({
  order: order.default([...DEFAULT_CODECS.order]),
  ptimeMs: packetTime.default(DEFAULT_CODECS.ptimeMs),
  vad: z.boolean().default(DEFAULT_CODECS.vad),
  annexB: z.boolean().default(DEFAULT_CODECS.annexB),
  comfortNoise: z.boolean().default(DEFAULT_CODECS.comfortNoise),
  concealment: z.boolean().default(DEFAULT_CODECS.concealment),
  jitterMinMs: jitter.default(DEFAULT_CODECS.jitterMinMs),
  jitterMaxMs: jitter.default(DEFAULT_CODECS.jitterMaxMs),
  receiveGainDb: gain.default(DEFAULT_CODECS.receiveGainDb),
  sendGainDb: gain.default(DEFAULT_CODECS.sendGainDb),
  bearer: z.enum(["speech", "audio-3k1"]).default("audio-3k1"),
});
