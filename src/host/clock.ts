import { randomFillSync } from "node:crypto";
import { Entropy, type Instant, instant } from "../core/index.js";

/** The world that a driver stands in: its clock, its chance, and one alarm. Tests bring their own. */
export interface World {
  now(): Instant;
  entropy(): Entropy;
  /** Arms the one alarm (or stops it with undefined); an alarm may ring early, never twice. */
  alarm(at: Instant | undefined, ring: () => void): void;
}

/** CLOCK_MONOTONIC in milliseconds: the clock that the media engine also runs by. */
export function monotonicNow(): Instant {
  const [seconds, nanoseconds] = process.hrtime();
  return instant(seconds * 1000 + nanoseconds / 1e6);
}

/** The real world. Its alarm does not keep the process alive; sockets do. */
export function realWorld(): World {
  const pool = new Uint8Array(16 * 256);
  let used = pool.length;
  let timeout: NodeJS.Timeout | undefined;
  return {
    now: monotonicNow,
    entropy() {
      if (used === pool.length) {
        randomFillSync(pool);
        used = 0;
      }
      used += 16;
      return new Entropy(pool.subarray(used - 16, used));
    },
    alarm(at, ring) {
      clearTimeout(timeout);
      timeout = undefined;
      if (at === undefined) return;
      timeout = setTimeout(ring, Math.min(Math.max(0, Math.ceil(at - monotonicNow())), LONGEST));
    },
  };
}

/** setTimeout takes 31 bits of milliseconds; a longer alarm rings early and is set again. */
const LONGEST = 2 ** 31 - 1;
