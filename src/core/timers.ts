import type { Instant } from "./instant.js";

/** Armed timers of a small machine, by the standard's name; they live in its state. */
export type Timers<Name extends string> = { readonly [N in Name]?: Instant };

/** Whether a timer is armed and its time has come. An early wake is thus harmless. */
export function isDue(timer: Instant | undefined, now: Instant): boolean {
  return timer !== undefined && timer <= now;
}

/** The soonest armed timer, or undefined when none is armed. */
export function soonest(
  timers: Readonly<Record<string, Instant | undefined>>,
): Instant | undefined {
  let best: Instant | undefined;
  for (const name in timers) {
    const at = timers[name];
    if (at !== undefined && (best === undefined || at < best)) best = at;
  }
  return best;
}

/** The earlier of two instants, either of which may be missing. */
export function earlier(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return a <= b ? a : b;
}
