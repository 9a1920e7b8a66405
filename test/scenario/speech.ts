import type { Endpoint, Engine } from "../../src/addon/index.js";
import type { Instant } from "../../src/core/index.js";

/** One RTP packet as it came. */
export interface Heard {
  readonly at: Instant;
  readonly sequence: number;
  readonly timestamp: number;
  readonly payloadType: number;
  readonly marker: boolean;
  readonly ssrc: number;
  readonly payload: Uint8Array;
}

/** Octets for the n-th sample on, in order. */
export type SpeechSource = (from: number, count: number) => Uint8Array;

/** One RTP end of a phone: octets out at their time, packets in as they come. No jitter buffer. */
export class RtpEnd {
  at: Endpoint;
  remote: Endpoint | undefined;
  payloadType = 8;
  ptimeMs = 20;
  ssrc: number;
  eventPayloadType = 101;
  readonly heard: Heard[] = [];
  /** RTCP packets that came, as they are. */
  readonly rtcp: Uint8Array[] = [];
  readonly #engine: Engine;
  #source: SpeechSource | undefined;
  #said = 0;
  #due: number | undefined;
  #sequence = 1000;
  #timestamp = 160_000;
  #digit: { readonly code: number; readonly start: number; sent: number } | undefined;
  readonly #digits: number[] = [];
  #pauseUntil = 0;

  constructor(engine: Engine, at: Endpoint, ssrc: number) {
    this.#engine = engine;
    this.at = at;
    this.ssrc = ssrc;
  }

  /** Speaks from the next packet on, without end. */
  speak(source: SpeechSource): void {
    this.#source = source;
    this.#said = 0;
  }

  quiet(): void {
    this.#source = undefined;
  }

  get speaking(): boolean {
    return this.#source !== undefined || this.#digit !== undefined || this.#digits.length > 0;
  }

  /** Keys digits by RFC 4733: 100 ms each, 100 ms between them. */
  key(digits: string): void {
    this.#digits.push(...[...digits].map((digit) => EVENTS.indexOf(digit)));
  }

  /** What is due now goes out. */
  tick(now: number): void {
    this.#due ??= now;
    if (now < this.#due) return;
    this.#due = now + this.ptimeMs;
    const samples = this.ptimeMs * 8;
    if (this.#takeDigit(now)) this.#sendEvent();
    else if (this.#source !== undefined) {
      this.send(this.payloadType, this.#source(this.#said, samples), this.#timestamp);
      this.#said += samples;
    }
    this.#timestamp = (this.#timestamp + samples) >>> 0;
  }

  /** One packet by hand. */
  send(payloadType: number, payload: Uint8Array, timestamp: number, marker = false): void {
    const packet = new Uint8Array(12 + payload.length);
    const view = new DataView(packet.buffer);
    view.setUint8(0, 0x80);
    view.setUint8(1, (marker ? 0x80 : 0) | payloadType);
    view.setUint16(2, this.#sequence++ & 0xffff);
    view.setUint32(4, timestamp);
    view.setUint32(8, this.ssrc);
    packet.set(payload, 12);
    this.raw(packet);
  }

  /** Any octets, to where the stream goes. */
  raw(octets: Uint8Array): void {
    if (this.remote !== undefined) this.#engine.sendDatagram(this.at, this.remote, octets);
  }

  receive(octets: Uint8Array, at: Instant): void {
    const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
    this.heard.push({
      at,
      marker: view.getUint8(1) >= 0x80,
      payloadType: view.getUint8(1) & 0x7f,
      sequence: view.getUint16(2),
      timestamp: view.getUint32(4),
      ssrc: view.getUint32(8),
      payload: octets.slice(12),
    });
  }

  /** The speech that came from an instant on, without telephone-events, gap or no gap. */
  octetsHeard(since = 0): Uint8Array {
    const packets = this.heard.filter(
      (one) => one.at >= since && one.payloadType !== this.eventPayloadType,
    );
    const all = new Uint8Array(packets.reduce((sum, { payload }) => sum + payload.length, 0));
    let at = 0;
    for (const { payload } of packets) {
      all.set(payload, at);
      at += payload.length;
    }
    return all;
  }

  /** Digits that came as RFC 4733 events: one each, by their timestamps. */
  get digitsHeard(): string {
    const events = new Map<number, string>();
    for (const { payloadType, timestamp, payload } of this.heard) {
      if (payloadType === this.eventPayloadType)
        events.set(timestamp, EVENTS[payload[0] ?? 0] ?? "?");
    }
    return [...events.values()].join("");
  }

  #takeDigit(now: number): boolean {
    if (this.#digit === undefined && now >= this.#pauseUntil) {
      const code = this.#digits.shift();
      if (code !== undefined) this.#digit = { code, start: this.#timestamp, sent: 0 };
    }
    return this.#digit !== undefined;
  }

  #sendEvent(): void {
    const digit = this.#digit;
    if (digit === undefined) return;
    const step = this.ptimeMs * 8;
    digit.sent++;
    const ends = digit.sent * this.ptimeMs >= 100;
    const duration = digit.sent * step;
    const payload = Uint8Array.of(digit.code, ends ? 0x8a : 0x0a, duration >> 8, duration & 0xff);
    // RFC 4733 §2.5.1.4: the last one three times
    for (let copy = 0; copy < (ends ? 3 : 1); copy++) {
      this.send(this.eventPayloadType, payload, digit.start, digit.sent === 1);
    }
    if (!ends) return;
    this.#digit = undefined;
    this.#pauseUntil = (this.#due ?? 0) + 100;
  }
}

/** Octets that repeat nowhere within a second and never look like a tone. */
export function babble(seed = 1): SpeechSource {
  return (from, count) => Uint8Array.from({ length: count }, (_, i) => scramble(from + i, seed));
}

/** The octets of `count` samples of a source from its beginning. */
export function beginningOf(source: SpeechSource, count: number): Uint8Array {
  return source(0, count);
}

/** Where a piece lies in a whole, or -1. */
export function find(whole: Uint8Array, piece: Uint8Array): number {
  return Buffer.from(whole.buffer, whole.byteOffset, whole.length).indexOf(piece);
}

function scramble(index: number, seed: number): number {
  let x = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return (x ^ (x >>> 15)) & 0xff;
}

const EVENTS = "0123456789*#ABCD";
