import type { GatewayEvent, TraceView } from "./views.js";

/**
 * Messages of all calls as they pass: handed to who listens, and the newest of each call kept for
 * its ladder, within a bound for each and one for all together.
 */
export class TraceBook {
  readonly #ladders = new Map<string, { readonly traces: TraceView[]; octets: number }>();
  readonly #listeners = new Set<(event: GatewayEvent) => void>();
  readonly #most: number;
  #octets = 0;
  #sequence = 0;

  /** @param most octets that all ladders together may hold */
  constructor(most: number) {
    this.#most = most;
  }

  subscribe(listener: (event: GatewayEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whether anybody watches: what is only for watchers need not be made otherwise. */
  get watched(): boolean {
    return this.#listeners.size > 0;
  }

  publish(event: GatewayEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  add(trace: Omit<TraceView, "sequence">): void {
    const numbered = { sequence: ++this.#sequence, ...trace };
    if (trace.call !== undefined) this.#keep(trace.call, numbered);
    if (this.watched) this.publish({ kind: "trace", trace: numbered });
  }

  ladder(call: string): readonly TraceView[] {
    return this.#ladders.get(call)?.traces ?? [];
  }

  forget(call: string): void {
    this.#octets -= this.#ladders.get(call)?.octets ?? 0;
    this.#ladders.delete(call);
  }

  #keep(call: string, trace: TraceView): void {
    const ladder = this.#ladders.get(call) ?? { traces: [], octets: 0 };
    this.#ladders.set(call, ladder);
    ladder.traces.push(trace);
    this.#grow(ladder, sizeOf(trace));
    while (ladder.octets > MOST_PER_CALL) this.#grow(ladder, -sizeOf(ladder.traces.shift()));
    while (this.#octets > this.#most) {
      const oldest = this.#ladders.keys().next().value;
      if (oldest === undefined) return;
      this.forget(oldest);
    }
  }

  #grow(ladder: { octets: number }, by: number): void {
    ladder.octets += by;
    this.#octets += by;
  }
}

function sizeOf(trace: TraceView | undefined): number {
  return trace === undefined ? 0 : trace.content.length + trace.summary.length + OVERHEAD;
}

/** A ring of 64 KiB per call (design section 6). */
const MOST_PER_CALL = 64 * 1024;
const OVERHEAD = 200;
