export type { FaultRequest, OriginatedView, OriginateRequest } from "./control.js";
export { Exchange, type ExchangeOptions, type ExchangeParts } from "./exchange.js";
export type { ExchangeSpanOptions } from "./exchange-span.js";
