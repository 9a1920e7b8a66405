import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";

/**
 * Finds out that nobody listens at a UDP destination. The kernel tells of an ICMP port unreachable on
 * connected sockets only, and a phone must stay unconnected to be reached from anywhere; so a
 * connected socket beside it sends one empty line, which every SIP element ignores (RFC 3261 §7.5).
 */
export class RefusalWatch {
  readonly #sockets = new Map<string, Socket>();

  /** `refused` is called once at most, and never after `forget`. */
  watch(to: { readonly address: string; readonly port: number }, refused: () => void): void {
    const key = keyOf(to);
    if (this.#sockets.has(key)) return;
    const socket = createSocket(isIPv6(to.address) ? "udp6" : "udp4");
    this.#sockets.set(key, socket);
    socket.on("error", (error: NodeJS.ErrnoException) => {
      const watched = this.#sockets.get(key) === socket;
      this.forget(to);
      if (watched && error.code === "ECONNREFUSED") refused();
    });
    socket.connect(to.port, to.address, (error?: Error) => {
      if (error === undefined && this.#sockets.get(key) === socket) socket.send(EMPTY_LINE);
    });
    socket.unref();
  }

  /** Something came from there, or nobody waits for it any more. */
  forget(to: { readonly address: string; readonly port: number }): void {
    const socket = this.#sockets.get(keyOf(to));
    this.#sockets.delete(keyOf(to));
    socket?.close();
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
  }
}

function keyOf({ address, port }: { readonly address: string; readonly port: number }): string {
  return `${address} ${port}`;
}

const EMPTY_LINE = Uint8Array.of(0x0d, 0x0a);
