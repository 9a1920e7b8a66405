export type { FaultRequest, OriginatedView, OriginateRequest } from "../exchange/index.js";
export { ListenError } from "../host/index.js";
export {
  type CodecRow,
  type Conversion,
  type ConvertedFrames,
  codecCost,
  codecRows,
  equipmentOf,
  openConversion,
  printWaveHeader,
  rate,
  readWaveHeader,
  type WaveCoding,
} from "../media/index.js";
export type { CodecScope } from "./codec-book.js";
export type { CodecChanged, CodecEffect, CodecSettingsView } from "./codec-control.js";
export {
  CODEC_KEYS,
  type CodecKey,
  type CodecOverrides,
  type CodecSettings,
  DEFAULT_CODECS,
} from "./codec-settings.js";
export { type DecodedNode, decodeHex } from "./decode.js";
export { Gateway, startGateway } from "./gateway.js";
export type { Log } from "./log.js";
export { type GatewayOptions, TRUNK_TIMERS } from "./options.js";
export type * from "./views.js";
