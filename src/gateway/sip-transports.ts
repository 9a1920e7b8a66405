import {
  bindUdp,
  type Endpoint,
  ListenError,
  listenTcp,
  type TcpListener,
  type UdpSocket,
} from "../host/index.js";
import type { Flow } from "../sip/index.js";
import type { SipListenerOptions } from "./options.js";

/** What came by a transport, for the SIP stack. */
export interface TransportEvents {
  datagram(octets: Uint8Array, flow: Flow): void;
  /** Octets of a stream as they come; where a message ends is for the stack to find. */
  stream(octets: Uint8Array, flow: Flow): void;
  /** A stream is gone; what was to be sent on it was not. */
  closed(flow: Flow, error?: Error): void;
  /** A datagram could not be sent (ICMP). */
  failed(flow: Flow, error: Error): void;
}

interface StreamFlow {
  readonly flow: Flow;
  readonly listener: TcpListener;
}

/** The SIP listeners: sockets by name, streams by flow. */
export class SipTransports {
  readonly #events: TransportEvents;
  readonly #udp = new Map<string, UdpSocket>();
  readonly #tcp = new Map<string, TcpListener>();
  readonly #streams = new Map<string, StreamFlow>();
  readonly #options: readonly SipListenerOptions[];

  constructor(options: readonly SipListenerOptions[], events: TransportEvents) {
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
        const what = `SIP over ${listener.transport.toUpperCase()} (listener ${listener.name}) cannot listen`;
        throw new ListenError(what, at, error as NodeJS.ErrnoException);
      }
    }
  }

  /** Where a listener is bound (its port may have been 0). */
  local(listener: string): Endpoint | undefined {
    return (this.#udp.get(listener) ?? this.#tcp.get(listener))?.local;
  }

  /** The first listener of a transport, to send from. */
  listenerFor(transport: "udp" | "tcp"): string | undefined {
    return this.#options.find((listener) => listener.transport === transport)?.name;
  }

  /** Sends on a stream that is open, on a new one to the same place, or as a datagram. */
  send(flow: Flow, octets: Uint8Array): void {
    const to = { address: flow.address, port: flow.port };
    if (flow.transport === "udp") {
      this.#udp.get(flow.listener)?.send(octets, to);
      return;
    }
    const stream =
      this.#streams.get(flow.flow ?? "") ?? this.#streamTo(flow) ?? this.#connect(flow);
    if (stream?.flow.flow === undefined || !stream.listener.send(stream.flow.flow, octets)) {
      this.#events.failed(flow, new Error("the connection is gone"));
    }
  }

  /** Ends a stream on which nothing more can be understood. */
  closeStream(flow: Flow): void {
    const stream = this.#streams.get(flow.flow ?? "");
    if (stream !== undefined) stream.listener.closeFlow(flow.flow ?? "");
  }

  async close(): Promise<void> {
    const all = [...this.#udp.values(), ...this.#tcp.values()];
    this.#udp.clear();
    this.#tcp.clear();
    await Promise.all(all.map((socket) => socket.close()));
  }

  async #openUdp(listener: string, at: Endpoint): Promise<void> {
    const flow = (from: Endpoint): Flow => ({ transport: "udp", ...from, listener });
    const socket = await bindUdp(at, {
      received: (octets, from) => this.#events.datagram(octets, flow(from)),
      failed: (error, to) => {
        if (to !== undefined) this.#events.failed(flow(to), error);
      },
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

  #streamTo({ address, port }: Flow): StreamFlow | undefined {
    for (const stream of this.#streams.values()) {
      if (stream.flow.address === address && stream.flow.port === port) return stream;
    }
    return undefined;
  }

  #connect(flow: Flow): StreamFlow | undefined {
    const name = this.#tcp.has(flow.listener) ? flow.listener : this.listenerFor("tcp");
    const listener = name === undefined ? undefined : this.#tcp.get(name);
    if (name === undefined || listener === undefined) return undefined;
    const to = { address: flow.address, port: flow.port };
    return this.#adopt(listener.connect(to), to, name, listener);
  }
}
