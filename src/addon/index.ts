export { HISTOGRAM_BOUNDS_US, PORT_COUNTERS, SPAN_COUNTERS, WORKER_COUNTERS } from "./counters.js";
export { createEngine } from "./loader.js";
export type * from "./types.js";
