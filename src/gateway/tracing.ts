import { hex, type Instant } from "../core/index.js";
import { summariseMessage } from "../isdn/index.js";
import { TraceBook } from "./trace-book.js";
import { summariseSip, timeOfDay } from "./trace-lines.js";
import type { TraceView } from "./views.js";

type Direction = TraceView["direction"];

/** Makes trace lines of the messages of both protocols, on one clock. */
export class Tracing extends TraceBook {
  readonly #now: () => Instant;
  readonly #later: (work: () => void) => void;
  #held: (() => void) | undefined;

  /** @param later does work when what the message brings about is done */
  constructor(octets: number, now: () => Instant, later: (work: () => void) => void) {
    super(octets);
    this.#now = now;
    this.#later = later;
  }

  /**
   * @param callOf tells the call when it is known; asked again when the message is dealt with, since an
   * INVITE is seen before it has become a call.
   */
  sip(
    direction: Direction,
    party: string,
    octets: Uint8Array,
    callOf: () => string | undefined,
  ): void {
    this.#take(direction, octets, callOf, () => {
      const content = Buffer.from(octets).toString("utf8");
      return { protocol: "sip", direction, party, summary: summariseSip(content), content };
    });
  }

  /** As `sip`: a SETUP is seen before it has become a call. */
  isdn(
    direction: Direction,
    span: string,
    octets: Uint8Array,
    callOf: () => string | undefined,
  ): void {
    this.#take(direction, octets, callOf, () => ({
      ...{ protocol: "q931", direction, party: span },
      ...{ summary: summariseMessage(octets), content: hex(octets) },
    }));
  }

  /** Writes the line that was held back. */
  settle(): void {
    const held = this.#held;
    this.#held = undefined;
    held?.();
  }

  alarm(what: string, raised: boolean): void {
    this.publish({ kind: "alarm", what, raised, time: timeOfDay(new Date()) });
  }

  #take(
    direction: Direction,
    octets: Uint8Array,
    callOf: () => string | undefined,
    line: () => Line,
  ): void {
    this.settle();
    const write = (): void => {
      const call = callOf();
      if (call !== undefined || this.watched) this.#note(call, octets.length, line);
    };
    if (direction === "sent" || callOf() !== undefined) {
      write();
      return;
    }
    this.#held = write;
    this.#later(() => {
      if (this.#held === write) this.settle();
    });
  }

  #note(call: string | undefined, octets: number, line: () => Line): void {
    const [atMs, date] = [this.#now(), new Date()];
    const about = call === undefined ? {} : { call };
    const view = () => ({ atMs, time: timeOfDay(date), ...line(), ...about });
    this.add({ call, octets, view });
  }
}

/** What a message itself says. */
type Line = Pick<TraceView, "protocol" | "direction" | "party" | "summary" | "content">;
