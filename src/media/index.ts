export type {
  Engine,
  EngineEvent,
  PortCounters,
  PortEvent,
  PortHandle,
  SoundHandle,
  Source,
  SpanEvent,
  SpanHandle,
} from "../addon/index.js";
export { createEngine } from "../addon/index.js";
export { EventRouter } from "./event-router.js";
export { printWave, readWave, type Wave } from "./wave.js";
