import websocket from "@fastify/websocket";
import fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { decodeHex, type Gateway } from "../../gateway/index.js";
import { checked } from "./checked.js";
import { addCodecs } from "./codecs.js";
import { isOwnHost, isOwnOrigin } from "./origin.js";
import { circuitSchema, faultSchema, originateSchema } from "./schemas.js";

export interface ApiServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `/api/v1` and `/api/v1/events` for one gateway.
 * @param configFile what the gateway was built from; without one nothing can be kept
 */
export async function serveApi(
  gateway: Gateway,
  at: { readonly address: string; readonly port: number },
  configFile?: string,
): Promise<ApiServer> {
  const server = fastify({ logger: false, bodyLimit: 64 * 1024, forceCloseConnections: true });
  await server.register(websocket, { options: { maxPayload: 4096 } });
  server.addHook("onRequest", async (request, reply) => {
    const { host, origin } = request.headers;
    if (!isOwnHost(host) || !isOwnOrigin(origin, host)) {
      await reply.code(403).send({ error: "this API answers its own host and page only" });
    }
  });
  server.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ error: `there is no ${request.method} ${request.url}` }),
  );
  addReads(server, gateway);
  addWrites(server, gateway);
  addExchange(server, gateway);
  addCodecs(server, gateway, configFile);
  addEvents(server, gateway);
  const url = await server.listen({ host: at.address, port: at.port });
  return { url, close: () => server.close() };
}

function addReads(server: FastifyInstance, gateway: Gateway): void {
  server.get("/api/v1/status", () => gateway.status());
  server.get("/api/v1/calls", () => gateway.calls());
  server.get<{ Params: { id: string } }>("/api/v1/calls/:id", (request, reply) => {
    const found = gateway.call(request.params.id);
    return found ?? reply.code(404).send({ error: `there is no call ${request.params.id}` });
  });
  server.get("/api/v1/spans", () => gateway.spans());
  server.get("/api/v1/circuits", () => gateway.circuits());
  server.get("/api/v1/exchange/numbers", () => gateway.exchange?.numbers() ?? []);
  server.get("/api/v1/exchange/calls", () => gateway.exchange?.calls() ?? []);
  server.get<{ Params: { id: string } }>("/api/v1/exchange/calls/:id", (request, reply) => {
    const found = gateway.exchange?.calls().find(({ id }) => id === request.params.id);
    return found ?? reply.code(404).send({ error: `there is no such call of the exchange` });
  });
}

function addWrites(server: FastifyInstance, gateway: Gateway): void {
  server.delete<{ Params: { id: string } }>("/api/v1/calls/:id", (request, reply) => {
    if (gateway.hangUp(request.params.id)) return reply.code(202).send({ ok: true });
    return reply.code(404).send({ error: `there is no call ${request.params.id}` });
  });
  server.post("/api/v1/drain", (_request, reply) => {
    gateway.drain();
    return reply.code(202).send({ ok: true });
  });
  server.post("/api/v1/circuits", (request, reply) => {
    const body = checked(circuitSchema, request.body, reply);
    if (body === undefined) return reply;
    const done = gateway.maintain(defined(body));
    return done.ok ? reply.send(done.value) : reply.code(409).send({ error: done.error });
  });
  server.post<{ Body: { hex?: unknown } | undefined }>("/api/v1/decode", (request, reply) => {
    const text = request.body?.hex;
    const tree = typeof text === "string" ? decodeHex(text) : undefined;
    if (tree === undefined || !tree.ok) {
      return reply.code(400).send({ error: tree?.error ?? "hex: the message's octets" });
    }
    return reply.send(tree.value);
  });
}

function addExchange(server: FastifyInstance, gateway: Gateway): void {
  server.post("/api/v1/exchange/calls", (request, reply) => {
    const body = checked(originateSchema, request.body, reply);
    if (body === undefined) return reply;
    if (gateway.exchange === undefined) return noExchange(reply);
    const begun = gateway.exchange.originate(defined(body));
    return begun.ok
      ? reply.code(201).send({ calls: begun.value })
      : reply.code(409).send({ error: begun.error });
  });
  server.post("/api/v1/exchange/faults", (request, reply) => {
    const body = checked(faultSchema, request.body, reply);
    if (body === undefined) return reply;
    if (gateway.exchange === undefined) return noExchange(reply);
    const done = gateway.exchange.setFault(defined(body));
    return done.ok ? reply.send({ ok: true }) : reply.code(409).send({ error: done.error });
  });
  server.delete<{ Params: { id: string } }>("/api/v1/exchange/calls/:id", (request, reply) => {
    if (gateway.exchange === undefined) return noExchange(reply);
    if (gateway.exchange.hangUp(request.params.id)) return reply.code(202).send({ ok: true });
    return reply.code(404).send({ error: "there is no such call of the exchange" });
  });
}

/** Each event is one JSON text; a listener that does not read is cut off. */
function addEvents(server: FastifyInstance, gateway: Gateway): void {
  server.get("/api/v1/events", { websocket: true }, (socket) => {
    const stop = gateway.subscribe((event) => {
      if (socket.bufferedAmount > MOST_UNSENT) socket.terminate();
      else socket.send(JSON.stringify(event));
    });
    socket.on("close", stop);
    socket.on("error", stop);
  });
}

/** Drops keys that are present without a value: optional means absent here. */
function defined<Value extends object>(
  value: Value,
): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as {
    [Key in keyof Value]: Exclude<Value[Key], undefined>;
  };
}

function noExchange(reply: FastifyReply): FastifyReply {
  return reply.code(409).send({
    error: "the simulated exchange is switched off (exchange.enabled in the configuration)",
  });
}

const MOST_UNSENT = 4 << 20;
