import type { Driver } from "../host/index.js";
import { callView } from "./call-views.js";
import type { LiveCall } from "./calls.js";
import type { LegMedia } from "./leg-media.js";
import type { Tracing } from "./tracing.js";
import type { CallView } from "./views.js";

/** Calls as they are shown: changes to who watches, and the last ones that have ended. */
export class CallHistory {
  readonly #media: LegMedia;
  readonly #driver: Driver;
  readonly #traces: Tracing;
  readonly #ended: CallView[] = [];
  #failed = 0;

  constructor(media: LegMedia, driver: Driver, traces: Tracing) {
    this.#media = media;
    this.#driver = driver;
    this.#traces = traces;
  }

  /** Calls that ended before an answer. */
  get failed(): number {
    return this.#failed;
  }

  view(call: LiveCall): CallView {
    return callView(call, this.#media, this.#driver.now);
  }

  find(id: string): CallView | undefined {
    return this.#ended.find((one) => one.id === id);
  }

  changed(call: LiveCall): void {
    if (this.#traces.watched) this.#traces.publish({ kind: "call", call: this.view(call) });
  }

  ended(call: LiveCall): CallView {
    if (!call.milestones.has("answered")) this.#failed++;
    const view = this.view(call);
    this.#ended.push(view);
    if (this.#ended.length > MOST_ENDED) {
      const oldest = this.#ended.shift();
      if (oldest !== undefined) this.#traces.forget(oldest.id);
    }
    if (this.#traces.watched) this.#traces.publish({ kind: "call", call: view });
    return view;
  }
}

/** Ended calls that can still be looked at. */
const MOST_ENDED = 1000;
