import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { PeerOptions } from "./options.js";

export interface PeerContact {
  readonly peer: PeerOptions;
  readonly transport: "udp" | "tcp";
  readonly address: string;
  readonly port: number;
  /** As configured: the host part of URIs. */
  readonly host: string;
}

/** The closed list of peers: who a source address is, where a peer is called. */
export class PeerBook {
  readonly #peers: readonly PeerOptions[];
  readonly #byAddress: ReadonlyMap<string, PeerOptions>;
  readonly #addresses = new Map<string, string>();

  constructor(peers: readonly PeerOptions[]) {
    this.#peers = peers;
    this.#byAddress = new Map(
      peers.flatMap((peer) => peer.addresses.map((address) => [address, peer] as const)),
    );
  }

  /** Looks up the names among the contacts; a peer whose name has no address cannot be called. */
  async resolve(): Promise<void> {
    await Promise.all(
      this.#peers.map(async ({ name, contact }) => {
        if (contact === undefined) return;
        const address = isIP(contact.host) ? contact.host : await addressOf(contact.host);
        if (address !== undefined) this.#addresses.set(name, address);
      }),
    );
  }

  bySource({ address }: { readonly address: string }): PeerOptions | undefined {
    // An IPv4 peer on a dual-stack socket shows itself as ::ffff:a.b.c.d.
    return this.#byAddress.get(address.replace(/^::ffff:(?=\d+\.)/, ""));
  }

  contact(name: string): PeerContact | undefined {
    const peer = this.#peers.find((one) => one.name === name);
    const address = this.#addresses.get(name);
    if (peer?.contact === undefined || address === undefined) return undefined;
    const { host, port, transport } = peer.contact;
    return { peer, transport, address, port, host };
  }
}

async function addressOf(host: string): Promise<string | undefined> {
  try {
    return (await lookup(host)).address;
  } catch {
    return undefined;
  }
}
