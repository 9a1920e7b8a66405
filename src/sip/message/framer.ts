import { header } from "./header-table.js";
import { indexedHeaders } from "./headers.js";
import { messageLimits } from "./limits.js";
import { decodeText, headEnd } from "./octets.js";
import { beginsStartLine, indexHeaders, parseMessage } from "./parse.js";
import { refuse } from "./refusal.js";
import type { MessageFault } from "./types.js";

export type Framed =
  /** One whole message, for `readMessage`. */
  | { readonly kind: "message"; readonly octets: Uint8Array }
  /** The first CR LF between messages: the answer to our keep-alive, if we sent one. */
  | { readonly kind: "pong" }
  /** The second one: a keep-alive (RFC 5626 §3.5.1). Answer with one CR LF. */
  | { readonly kind: "ping" }
  /** The stream cannot be framed any more. Answer if there is a request, then close it. */
  | { readonly kind: "fault"; readonly fault: MessageFault };

/**
 * Cuts messages out of a stream (RFC 3261 §18.3): Content-Length is mandatory. What comes out does
 * not depend on how the octets were split on their way. After a fault nothing more comes out.
 */
export class StreamFramer {
  #held = new Uint8Array(0);
  /** Octets of `#held` in use. */
  #used = 0;
  /** From where the end of the head is still to be looked for. */
  #searched = 0;
  /** Octets of the message at the beginning, once its head was read. */
  #wanted: number | undefined;
  /** CR LFs since the last message. */
  #lineEnds = 0;
  #broken = false;

  push(octets: Uint8Array): readonly Framed[] {
    if (this.#broken) return [];
    this.#hold(octets);
    const framed: Framed[] = [];
    let from = 0;
    while (!this.#broken) {
      const next = this.#next(from, framed);
      if (next === from) break;
      from = next;
    }
    this.#drop(this.#broken ? this.#used : from);
    return framed;
  }

  /** Takes one thing from what is held at `from`; gives where the next begins. */
  #next(from: number, framed: Framed[]): number {
    if (this.#wanted === undefined && from < this.#used) {
      const first = this.#held[from] as number;
      if (first === CR || !beginsStartLine(first)) return this.#lineEnd(from, framed);
      this.#wanted = this.#measure(from, framed);
    }
    if (this.#wanted === undefined || this.#used - from < this.#wanted) return from;
    const end = from + this.#wanted;
    framed.push({ kind: "message", octets: this.#held.slice(from, end) });
    this.#wanted = undefined;
    this.#searched = 0;
    this.#lineEnds = 0;
    return end;
  }

  #lineEnd(from: number, framed: Framed[]): number {
    if (this.#used - from === 1 && this.#held[from] === CR) return from;
    if (this.#held[from] !== CR || this.#held[from + 1] !== LF) {
      this.#fail(refuse(400, 0, "no start line"), framed);
      return from;
    }
    this.#lineEnds++;
    framed.push({ kind: this.#lineEnds % 2 === 0 ? "ping" : "pong" });
    return from + 2;
  }

  /** Octets of the message at `from`; undefined while its head is not complete. */
  #measure(from: number, framed: Framed[]): number | undefined {
    const held = this.#held.subarray(from, this.#used);
    // The end may have begun in what was searched before.
    const end = headEnd(held, Math.max(0, this.#searched - 3));
    this.#searched = held.length;
    if (Math.max(end, end < 0 ? held.length : 0) > messageLimits.message)
      this.#fail(refuse(513, 0, "message too large"), framed);
    if (end < 0 || this.#broken) return undefined;
    const text = decodeText(held.subarray(0, end));
    const headers = indexedHeaders(indexHeaders(text, text.indexOf("\r\n") + 2));
    const [length] = headers.values(header.contentLength);
    if (length !== undefined && end + length <= messageLimits.message) return end + length;
    this.#refuseHead(held.subarray(0, end), length, framed);
    return undefined;
  }

  /** Content-Length is missing, malformed or beyond our bound: the next message cannot be found. */
  #refuseHead(head: Uint8Array, length: number | undefined, framed: Framed[]): void {
    const message = parseMessage(head);
    const known = message.ok ? message.value : message.error.request;
    if (length !== undefined) this.#fail(refuse(513, 0, "message too large", known), framed);
    else if (!message.ok) this.#fail(message, framed);
    else this.#fail(refuse(400, 0, "Content-Length is missing", known), framed);
  }

  #fail(refusal: ReturnType<typeof parseMessage>, framed: Framed[]): void {
    this.#broken = true;
    if (!refusal.ok) framed.push({ kind: "fault", fault: refusal.error });
  }

  #hold(octets: Uint8Array): void {
    if (this.#used + octets.length > this.#held.length) {
      const grown = new Uint8Array(Math.max(this.#held.length * 2, this.#used + octets.length));
      grown.set(this.#held.subarray(0, this.#used));
      this.#held = grown;
    }
    this.#held.set(octets, this.#used);
    this.#used += octets.length;
  }

  #drop(count: number): void {
    if (count === 0) return;
    this.#held.copyWithin(0, count, this.#used);
    this.#used -= count;
    if (this.#used === 0 && this.#held.length > KEPT) this.#held = new Uint8Array(0);
  }
}

const CR = 13;
const LF = 10;
/** Octets that an idle stream may keep for its next message. */
const KEPT = 4096;
