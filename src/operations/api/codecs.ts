import type { FastifyInstance } from "fastify";
import type { CodecScope, Gateway } from "../../gateway/index.js";
import { saveCodecs } from "../configuration/index.js";
import { checked } from "./checked.js";
import { codecChangeSchema, codecQuerySchema } from "./schemas.js";

/** Codec settings: shown as they hold, changed while calls are up, kept in the file where that is asked. */
export function addCodecs(
  server: FastifyInstance,
  gateway: Gateway,
  configFile: string | undefined,
): void {
  server.get("/api/v1/codecs", (request, reply) => {
    const query = checked(codecQuerySchema, request.query, reply);
    if (query === undefined) return reply;
    const named = Object.values(query).some((name) => name !== undefined);
    const views = gateway.codecs.views(named ? scopeOf(query) : undefined);
    return views.ok ? views.value : reply.code(404).send({ error: views.error });
  });
  server.patch("/api/v1/codecs", (request, reply) => {
    const body = checked(codecChangeSchema, request.body, reply);
    if (body === undefined) return reply;
    const { settings, reset, save } = body;
    const scope = scopeOf(body);
    const known = gateway.codecs.views(scope);
    if (!known.ok) return reply.code(404).send({ error: known.error });
    if (save) {
      if (configFile === undefined) return reply.code(409).send({ error: NO_FILE });
      const saved = saveCodecs(configFile, { scope, settings, reset });
      if (!saved.ok) return reply.code(409).send({ error: saved.error });
    }
    const changed = gateway.codecs.change({ scope, settings, reset });
    if (!changed.ok) return reply.code(409).send({ error: changed.error });
    return { ...changed.value, ...(save ? { saved: configFile } : {}) };
  });
}

function scopeOf(named: {
  readonly peer?: string | undefined;
  readonly group?: string | undefined;
  readonly call?: string | undefined;
}): CodecScope {
  for (const kind of ["peer", "group", "call"] as const) {
    const name = named[kind];
    if (name !== undefined) return { kind, name };
  }
  return { kind: "all" };
}

const NO_FILE =
  "the gateway runs without a configuration file, so nothing can be kept: " +
  "start it with one (trunkgate config show > FILE; trunkgate run --config FILE)";
