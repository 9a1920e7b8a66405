import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { Endpoint } from "./udp.js";

interface Watched {
  readonly socket: Socket;
  readonly refused: ((error: Error) => void)[];
  readonly timeout: NodeJS.Timeout;
}

/**
 * Finds out that a UDP destination cannot be reached (RFC 3261 §18.4). The kernel tells of ICMP errors
 * on connected sockets only, and a listener must stay unconnected to be reached from anywhere; so a
 * connected socket beside it sends one empty line, which every SIP element ignores (RFC 3261 §7.5).
 * The kernel compares what an ICMP message quotes with that socket's ports, one of them drawn by chance.
 */
export class RefusalWatch {
  readonly #watched = new Map<string, Watched>();

  /** `refused` is called once at most, and never after `forget`. */
  watch(to: Endpoint, refused: (error: Error) => void, from?: string): void {
    const key = keyOf(to);
    const known = this.#watched.get(key);
    if (known !== undefined) {
      if (known.refused.length < MOST_WAITING) known.refused.push(refused);
      return;
    }
    if (this.#watched.size >= MOST_WATCHED) return;
    const socket = createSocket(isIPv6(to.address) ? "udp6" : "udp4");
    const timeout = setTimeout(() => this.forget(to), WATCHED_MS).unref();
    this.#watched.set(key, { socket, refused: [refused], timeout });
    socket.on("error", (error: NodeJS.ErrnoException) => this.#onError(to, socket, error));
    const connect = () => this.#connect(to, socket);
    if (from === undefined || from === "0.0.0.0" || from === "::") connect();
    else socket.bind({ address: from, exclusive: true }, connect);
    socket.unref();
  }

  /** Something came from there, or nobody waits for it any more. */
  forget(to: Endpoint): void {
    const watched = this.#watched.get(keyOf(to));
    if (watched === undefined) return;
    this.#watched.delete(keyOf(to));
    clearTimeout(watched.timeout);
    watched.socket.close();
  }

  close(): void {
    for (const { socket, timeout } of this.#watched.values()) {
      clearTimeout(timeout);
      socket.close();
    }
    this.#watched.clear();
  }

  #connect(to: Endpoint, socket: Socket): void {
    const isWatched = () => this.#watched.get(keyOf(to))?.socket === socket;
    if (!isWatched()) return;
    socket.connect(to.port, to.address, (error?: Error) => {
      if (error === undefined && isWatched()) socket.send(EMPTY_LINE);
    });
  }

  #onError(to: Endpoint, socket: Socket, { code }: NodeJS.ErrnoException): void {
    const watched = this.#watched.get(keyOf(to));
    if (watched?.socket !== socket) return;
    this.forget(to);
    const what = UNREACHABLE.get(code ?? "");
    if (what === undefined) return;
    for (const refused of watched.refused) refused(new Error(what));
  }
}

function keyOf({ address, port }: Endpoint): string {
  return `${address} ${port}`;
}

const EMPTY_LINE = Uint8Array.of(0x0d, 0x0a);
/** Errors that RFC 3261 §18.4 takes for failures. */
const UNREACHABLE: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "nobody listens there (ICMP port unreachable)"],
  ["EHOSTUNREACH", "the host cannot be reached (ICMP host unreachable)"],
  ["ENETUNREACH", "the network cannot be reached (ICMP network unreachable)"],
]);
/** A router that finds no neighbour says so after some three seconds. */
const WATCHED_MS = 5000;
const MOST_WATCHED = 256;
const MOST_WAITING = 1024;
