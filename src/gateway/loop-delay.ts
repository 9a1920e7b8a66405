import { monitorEventLoopDelay } from "node:perf_hooks";
import type { GatewayStatus } from "./views.js";

/** How late Node's event loop is. */
export class LoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: 10 });

  start(): void {
    this.#histogram.enable();
  }

  stop(): void {
    this.#histogram.disable();
  }

  view(): GatewayStatus["eventLoopDelayMs"] {
    const { mean, max } = this.#histogram;
    return { mean: ms(mean), p99: ms(this.#histogram.percentile(99)), max: ms(max) };
  }
}

function ms(nanoseconds: number): number {
  return nanoseconds > 0 ? nanoseconds / 1e6 : 0;
}
