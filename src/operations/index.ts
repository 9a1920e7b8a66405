export type {
  CallView,
  ChannelView,
  CircuitAnswer,
  CircuitRequest,
  CircuitView,
  CodecChanged,
  CodecEffect,
  CodecKey,
  CodecOverrides,
  CodecScope,
  CodecSettings,
  CodecSettingsView,
  DecodedNode,
  FaultRequest,
  GatewayEvent,
  GatewayStatus,
  OriginatedView,
  OriginateRequest,
  SpanView,
  TraceView,
} from "../gateway/index.js";
export { CODEC_KEYS, decodeHex } from "../gateway/index.js";
export { type ApiServer, serveApi } from "./api/index.js";
export { type CodecCostRow, type CodecListRow, listCodecs, measureCodecs } from "./codec-costs.js";
export type { ConvertOptions } from "./codec-file-kinds.js";
export { type ConvertReport, convertFile } from "./codec-files.js";
export {
  type Configuration,
  loadConfiguration,
  parseConfiguration,
} from "./configuration/index.js";
export { dial } from "./dial.js";
export type { DialOptions } from "./dial-options.js";
export type { DialCause, DialProgress, DialReport } from "./dial-report.js";
export { createLogger, LOG_LEVELS, type Logger } from "./log.js";
export { type RunningGateway, type RunOptions, runGateway } from "./run.js";
export { type TuneControl, type TuneOptions, tune } from "./tune.js";
export { type Candidate, candidates } from "./tune-candidates.js";
export { choose, type TunePath, type TuneRow } from "./tune-verdict.js";
export { version } from "./version.js";
