export {
  type CodecRow,
  type Conversion,
  type Converted,
  type ConvertedFrames,
  codecCost,
  codecRows,
  openConversion,
} from "./codecs.js";
export { HISTOGRAM_BOUNDS_US, PORT_COUNTERS, SPAN_COUNTERS, WORKER_COUNTERS } from "./counters.js";
export { createEngine } from "./loader.js";
export type * from "./types.js";
