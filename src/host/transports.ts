import { familyOf } from "../core/index.js";
import { ListenError } from "./listen-error.js";
import { RefusalWatch } from "./refusal-watch.js";
import { listenTcp, type TcpListener } from "./tcp.js";
import { bindUdp, type Endpoint, type UdpSocket } from "./udp.js";

/** One listener as it is configured. */
export interface ListenerOptions {
  readonly name: string;
  readonly transport: "udp" | "tcp";
  readonly address: string;
  readonly port: number;
}

/** Where octets came from or shall go: the words of the SIP stack's flows. */
export interface TransportFlow {
  readonly transport: "udp" | "tcp" | "tls" | "ws" | "wss";
  readonly address: string;
  readonly port: number;
  /** The name of the listener that received it or shall send it. */
  readonly listener: string;
  /** The connection, where it is one. */
  readonly flow?: string;
}

/** What came by a transport, for the stack above. */
export interface TransportEvents {
  datagram(octets: Uint8Array, flow: TransportFlow): void;
  /** Octets of a stream as they come; where a message ends is for the stack to find. */
  stream(octets: Uint8Array, flow: TransportFlow): void;
  /** A stream is gone; what was to be sent on it was not. */
  closed(flow: TransportFlow, error?: Error): void;
}

/** What carries octets between named listeners and the world. A stepped world brings its own. */
export interface Carrier {
  open(): Promise<void>;
  local(listener: string): Endpoint | undefined;
  /** The first listener of a transport that can send to this address. */
  listenerFor(transport: "udp" | "tcp", address: string): string | undefined;
  send(flow: TransportFlow, octets: Uint8Array, failed: (error: Error) => void): void;
  /** Nothing has come from a UDP destination: `failed` is called where it turns out to be unreachable. */
  probe(flow: TransportFlow, failed: (error: Error) => void): void;
  closeStream(flow: TransportFlow): void;
  close(): Promise<void>;
}

export type OpenCarrier = (options: readonly ListenerOptions[], events: TransportEvents) => Carrier;

interface StreamFlow {
  readonly flow: TransportFlow;
  readonly listener: TcpListener;
}

/** The first listener of a transport and of an address's family; `::` takes IPv4 too. */
export function listenerTo(
  listeners: readonly ListenerOptions[],
  transport: "udp" | "tcp",
  address: string,
): string | undefined {
  const family = familyOf(address);
  return listeners.find(
    (one) =>
      one.transport === transport && (familyOf(one.address) === family || one.address === "::"),
  )?.name;
}

/** Listeners of datagrams and streams: sockets by name, streams by flow. */
export class Transports implements Carrier {
  readonly #events: TransportEvents;
  readonly #udp = new Map<string, UdpSocket>();
  readonly #tcp = new Map<string, TcpListener>();
  readonly #streams = new Map<string, StreamFlow>();
  readonly #watch = new RefusalWatch();
  readonly #options: readonly ListenerOptions[];

  constructor(options: readonly ListenerOptions[], events: TransportEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** Binds all listeners, or throws a ListenError that says which one could not be had and why. */
  async open(): Promise<void> {
    for (const listener of this.#options) {
      const at = { address: listener.address, port: listener.port };
      try {
        if (listener.transport === "udp") await this.#openUdp(listener.name, at);
        else await this.#openTcp(listener.name, at);
      } catch (error) {
        await this.close();
        const what = `the listener ${listener.name} (${listener.transport.toUpperCase()}) cannot listen`;
        throw new ListenError(what, at, error as NodeJS.ErrnoException);
      }
    }
  }

  /** Where a listener is bound (its port may have been 0). */
  local(listener: string): Endpoint | undefined {
    return (this.#udp.get(listener) ?? this.#tcp.get(listener))?.local;
  }

  listenerFor(transport: "udp" | "tcp", address: string): string | undefined {
    return listenerTo(this.#options, transport, address);
  }

  /** Sends on a stream that is open, on a new one to the same place, or as a datagram. */
  send(flow: TransportFlow, octets: Uint8Array, failed: (error: Error) => void): void {
    const to = { address: flow.address, port: flow.port };
    if (flow.transport === "udp") {
      this.#udp.get(flow.listener)?.send(octets, to, failed);
      return;
    }
    const stream =
      this.#streams.get(flow.flow ?? "") ?? this.#streamTo(flow) ?? this.#connect(flow);
    if (stream?.flow.flow === undefined) failed(new Error("there is no listener for streams"));
    else stream.listener.send(stream.flow.flow, octets, failed);
  }

  probe(flow: TransportFlow, failed: (error: Error) => void): void {
    const local = this.#udp.get(flow.listener)?.local;
    if (flow.transport !== "udp" || local === undefined) return;
    this.#watch.watch({ address: flow.address, port: flow.port }, failed, local.address);
  }

  /** Ends a stream on which nothing more can be understood. */
  closeStream(flow: TransportFlow): void {
    const stream = this.#streams.get(flow.flow ?? "");
    if (stream !== undefined) stream.listener.closeFlow(flow.flow ?? "");
  }

  async close(): Promise<void> {
    const all = [...this.#udp.values(), ...this.#tcp.values()];
    this.#watch.close();
    this.#udp.clear();
    this.#tcp.clear();
    await Promise.all(all.map((socket) => socket.close()));
  }

  async #openUdp(listener: string, at: Endpoint): Promise<void> {
    const flow = (from: Endpoint): TransportFlow => ({ transport: "udp", ...from, listener });
    const socket = await bindUdp(at, {
      received: (octets, from) => {
        this.#watch.forget(from);
        this.#events.datagram(octets, flow(from));
      },
      // What concerns one datagram is told to its sender.
      failed: () => undefined,
    });
    this.#udp.set(listener, socket);
  }

  async #openTcp(name: string, at: Endpoint): Promise<void> {
    const listener = await listenTcp(at, {
      opened: (flow, from) => {
        if (!this.#streams.has(flow)) this.#adopt(flow, from, name, listener);
      },
      received: (flow, octets) => {
        const stream = this.#streams.get(flow);
        if (stream !== undefined) this.#events.stream(octets, stream.flow);
      },
      closed: (flow, error) => {
        const stream = this.#streams.get(flow);
        this.#streams.delete(flow);
        if (stream !== undefined) this.#events.closed(stream.flow, error);
      },
    });
    this.#tcp.set(name, listener);
  }

  #adopt(flow: string, from: Endpoint, listener: string, tcp: TcpListener): StreamFlow {
    const stream = { flow: { transport: "tcp", ...from, listener, flow }, listener: tcp } as const;
    this.#streams.set(flow, stream);
    return stream;
  }

  #streamTo({ address, port }: TransportFlow): StreamFlow | undefined {
    for (const stream of this.#streams.values()) {
      if (stream.flow.address === address && stream.flow.port === port) return stream;
    }
    return undefined;
  }

  #connect(flow: TransportFlow): StreamFlow | undefined {
    const name = this.#tcp.has(flow.listener)
      ? flow.listener
      : this.listenerFor("tcp", flow.address);
    const listener = name === undefined ? undefined : this.#tcp.get(name);
    if (name === undefined || listener === undefined) return undefined;
    const to = { address: flow.address, port: flow.port };
    return this.#adopt(listener.connect(to), to, name, listener);
  }
}
