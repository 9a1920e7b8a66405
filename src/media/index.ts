export type {
  Endpoint,
  Engine,
  EngineDone,
  EngineError,
  EngineErrorCode,
  EngineEvent,
  EngineOptions,
  EngineResult,
  PathImpairment,
  PortCounters,
  PortEvent,
  PortHandle,
  RtpSettings,
  Sink,
  SoundHandle,
  Source,
  SpanCounters,
  SpanEvent,
  SpanFault,
  SpanHandle,
  TerminalSettings,
  ToneSpec,
  WorkerCounters,
} from "../addon/index.js";
export {
  type CodecRow,
  type Conversion,
  type ConvertedFrames,
  codecCost,
  codecRows,
  createEngine,
  openConversion,
} from "../addon/index.js";
export { type EModelInput, type EquipmentImpairment, mosOf, type Rating, rate } from "./e-model.js";
export { EventRouter } from "./event-router.js";
export { DEFAULT_RTP_PORTS, RtpPortRange } from "./port-range.js";
export {
  equipmentOf,
  type Quality,
  type QualityReport,
  qualityOf,
  type StreamFacts,
} from "./quality.js";
export {
  type AgreedStream,
  agreedSettings,
  offeredSettings,
  type StreamCodec,
  sendSettings,
} from "./stream-settings.js";
export {
  printWave,
  printWaveHeader,
  readWave,
  readWaveHeader,
  type Wave,
  type WaveCoding,
  type WaveHeader,
} from "./wave.js";
