import type { Endpoint, Engine, EngineResult, PortHandle, RtpSettings } from "../addon/index.js";
import { err } from "../core/index.js";

/** The RTP range of the design; both ends included. */
export const DEFAULT_RTP_PORTS = { first: 16384, last: 32767 } as const;

/**
 * Even ports for RTP with their odd neighbours for RTCP (RFC 3550 §11), each in its turn, so that a
 * port rests as long as possible before its next use. Ports that others hold are passed over.
 */
export class RtpPortRange {
  readonly #engine: Engine;
  readonly #address: string;
  readonly #first: number;
  readonly #pairs: number;
  #turn = 0;

  constructor(
    engine: Engine,
    address: string,
    { first, last }: { readonly first: number; readonly last: number } = DEFAULT_RTP_PORTS,
  ) {
    this.#engine = engine;
    this.#address = address;
    this.#first = first + (first % 2);
    this.#pairs = Math.max(0, Math.floor((last - this.#first + 1) / 2));
  }

  open(settings?: RtpSettings): EngineResult<{ port: PortHandle; local: Endpoint }> {
    for (let tried = 0; tried < this.#pairs; tried++) {
      const local = { address: this.#address, port: this.#first + 2 * this.#turn };
      this.#turn = (this.#turn + 1) % this.#pairs;
      const opened = this.#engine.openRtp(local, settings);
      if (opened.ok) return { ok: true, value: { port: opened.value, local } };
      if (opened.error.code !== "EADDRINUSE") return opened;
    }
    const last = this.#first + 2 * this.#pairs - 1;
    const message = `every RTP port of ${this.#first} to ${last} on ${this.#address} is in use`;
    return err({ code: "EADDRINUSE", message });
  }
}
