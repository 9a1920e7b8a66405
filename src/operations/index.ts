export type {
  CallView,
  ChannelView,
  DecodedNode,
  FaultRequest,
  GatewayEvent,
  GatewayStatus,
  OriginatedView,
  OriginateRequest,
  SpanView,
  TraceView,
} from "../gateway/index.js";
export { decodeHex } from "../gateway/index.js";
export { type ApiServer, serveApi } from "./api/index.js";
export {
  type Configuration,
  loadConfiguration,
  parseConfiguration,
} from "./configuration/index.js";
export { dial } from "./dial.js";
export type { DialOptions } from "./dial-options.js";
export type { DialCause, DialProgress, DialReport } from "./dial-report.js";
export { createLogger, type Logger } from "./log.js";
export { type RunningGateway, type RunOptions, runGateway } from "./run.js";
export { version } from "./version.js";
