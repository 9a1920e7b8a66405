import { createServer, connect as netConnect, type Server, type Socket } from "node:net";
import { type Endpoint, unmapped } from "./udp.js";

/** One stream connection, made or accepted, under a name that is never used again. */
export type FlowName = string;

export interface TcpHandlers {
  opened(flow: FlowName, from: Endpoint, accepted: boolean): void;
  received(flow: FlowName, octets: Uint8Array): void;
  closed(flow: FlowName, error?: Error): void;
}

export interface TcpListener {
  readonly local: Endpoint;
  /** Opens a connection; octets sent before it is open are kept (bounded). */
  connect(to: Endpoint): FlowName;
  /** `failed` is called, once, when the octets could not be handed to the connection. */
  send(flow: FlowName, octets: Uint8Array, failed: (error: Error) => void): void;
  closeFlow(flow: FlowName): void;
  close(): Promise<void>;
}

/** Listens for TCP. A peer that does not read is cut off, and one that only holds connections is bounded. */
export function listenTcp(at: Endpoint, handlers: TcpHandlers): Promise<TcpListener> {
  const flows = new Map<FlowName, Socket>();
  const perSource = new Map<string, number>();
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    const source = socket.remoteAddress ?? "";
    const fromSource = (perSource.get(source) ?? 0) + 1;
    if (flows.size >= MOST_FLOWS || fromSource > MOST_FLOWS_OF_A_SOURCE) {
      socket.destroy();
      return;
    }
    perSource.set(source, fromSource);
    socket.once("close", () => release(perSource, source));
    socket.setTimeout(IDLE_TIMEOUT_MS, () => socket.destroy());
    const flow = adopt(socket, flows, handlers);
    handlers.opened(flow, remote(socket), true);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: at.address, port: at.port, exclusive: true }, () => {
      server.removeAllListeners("error");
      server.on("error", () => undefined);
      resolve(tcpListener(server, flows, handlers));
    });
  });
}

function tcpListener(
  server: Server,
  flows: Map<FlowName, Socket>,
  handlers: TcpHandlers,
): TcpListener {
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the listener has no address");
  return {
    local: { address: bound.address, port: bound.port },
    connect(to) {
      const socket = netConnect({ host: to.address, port: to.port, noDelay: true });
      socket.setTimeout(CONNECT_TIMEOUT_MS, () => {
        if (socket.connecting) socket.destroy(new Error("connection timed out"));
      });
      const flow = adopt(socket, flows, handlers);
      socket.once("connect", () => handlers.opened(flow, to, false));
      return flow;
    },
    send(flow, octets, failed) {
      const socket = flows.get(flow);
      if (socket === undefined) {
        failed(new Error("the connection is gone"));
        return;
      }
      if (socket.writableLength > MOST_UNSENT) socket.destroy(new Error("the peer does not read"));
      socket.write(octets, (error) => {
        if (error) failed(error);
      });
    },
    closeFlow(flow) {
      flows.get(flow)?.end();
    },
    close() {
      for (const socket of flows.values()) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function adopt(socket: Socket, flows: Map<FlowName, Socket>, handlers: TcpHandlers): FlowName {
  const flow = `tcp-${++flowCount}`;
  let failure: Error | undefined;
  flows.set(flow, socket);
  socket.on("data", (octets) => handlers.received(flow, octets));
  socket.on("error", (error) => {
    failure = error;
  });
  socket.on("close", () => {
    flows.delete(flow);
    handlers.closed(flow, failure);
  });
  return flow;
}

function remote(socket: Socket): Endpoint {
  return { address: unmapped(socket.remoteAddress ?? ""), port: socket.remotePort ?? 0 };
}

function release(counts: Map<string, number>, source: string): void {
  const left = (counts.get(source) ?? 1) - 1;
  if (left === 0) counts.delete(source);
  else counts.set(source, left);
}

let flowCount = 0;
const MOST_FLOWS = 4096;
/** One stranger cannot take all connections. */
const MOST_FLOWS_OF_A_SOURCE = 256;
/** An accepted connection that says nothing for so long is closed; whoever needs it opens it again. */
const IDLE_TIMEOUT_MS = 600_000;
const MOST_UNSENT = 1 << 20;
const CONNECT_TIMEOUT_MS = 8000;
