import { bindUdp, type Endpoint, type UdpSocket } from "./udp.js";

/** A D channel: whole frames from the address octet on, without flags and FCS. */
export interface SignallingChannel {
  send(octets: Uint8Array): void;
  close(): Promise<void>;
}

/**
 * A signalling channel over UDP, one datagram a frame, so that other people's stacks can sit at the
 * far end. Datagrams from anywhere but the peer are dropped and counted.
 */
export async function udpSignallingChannel(
  local: Endpoint,
  peer: Endpoint,
  received: (octets: Uint8Array) => void,
): Promise<SignallingChannel & { readonly local: Endpoint; readonly rejected: () => number }> {
  let rejected = 0;
  const socket: UdpSocket = await bindUdp(local, {
    received(octets, from) {
      if (from.address !== peer.address || from.port !== peer.port) rejected++;
      else received(octets);
    },
    // A far end that is not there yet (ECONNREFUSED) is what the link's own timers are for.
    failed: () => undefined,
  });
  return {
    local: socket.local,
    rejected: () => rejected,
    send: (octets) => socket.send(octets, peer),
    close: () => socket.close(),
  };
}
