import type { Endpoint, Engine, EngineEvent } from "../../../src/addon/index.js";

const HEADER_OCTETS = 12;

export interface Heard {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly payload: Uint8Array;
}

/** A far RTP party on a stepped engine's network: a few lines, so that it is nobody's stack. */
export class RtpParty {
  readonly here: Endpoint;
  readonly there: Endpoint;
  readonly #engine: Engine;
  #sequence = 65_000;
  #timestamp = 0xffff_f000;

  constructor(engine: Engine, here: Endpoint, there: Endpoint) {
    this.#engine = engine;
    this.here = here;
    this.there = there;
  }

  /** Sends octets in packets of `ptimeMs`, in step with the engine's clock. */
  talk(octets: Uint8Array, ptimeMs = 20, payloadType = 8): void {
    const size = ptimeMs * 8;
    for (let at = 0; at + size <= octets.length; at += size) {
      this.send(octets.subarray(at, at + size), payloadType);
      this.#engine.advance(ptimeMs);
    }
  }

  send(payload: Uint8Array, payloadType = 8, at = this.#timestamp, marker = false): void {
    const octets = new Uint8Array(HEADER_OCTETS + payload.length);
    const view = new DataView(octets.buffer);
    octets[0] = 0x80;
    octets[1] = payloadType | (marker ? 0x80 : 0);
    view.setUint16(2, this.#sequence);
    view.setUint32(4, at >>> 0);
    view.setUint32(8, 0x1234_5678);
    octets.set(payload, HEADER_OCTETS);
    this.#engine.sendDatagram(this.here, this.there, octets);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    if (at === this.#timestamp) this.#timestamp = (at + payload.length) >>> 0;
  }

  /** The RTP timestamp of what is sent next. */
  get timestamp(): number {
    return this.#timestamp;
  }

  skip(samples: number): void {
    this.#timestamp = (this.#timestamp + samples) >>> 0;
  }

  /** What came for this party, of one payload type. */
  heard(events: readonly EngineEvent[], payloadType: number): readonly Heard[] {
    return events.flatMap((event) => {
      if (event.kind !== "datagram" || event.to.port !== this.here.port) return [];
      const view = new DataView(event.octets.buffer, event.octets.byteOffset);
      const second = view.getUint8(1);
      if ((second & 0x7f) !== payloadType) return [];
      const heard: Heard = {
        payloadType,
        marker: (second & 0x80) !== 0,
        sequence: view.getUint16(2),
        timestamp: view.getUint32(4),
        payload: event.octets.subarray(HEADER_OCTETS),
      };
      return [heard];
    });
  }
}

export function joined(heard: readonly Heard[]): Uint8Array {
  return Uint8Array.from(heard.flatMap(({ payload }) => [...payload]));
}

/** Octets that repeat nowhere soon. */
export function noise(count: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >>> 24;
  });
}

/** Where `part` begins in `whole`, or -1. */
export function indexIn(whole: Uint8Array, part: Uint8Array): number {
  return Buffer.from(whole).indexOf(part);
}
