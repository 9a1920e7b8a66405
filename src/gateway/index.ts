export type { FaultRequest, OriginatedView, OriginateRequest } from "../exchange/index.js";
export { ListenError } from "../host/index.js";
export { CODEC_KEYS, type CodecSettings, DEFAULT_CODECS } from "./codec-settings.js";
export { type DecodedNode, decodeHex } from "./decode.js";
export { Gateway, startGateway } from "./gateway.js";
export type { Log } from "./log.js";
export type { GatewayOptions } from "./options.js";
export type * from "./views.js";
