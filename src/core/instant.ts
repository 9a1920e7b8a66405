/**
 * A point on the monotonic clock, in milliseconds with fraction. Handed in, never asked for.
 * Wall time (Date) and RTP timestamps are other things and have other types.
 */
export type Instant = number & { readonly unit: "ms" };

/** Brands a number of milliseconds on the monotonic clock. For the clock's owner and for tests. */
export function instant(ms: number): Instant {
  return ms as Instant;
}

/** The instant `ms` milliseconds after `from`. */
export function after(from: Instant, ms: number): Instant {
  return (from + ms) as Instant;
}
