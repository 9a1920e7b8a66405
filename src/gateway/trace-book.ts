import type { GatewayEvent, TraceView } from "./views.js";

/** A message that has passed. What is shown of it is made when somebody looks. */
export interface Passed {
  readonly call: string | undefined;
  readonly octets: number;
  readonly view: () => Omit<TraceView, "sequence">;
}

interface Kept extends Passed {
  readonly sequence: number;
}

/**
 * Messages of all calls as they pass: handed to who listens, and the newest of each call kept for
 * its ladder, within a bound for each and one for all together.
 */
export class TraceBook {
  readonly #ladders = new Map<string, { readonly messages: Kept[]; octets: number }>();
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

  add(passed: Passed): void {
    const kept = { ...passed, sequence: ++this.#sequence };
    if (kept.call !== undefined) this.#keep(kept.call, kept);
    if (this.watched) this.publish({ kind: "trace", trace: viewOf(kept) });
  }

  ladder(call: string): readonly TraceView[] {
    return (this.#ladders.get(call)?.messages ?? []).map(viewOf);
  }

  forget(call: string): void {
    this.#octets -= this.#ladders.get(call)?.octets ?? 0;
    this.#ladders.delete(call);
  }

  #keep(call: string, kept: Kept): void {
    const ladder = this.#ladders.get(call) ?? { messages: [], octets: 0 };
    this.#ladders.set(call, ladder);
    ladder.messages.push(kept);
    this.#grow(ladder, sizeOf(kept));
    while (ladder.octets > MOST_PER_CALL) this.#grow(ladder, -sizeOf(ladder.messages.shift()));
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

function viewOf({ sequence, view }: Kept): TraceView {
  return { sequence, ...view() };
}

function sizeOf(kept: Kept | undefined): number {
  return kept === undefined ? 0 : kept.octets + OVERHEAD;
}

/** A ring of 64 KiB per call (design section 6). */
const MOST_PER_CALL = 64 * 1024;
const OVERHEAD = 200;
