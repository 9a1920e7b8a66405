import { z } from "zod";
import { codecOverrides } from "../configuration/index.js";

/** What the control API accepts: the same rows check requests and will describe them. */
const dialled = z.string().regex(/^[0-9*#A-D]{1,32}$/, "digits 0-9, *, #, A-D");

export const originateSchema = z.strictObject({
  to: dialled,
  from: dialled.optional(),
  span: z.string().max(64).optional(),
  timeslot: z.int().min(1).max(31).optional(),
  name: z.string().max(80).optional(),
  bearer: z.enum(["speech", "audio-3k1", "unrestricted-64k"]).optional(),
  holdMs: z.int().min(0).max(86_400_000).optional(),
  giveUpMs: z.int().min(100).max(600_000).optional(),
  sound: z.enum(["silence", "echo", "milliwatt", "announcement", "noise-and-pauses"]).optional(),
  digits: dialled.optional(),
  overlap: z.boolean().optional(),
  count: z.int().min(1).max(100_000).optional(),
  perSecond: z.number().min(0.01).max(2000).optional(),
});

const timeslots = z.array(z.int().min(1).max(31)).max(31);

export const circuitSchema = z.strictObject({
  action: z.enum(["block", "unblock", "restart"]),
  span: z.string().max(64),
  timeslots: timeslots.min(1).optional(),
});

export const faultSchema = z.strictObject({
  span: z.string().max(64),
  dropSignalling: z.number().min(0).max(1).optional(),
  delaySignallingMs: z.int().min(0).max(60_000).optional(),
  delayMs: z.int().min(0).max(400).optional(),
  bitErrorRate: z.number().min(0).max(0.1).optional(),
  flipSignallingBit: z.int().min(0).max(1_000_000).optional(),
  slip: z.int().min(-8000).max(8000).optional(),
  clockOffsetPpm: z.number().min(-1000).max(1000).optional(),
  alarm: z.enum(["none", "los", "ais", "rai"]).optional(),
  restart: timeslots.optional(),
  block: timeslots.min(1).optional(),
  unblock: timeslots.min(1).optional(),
  glare: z.strictObject({ to: dialled }).optional(),
});

const scope = {
  peer: z.string().max(64).optional(),
  group: z.string().max(64).optional(),
  call: z.string().max(64).optional(),
};

function isOneScope({ peer, group, call }: { peer?: unknown; group?: unknown; call?: unknown }) {
  return [peer, group, call].filter((name) => name !== undefined).length <= 1;
}

const ONE_SCOPE = "at most one of peer, group and call";

export const codecQuerySchema = z.strictObject(scope).refine(isOneScope, ONE_SCOPE);

export const codecChangeSchema = z
  .strictObject({
    ...scope,
    settings: codecOverrides
      .refine(
        ({ jitterMinMs = 0, jitterMaxMs = 200 }) => jitterMaxMs >= jitterMinMs,
        "jitterMaxMs is at least jitterMinMs",
      )
      .prefault({}),
    /** The scope's own settings go first. */
    reset: z.boolean().default(false),
    /** Keep it in the configuration file. */
    save: z.boolean().default(false),
  })
  .refine(isOneScope, ONE_SCOPE)
  .refine(({ settings, reset }) => reset || Object.keys(settings).length > 0, "no setting is named")
  .refine(
    ({ call, save }) => call === undefined || !save,
    "settings of a call end with it; save those of its peer or trunk group",
  );
