import {
  HISTOGRAM_BOUNDS_US,
  type Histogram,
  PORT_COUNTERS,
  type PortCounters,
  SPAN_COUNTERS,
  type SpanCounters,
  WORKER_COUNTERS,
  type WorkerCounters,
} from "./counters.js";
import type { Native } from "./native.js";

const PORT_PAGE = 0;
const SPAN_PAGE = 1;
const WORKER_PAGE = 2;

/** Doubles of a slot by page kind, and slots of a page: native/engine/counters.h. */
export const SLOTS = [64, 32, 128] as const;
export const SLOTS_OF_PAGE = 64;

const INDEX_BITS = 2 ** 20;

/** Reads the shared block of one engine. Pages are fetched once; afterwards no call leaves JavaScript. */
export class CounterReader {
  readonly #native: Native;
  readonly #engine: number;
  readonly #pages = new Map<string, Float64Array>();

  constructor(native: Native, engine: number) {
    this.#native = native;
    this.#engine = engine;
  }

  port(handle: number): PortCounters {
    return named(PORT_COUNTERS, this.#slot(PORT_PAGE, handle % INDEX_BITS));
  }

  span(handle: number): SpanCounters {
    return named(SPAN_COUNTERS, this.#slot(SPAN_PAGE, handle % INDEX_BITS));
  }

  worker(index: number): WorkerCounters {
    const slot = this.#slot(WORKER_PAGE, index);
    const buckets = HISTOGRAM_BOUNDS_US.length + 1;
    const first = WORKER_COUNTERS.length;
    return {
      ...named(WORKER_COUNTERS, slot),
      tickLateness: histogram(slot.subarray(first, first + buckets)),
      departureLateness: histogram(slot.subarray(first + buckets, first + 2 * buckets)),
    };
  }

  #slot(kind: 0 | 1 | 2, index: number): Float64Array {
    const number = Math.floor(index / SLOTS_OF_PAGE);
    const key = `${kind}/${number}`;
    let page = this.#pages.get(key);
    if (page === undefined) {
      page = this.#native.counterPage(this.#engine, kind, number);
      if (page === undefined) return new Float64Array(SLOTS[kind]);
      this.#pages.set(key, page);
    }
    const begin = (index % SLOTS_OF_PAGE) * SLOTS[kind];
    return page.subarray(begin, begin + SLOTS[kind]);
  }
}

function named<Name extends string>(
  names: readonly Name[],
  slot: Float64Array,
): Readonly<Record<Name, number>> {
  const counters: Partial<Record<Name, number>> = {};
  names.forEach((name, index) => {
    counters[name] = slot[index] ?? 0;
  });
  return counters as Record<Name, number>;
}

function histogram(slot: Float64Array): Histogram {
  const counts = [...slot];
  return { counts, quantile: (q) => quantileOf(counts, q) };
}

function quantileOf(counts: readonly number[], q: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 0;
  let below = 0;
  for (const [index, count] of counts.entries()) {
    below += count;
    if (below >= q * total) return HISTOGRAM_BOUNDS_US[index] ?? Number.POSITIVE_INFINITY;
  }
  return Number.POSITIVE_INFINITY;
}
