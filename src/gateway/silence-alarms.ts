import type { LegBook } from "./leg-book.js";
import type { LegMedia } from "./leg-media.js";

/** Silence of an RTP stream is an alarm, never a hang-up by itself (design section 4). */
export class SilenceAlarms {
  readonly #legs: LegBook;
  readonly #media: LegMedia;
  readonly #alarm: (what: string, raised: boolean) => void;

  constructor(legs: LegBook, media: LegMedia, alarm: (what: string, raised: boolean) => void) {
    this.#legs = legs;
    this.#media = media;
    this.#alarm = alarm;
  }

  begin(leg: string): void {
    const known = this.#legs.find(leg);
    if (known === undefined) return;
    const remote = this.#media.rtpOf(leg)?.agreement?.remote;
    const from = remote === undefined ? "the peer" : `${remote.address}:${remote.port}`;
    known.silence = `no RTP from ${from} (${known.call})`;
    this.#alarm(known.silence, true);
  }

  end(leg: string): void {
    const known = this.#legs.find(leg);
    if (known?.silence === undefined) return;
    this.#alarm(known.silence, false);
    delete known.silence;
  }
}
