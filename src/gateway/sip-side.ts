import { lookup } from "node:dns/promises";
import { uriHost } from "../core/index.js";
import type { Carrier, Driver, Inlet, OpenCarrier, TransportFlow } from "../host/index.js";
import {
  type Listener,
  type Policy,
  type SessionCommand,
  type SessionEvent,
  type SipOutput,
  SipStack,
  type StackInput,
} from "../sip/index.js";
import type { SipListenerOptions } from "./options.js";

export interface SipSideOptions {
  readonly listeners: readonly SipListenerOptions[];
  readonly version: string;
  readonly openTransports: OpenCarrier;
  /** Whether an address is a peer's. */
  readonly takesFrom: (address: string) => boolean;
}

export interface SipSideEvents {
  session(event: SessionEvent): void;
  trace(
    direction: "sent" | "received",
    flow: TransportFlow,
    octets: Uint8Array,
    session?: string,
  ): void;
  anomaly(what: string, session?: string): void;
}

/** The SIP stack with its listeners: octets in, session events out, and back. */
export class SipSide {
  readonly #transports: Carrier;
  readonly #options: readonly SipListenerOptions[];
  readonly #events: SipSideEvents;
  readonly #driver: Driver;
  readonly #version: string;
  readonly #takesFrom: (address: string) => boolean;
  #stack: SipStack | undefined;
  #inlet: Inlet<StackInput> = () => undefined;

  constructor(
    { listeners, version, openTransports, takesFrom }: SipSideOptions,
    driver: Driver,
    events: SipSideEvents,
  ) {
    this.#options = listeners;
    this.#version = version;
    this.#takesFrom = takesFrom;
    this.#driver = driver;
    this.#events = events;
    this.#transports = openTransports(listeners, {
      datagram: (octets, flow) => this.#inlet({ kind: "datagram", octets, flow }),
      stream: (octets, flow) => this.#inlet({ kind: "stream", octets, flow }),
      closed: (flow) => this.#inlet({ kind: "stream-closed", flow }),
    });
  }

  /** Binds the listeners; only then are our own addresses known. */
  async open(): Promise<void> {
    await this.#transports.open();
    const listeners: Record<string, Listener> = {};
    for (const { name, transport, advertised } of this.#options) {
      const local = this.#transports.local(name);
      if (local === undefined) continue;
      listeners[name] = { transport, address: advertised ?? local.address, port: local.port };
    }
    const product = `Trunkgate/${this.#version}`;
    this.#stack = new SipStack({ listeners, product, takesFrom: this.#takesFrom });
    this.#inlet = this.#driver.attach("sip", this.#stack, (output) => this.#perform(output));
  }

  close(): Promise<void> {
    return this.#transports.close();
  }

  command(command: SessionCommand): void {
    this.#inlet({ kind: "command", command });
  }

  policy(policy: Policy): void {
    this.#inlet({ kind: "command", command: { kind: "policy", policy } });
  }

  /** The listener that calls to a peer at this address leave by. */
  listenerFor(transport: "udp" | "tcp", address: string): string | undefined {
    return this.#transports.listenerFor(transport, address);
  }

  /** Our address as it is shown to others on a listener, as the host part of a URI. */
  hostOf(listener: string): string {
    const options = this.#options.find(({ name }) => name === listener);
    return uriHost(options?.advertised ?? options?.address ?? "localhost");
  }

  uris(): readonly { readonly name: string; readonly uri: string }[] {
    return this.#options.map(({ name, transport, address }) => {
      const port = this.#transports.local(name)?.port ?? 0;
      return { name, uri: `sip:${uriHost(address)}:${port};transport=${transport}` };
    });
  }

  counters(): Readonly<Record<string, number>> {
    if (this.#stack === undefined) return {};
    const { counters, alive, live } = this.#stack;
    return {
      sipMessagesIn: counters.messagesIn,
      sipMessagesOut: counters.messagesOut,
      sipMalformed: counters.malformed,
      sipStrayResponses: counters.strayResponses,
      sipStrayAcks: counters.strayAcks,
      sipSessions: live,
      // Ended sessions absorb retransmissions for 64*T1 (RFC 6026 §8.7).
      sipSessionsKept: alive.sessions,
      sipTransactions: alive.transactions,
      sipTimers: alive.timers,
    };
  }

  #perform(output: SipOutput): void {
    switch (output.kind) {
      case "send": {
        const { flow, octets, transaction, repeated } = output;
        const named = transaction === undefined ? {} : { transaction };
        const failed = ({ message }: Error, probed?: true) =>
          this.#inlet({
            ...{ kind: "transport-error", what: message, ...named },
            ...(probed ? { probed } : {}),
          });
        this.#transports.send(flow, octets, (error) => failed(error));
        // RFC 3261 §18.4: an ICMP error is seen only where somebody looks for it
        if (repeated) this.#transports.probe(flow, (error) => failed(error, true));
        return;
      }
      case "close-stream":
        this.#transports.closeStream(output.flow);
        return;
      case "session":
        this.#events.session(output.event);
        return;
      case "fault":
        throw output.error;
      case "resolve":
        this.#resolve(output);
        return;
      case "trace": {
        const direction = output.direction === "in" ? "received" : "sent";
        this.#events.trace(direction, output.flow, output.octets, output.session);
        return;
      }
      case "anomaly":
        this.#events.anomaly(
          output.detail === undefined ? output.what : `${output.what}: ${output.detail}`,
          output.session,
        );
        return;
    }
  }

  /** A and AAAA records; NAPTR and SRV come with the full location procedure (RFC 3263). */
  #resolve({ query, host, port, transport }: SipOutput & { kind: "resolve" }): void {
    lookup(host, { all: true })
      .then((found) => found.map(({ address }) => ({ transport, address, port: port ?? 5060 })))
      .catch(() => [])
      .then((addresses) => this.#inlet({ kind: "resolved", query, addresses }));
  }
}
