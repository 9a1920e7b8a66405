import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { RefusalWatch, realWorld, Transports } from "../host/index.js";
import type { PathImpairment } from "../media/index.js";
import {
  defaultPort,
  type Flow,
  type Listener,
  type SipOutput,
  type StackInput,
  type TransactionTimers,
} from "../sip/index.js";
import { engineVoice } from "./engine-voice.js";
import { Phone, type PhoneParts, type PhoneTransports } from "./phone.js";
import type { Voice } from "./voice.js";

export interface PhoneOptions {
  /** IP address of SIP and RTP. Default 127.0.0.1. */
  readonly address?: string;
  /** SIP port of every transport. Default 0: any that is free. */
  readonly port?: number;
  /** Default UDP alone. */
  readonly transports?: readonly ("udp" | "tcp")[];
  /** Default: the native engine, with RTP ports of this range or any. */
  readonly voice?: Voice;
  readonly rtpPorts?: { readonly first: number; readonly last: number };
  /** What the network does to RTP and RTCP, both ways; with the native engine. */
  readonly path?: PathImpairment;
  readonly product?: string;
  readonly timers?: Partial<TransactionTimers>;
  readonly onTrace?: PhoneParts["onTrace"];
}

/** A phone in the real world. Rejects with a ListenError when a port cannot be had. */
export async function openPhone(options: PhoneOptions = {}): Promise<Phone> {
  const { address = "127.0.0.1", port = 0, transports = ["udp"] } = options;
  const wanted = transports.map((transport) => ({ name: transport, transport, address, port }));
  const watch = new RefusalWatch();
  let receive: (input: StackInput) => void = () => undefined;
  const sockets = new Transports(wanted, {
    datagram(octets, flow) {
      watch.forget(flow);
      receive({ kind: "datagram", octets, flow });
    },
    stream: (octets, flow) => receive({ kind: "stream", octets, flow }),
    closed: (flow) => receive({ kind: "stream-closed", flow }),
  });
  await sockets.open();
  const listeners: Record<string, Listener> = {};
  for (const { name, transport } of wanted) {
    listeners[name] = { transport, address, port: sockets.local(name)?.port ?? port };
  }
  const { rtpPorts, path, product, timers, onTrace } = options;
  const phone: Phone = new Phone({
    world: realWorld(),
    listeners,
    transports: watched(sockets, watch),
    voice:
      options.voice ??
      engineVoice({
        address,
        ...(rtpPorts === undefined ? {} : { ports: rtpPorts }),
        ...(path === undefined ? {} : { path }),
      }),
    resolve: (query) => void resolve(query).then((answer) => phone.receive(answer)),
    ...(product === undefined ? {} : { product }),
    ...(timers === undefined ? {} : { timers }),
    ...(onTrace === undefined ? {} : { onTrace }),
  });
  receive = (input) => phone.receive(input);
  return phone;
}

/** Transports that find out about destinations where nobody listens. */
function watched(sockets: Transports, watch: RefusalWatch): PhoneTransports {
  const known = new Set<string>();
  return {
    send(flow, octets, failed) {
      const key = `${flow.address} ${flow.port}`;
      if (flow.transport === "udp" && !known.has(key)) {
        known.add(key);
        watch.watch(flow, (error) => {
          known.delete(key);
          failed(error);
        });
      }
      sockets.send(flow, octets, failed);
    },
    closeStream: (flow: Flow) => sockets.closeStream(flow),
    async close() {
      watch.close();
      // What was sent last leaves with the next turn of the event loop.
      await new Promise((done) => setImmediate(done));
      await sockets.close();
    },
  };
}

/** A and AAAA records (RFC 3263 §4.2); numeric host names need none. */
async function resolve({
  query,
  host,
  port,
  transport,
}: Extract<SipOutput, { readonly kind: "resolve" }>): Promise<StackInput> {
  const found = await lookup(host, { all: true }).catch(() => []);
  const addresses = found
    .filter(({ address }) => isIP(address) !== 0)
    .map(({ address }) => ({ transport, address, port: port ?? defaultPort(transport) }));
  return { kind: "resolved", query, addresses };
}
