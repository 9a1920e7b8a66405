import type { Driver } from "../host/index.js";
import type { Calls } from "./calls.js";
import type { CodecBook } from "./codec-book.js";
import type { LegBook } from "./leg-book.js";
import type { LegMedia } from "./leg-media.js";
import type { Log } from "./log.js";
import type { GatewayOptions } from "./options.js";
import type { Tracing } from "./tracing.js";

/** What the legs of both kinds stand in. */
export interface Shared {
  readonly options: GatewayOptions;
  readonly log: Log;
  readonly driver: Driver;
  readonly media: LegMedia;
  readonly codecs: CodecBook;
  readonly legs: LegBook;
  readonly traces: Tracing;
  readonly calls: Calls;
}
