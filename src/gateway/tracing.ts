import { hex, type Instant } from "../core/index.js";
import { summariseMessage } from "../isdn/index.js";
import { TraceBook } from "./trace-book.js";
import { summariseSip, timeOfDay } from "./trace-lines.js";
import type { TraceView } from "./views.js";

type Direction = TraceView["direction"];

/** Makes trace lines of the messages of both protocols, on one clock. */
export class Tracing extends TraceBook {
  readonly #now: () => Instant;
  #held: (() => void) | undefined;

  constructor(octets: number, now: () => Instant) {
    super(octets);
    this.#now = now;
  }

  /**
   * @param callOf tells the call when it is known; asked again before the next line, since an
   * INVITE is seen before it has become a call.
   */
  sip(
    direction: Direction,
    party: string,
    octets: Uint8Array,
    callOf: () => string | undefined,
  ): void {
    this.#take(direction, callOf, (call) => {
      const content = Buffer.from(octets).toString("utf8");
      this.#note("sip", direction, party, summariseSip(content), content, call);
    });
  }

  /** As `sip`: a SETUP is seen before it has become a call. */
  isdn(
    direction: Direction,
    span: string,
    octets: Uint8Array,
    callOf: () => string | undefined,
  ): void {
    this.#take(direction, callOf, (call) =>
      this.#note("q931", direction, span, summariseMessage(octets), hex(octets), call),
    );
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
    callOf: () => string | undefined,
    note: (call: string | undefined) => void,
  ): void {
    this.settle();
    const write = (): void => {
      const call = callOf();
      if (call !== undefined || this.watched) note(call);
    };
    if (direction === "received" && callOf() === undefined) this.#held = write;
    else write();
  }

  #note(
    protocol: TraceView["protocol"],
    direction: Direction,
    party: string,
    summary: string,
    content: string,
    call: string | undefined,
  ): void {
    const [atMs, time] = [this.#now(), timeOfDay(new Date())];
    const about = call === undefined ? {} : { call };
    this.add({ atMs, time, protocol, direction, party, summary, content, ...about });
  }
}
