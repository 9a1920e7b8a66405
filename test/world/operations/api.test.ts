import { request } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { Gateway, GatewayEvent } from "../../../src/gateway/index.js";
import { type ApiServer, serveApi } from "../../../src/operations/api/index.js";

/** A gateway that notes what it is asked to do. */
function noteTaker() {
  const asked: unknown[] = [];
  const listeners = new Set<(event: GatewayEvent) => void>();
  const gateway = {
    status: () => ({ state: "running" }),
    calls: () => [{ id: "call-1" }],
    call: (id: string) => (id === "call-1" ? { id, ladder: [] } : undefined),
    spans: () => [],
    circuits: () => [{ span: "e1-1", timeslot: 1 }],
    maintain(wanted: { readonly span: string }) {
      asked.push(wanted);
      return wanted.span === "e1-1"
        ? { ok: true, value: { said: "done" } }
        : { ok: false, error: "no" };
    },
    hangUp: (id: string) => id === "call-1",
    drain: () => void asked.push("drain"),
    subscribe(listener: (event: GatewayEvent) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exchange: {
      numbers: () => [{ number: "100", what: "echo" }],
      calls: () => [{ id: "exchange-1" }],
      originate(wanted: unknown) {
        asked.push(wanted);
        return { ok: true, value: ["exchange-1"] };
      },
      hangUp: (id: string) => id === "exchange-1",
      setFault: () => ({ ok: false, error: 'the exchange has no span "x"' }),
    },
  };
  return { gateway: gateway as unknown as Gateway, asked, listeners };
}

let api: ApiServer;
let notes: ReturnType<typeof noteTaker>;

beforeEach(async () => {
  notes = noteTaker();
  api = await serveApi(notes.gateway, { address: "127.0.0.1", port: 0 });
});

afterEach(() => api.close());

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

function ask(
  method: string,
  path: string,
  options: { readonly body?: unknown; readonly headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const type = options.body === undefined ? {} : { "content-type": "application/json" };
    const headers = { ...type, ...options.headers };
    const sent = request(new URL(path, api.url), { method, headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => {
        resolve({
          status: response.statusCode ?? 0,
          body: text === "" ? undefined : JSON.parse(text),
        });
      });
    });
    sent.on("error", reject);
    sent.end(options.body === undefined ? undefined : JSON.stringify(options.body));
  });
}

test("what is asked for is answered, what is not there is 404 with a sentence", async () => {
  expect(await ask("GET", "/api/v1/status")).toEqual({ status: 200, body: { state: "running" } });
  expect((await ask("GET", "/api/v1/calls/call-1")).body).toEqual({ id: "call-1", ladder: [] });
  expect(await ask("GET", "/api/v1/calls/x")).toEqual({
    status: 404,
    body: { error: "there is no call x" },
  });
  expect((await ask("GET", "/nothing")).status).toBe(404);
  expect((await ask("DELETE", "/api/v1/calls/call-1")).status).toBe(202);
  expect((await ask("DELETE", "/api/v1/calls/x")).status).toBe(404);
});

test.each([
  { host: "evil.example" },
  { host: "127.0.0.1.evil.example:8060" },
  { origin: "http://evil.example" },
  { origin: "null" },
])("a browser's request from elsewhere is refused: %j", async (headers) => {
  expect((await ask("GET", "/api/v1/status", { headers })).status).toBe(403);
});

test("our own page's Origin is taken", async () => {
  const headers = { origin: api.url };
  expect((await ask("GET", "/api/v1/status", { headers })).status).toBe(200);
});

test("the exchange is asked to call with exactly what was given", async () => {
  const body = { to: "200", holdMs: 500, count: 3 };
  expect(await ask("POST", "/api/v1/exchange/calls", { body })).toEqual({
    status: 201,
    body: { calls: ["exchange-1"] },
  });
  expect(notes.asked).toEqual([body]);
});

test.each([
  [{ to: "20 0" }, "to:"],
  [{}, "to:"],
  [{ to: "200", holdMs: -1 }, "holdMs:"],
  [{ to: "200", timeslot: 99 }, "timeslot:"],
  [{ to: "200", nonsense: 1 }, "body:"],
])("a wrong request is refused and says which key: %j", async (body, key) => {
  const { status, body: answer } = await ask("POST", "/api/v1/exchange/calls", { body });
  expect(status).toBe(400);
  expect((answer as { error: string }).error).toContain(key);
  expect(notes.asked).toEqual([]);
});

test("a call of the exchange is hung up, one it does not know is told", async () => {
  expect((await ask("DELETE", "/api/v1/exchange/calls/exchange-1")).status).toBe(202);
  expect(await ask("DELETE", "/api/v1/exchange/calls/exchange-9")).toEqual({
    status: 404,
    body: { error: "there is no such call of the exchange" },
  });
});

test("what the exchange cannot do is told in its words", async () => {
  const body = { span: "x", alarm: "los" };
  expect(await ask("POST", "/api/v1/exchange/faults", { body })).toEqual({
    status: 409,
    body: { error: 'the exchange has no span "x"' },
  });
});

test("a message is decoded; what is none is refused", async () => {
  const body = { hex: "08 02 00 01 4d" };
  const { status, body: tree } = await ask("POST", "/api/v1/decode", { body });
  expect(status).toBe(200);
  expect((tree as { label: string }).label).toContain("Q.931");
  expect((await ask("POST", "/api/v1/decode", { body: { hex: "zz" } })).status).toBe(400);
  expect((await ask("POST", "/api/v1/decode", { body: [] })).status).toBe(400);
});

test("a body that is too large is refused", async () => {
  const body = { to: "2".repeat(100_000) };
  expect((await ask("POST", "/api/v1/exchange/calls", { body })).status).toBe(413);
});

test("events reach who listens until it goes away", async () => {
  const socket = new WebSocket(`${api.url.replace("http", "ws")}/api/v1/events`);
  await new Promise((resolve) => socket.once("open", resolve));
  expect(notes.listeners.size).toBe(1);
  const event: GatewayEvent = { kind: "alarm", what: "span a: LOS", raised: true, time: "t" };
  const heard = new Promise((resolve) => socket.once("message", (text) => resolve(String(text))));
  for (const listener of notes.listeners) listener(event);
  expect(JSON.parse((await heard) as string)).toEqual(event);
  const gone = new Promise((resolve) => socket.once("close", resolve));
  socket.close();
  await gone;
  await expect.poll(() => notes.listeners.size).toBe(0);
});

test("events are not for pages of elsewhere", async () => {
  const socket = new WebSocket(`${api.url.replace("http", "ws")}/api/v1/events`, {
    origin: "http://evil.example",
  });
  const error = await new Promise<Error>((resolve) => socket.once("error", resolve));
  expect(error.message).toContain("403");
});

test("circuits are listed and maintained; what cannot be done is 409 with the reason", async () => {
  expect((await ask("GET", "/api/v1/circuits")).body).toEqual([{ span: "e1-1", timeslot: 1 }]);
  const wanted = { action: "block", span: "e1-1", timeslots: [1, 2] };
  expect(await ask("POST", "/api/v1/circuits", { body: wanted })).toEqual({
    status: 200,
    body: { said: "done" },
  });
  expect(notes.asked).toEqual([wanted]);
  const elsewhere = { action: "restart", span: "x" };
  expect((await ask("POST", "/api/v1/circuits", { body: elsewhere })).status).toBe(409);
  const nonsense = { action: "burn", span: "e1-1" };
  expect((await ask("POST", "/api/v1/circuits", { body: nonsense })).status).toBe(400);
});
