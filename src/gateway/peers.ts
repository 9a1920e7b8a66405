import { lookup } from "node:dns/promises";
import { isIP, isIPv6, SocketAddress } from "node:net";
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
      peers.flatMap((peer) => peer.addresses.map((address) => [canonical(address), peer] as const)),
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
    return this.#byAddress.get(canonical(address));
  }

  contact(name: string): PeerContact | undefined {
    const peer = this.#peers.find((one) => one.name === name);
    const address = this.#addresses.get(name);
    if (peer?.contact === undefined || address === undefined) return undefined;
    const { host, port, transport } = peer.contact;
    return { peer, transport, address, port, host };
  }
}

/** One text for an address, whichever way it is written (RFC 5952). */
function canonical(address: string): string {
  // An IPv4 peer on a dual-stack socket shows itself as ::ffff:a.b.c.d.
  const plain = address.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.)/i, "");
  return isIPv6(plain) ? new SocketAddress({ address: plain, family: "ipv6" }).address : plain;
}

async function addressOf(host: string): Promise<string | undefined> {
  try {
    return (await lookup(host)).address;
  } catch {
    return undefined;
  }
}
