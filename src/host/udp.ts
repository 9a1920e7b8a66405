import { createSocket, type Socket } from "node:dgram";
import { isIPv4, isIPv6 } from "node:net";

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface UdpSocket {
  readonly local: Endpoint;
  /** `failed` is called, once, when the kernel would not take the datagram. */
  send(octets: Uint8Array, to: Endpoint, failed?: (error: Error) => void): void;
  close(): Promise<void>;
}

export interface UdpHandlers {
  received(octets: Uint8Array, from: Endpoint): void;
  /** The kernel reported an error for the socket. */
  failed(error: Error): void;
}

/** Binds a UDP socket. Rejects with a ListenError when the address cannot be had. */
export function bindUdp(at: Endpoint, handlers: UdpHandlers): Promise<UdpSocket> {
  const type = isIPv6(at.address) ? "udp6" : "udp4";
  const socket = createSocket({ type, recvBufferSize: 1 << 21, sendBufferSize: 1 << 21 });
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ address: at.address, port: at.port, exclusive: true }, () => {
      socket.removeAllListeners("error");
      socket.on("error", (error) => handlers.failed(error));
      socket.on("message", (octets, from) =>
        handlers.received(octets, { address: unmapped(from.address), port: from.port }),
      );
      const { address, port } = socket.address();
      resolve(udpSocket(socket, { address, port }, type === "udp6"));
    });
  });
}

/** An IPv4 address as an IPv6 socket shows it (RFC 4291 §2.5.5.2), in its own form. */
export function unmapped(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

function udpSocket(socket: Socket, local: Endpoint, isDual: boolean): UdpSocket {
  let open = true;
  return {
    local,
    send(octets, to, failed = () => undefined) {
      if (!open) return;
      // Throws at once for a port or address that no socket takes: the peer's fault, not ours.
      try {
        const address = isDual && isIPv4(to.address) ? `::ffff:${to.address}` : to.address;
        socket.send(octets, to.port, address, (error) => {
          if (error !== null) failed(error);
        });
      } catch (error) {
        failed(error as Error);
      }
    },
    close() {
      if (!open) return Promise.resolve();
      open = false;
      return new Promise((resolve) => socket.close(() => resolve()));
    },
  };
}
