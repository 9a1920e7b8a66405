import { monitorEventLoopDelay } from "node:perf_hooks";
import type { GatewayStatus } from "./views.js";

/** How late Node's event loop is. */
export class LoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: SAMPLE_MS });

  start(): void {
    this.#histogram.enable();
  }

  stop(): void {
    this.#histogram.disable();
  }

  view(): GatewayStatus["eventLoopDelayMs"] {
    return lateness(this.#histogram, SAMPLE_MS);
  }
}

/** Node counts the time from one sample to the next: what is beyond the interval is the delay. */
export function lateness(
  samples: { readonly mean: number; readonly max: number; percentile(part: number): number },
  intervalMs: number,
): GatewayStatus["eventLoopDelayMs"] {
  const late = (nanoseconds: number): number => Math.max(nanoseconds / 1e6 - intervalMs, 0) || 0;
  const { mean, max } = samples;
  return { mean: late(mean), p99: late(samples.percentile(99)), max: late(max) };
}

const SAMPLE_MS = 10;
