import { after, type Entropy, type Instant, uriHost } from "../../src/core/index.js";
import {
  type Carrier,
  type Endpoint,
  listenerTo,
  type OpenCarrier,
  type TransportEvents,
  type TransportFlow,
} from "../../src/host/index.js";
import type { VirtualClock } from "./clock.js";
import { seededEntropy } from "./clock.js";

/** What hangs on the network at one address and port. */
export interface SipStation {
  datagram(octets: Uint8Array, from: Endpoint): void;
  stream?(octets: Uint8Array, from: Endpoint): void;
}

interface Packet {
  readonly at: Instant;
  readonly transport: "udp" | "tcp";
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly octets: Uint8Array;
}

/** One message as it passed, for what a test wants to see on the wire. */
export interface Passed {
  readonly at: Instant;
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** SIP in memory: datagrams that arrive a millisecond later unless they are lost, streams that never are. */
export class SipNetwork {
  latencyMs = 1;
  loss = 0;
  readonly passed: Passed[] = [];
  readonly #clock: VirtualClock;
  readonly #chance: Entropy;
  readonly #stations = new Map<string, SipStation>();
  #packets: Packet[] = [];

  constructor(clock: VirtualClock, seed: number) {
    this.#clock = clock;
    this.#chance = seededEntropy(seed + 7);
  }

  attach(at: Endpoint, station: SipStation): void {
    this.#stations.set(nameOf(at), station);
  }

  send(transport: "udp" | "tcp", from: Endpoint, to: Endpoint, octets: Uint8Array): void {
    const text = new TextDecoder().decode(octets);
    this.passed.push({ at: this.#clock.now, from: nameOf(from), to: nameOf(to), text });
    if (transport === "udp" && this.loss > 0 && this.#chance.uint32() / 2 ** 32 < this.loss) return;
    const at = after(this.#clock.now, this.latencyMs);
    this.#packets.push({ at, transport, from, to, octets: octets.slice() });
  }

  /** Hands over what has arrived by now. */
  deliver(): void {
    if (this.#packets.length === 0) return;
    const due = this.#packets.filter(({ at }) => at <= this.#clock.now);
    if (due.length === 0) return;
    this.#packets = this.#packets.filter(({ at }) => at > this.#clock.now);
    for (const { transport, from, to, octets } of due) {
      const station = this.#stations.get(nameOf(to));
      if (transport === "udp") station?.datagram(octets, from);
      else station?.stream?.(octets, from);
    }
  }

  next(): Instant | undefined {
    return this.#packets[0]?.at;
  }

  /** The gateway's listeners on this network instead of on sockets. */
  readonly open: OpenCarrier = (options, events) => {
    const local = (name: string): Endpoint | undefined => {
      const found = options.find((listener) => listener.name === name);
      return found && { address: found.address, port: found.port };
    };
    const carrier: Carrier = {
      open: () => {
        for (const { name, transport, ...at } of options) {
          this.#listen(name, transport, { address: at.address, port: at.port }, events);
        }
        return Promise.resolve();
      },
      local,
      listenerFor: (transport, address) => listenerTo(options, transport, address),
      send: (flow, octets, failed) => {
        const from = local(flow.listener);
        const to = { address: flow.address, port: flow.port };
        if (from === undefined || !this.#stations.has(nameOf(to))) failed(new Error("unreachable"));
        else this.send(flow.transport === "tcp" ? "tcp" : "udp", from, to, octets);
      },
      probe: () => undefined,
      closeStream: () => undefined,
      close: () => Promise.resolve(),
    };
    return carrier;
  };

  #listen(name: string, transport: "udp" | "tcp", at: Endpoint, events: TransportEvents): void {
    const flow = (from: Endpoint): TransportFlow => ({ transport, ...from, listener: name });
    const before = this.#stations.get(nameOf(at)) ?? { datagram: () => undefined };
    this.#stations.set(
      nameOf(at),
      transport === "udp"
        ? { ...before, datagram: (octets, from) => events.datagram(octets, flow(from)) }
        : {
            ...before,
            stream: (octets, from) =>
              events.stream(octets, { ...flow(from), flow: `stream of ${nameOf(from)}` }),
          },
    );
  }
}

function nameOf({ address, port }: Endpoint): string {
  return `${uriHost(address)}:${port}`;
}
